import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm


@pytest.mark.parametrize("times_s", [[], [0.0, 1.0]])
def test_align_needs_a_time_for_each_frame(times_s):
    with pytest.raises(ValueError, match="`times_s`"):
        mm.align_video_features(np.ones((1, 2)), times_s, seconds=1.0, steps=2)


def test_fusions_of_chapter_4():
    features = {"audio": tf.ones((2, 3, 4)), "video": tf.ones((2, 3, 5))}
    masks = {name: tf.ones((2, 3), tf.bool) for name in features}
    assert mm.simple_concat(*features.values()).shape == (2, 3, 9)
    assert mm.feature_level_fusion(features, masks, units=6).shape == (2, 6)
    assert mm.temporal_fusion(features, masks, units=6).shape == (2, 3, 6)
    assert mm.multimodal_fusion(features, masks).shape == (2, 64)
    grid = features | {"video": tf.ones((2, 3, 7, 7, 5))}
    assert mm.spatial_fusion(grid, masks, units=6).shape == (2, 3, 6)
