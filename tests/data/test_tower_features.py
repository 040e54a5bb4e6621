import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data import tower_features
from mmfusion.data.pipeline import dataset
from mmfusion.data.prepare import prepare
from mmfusion.data.preprocessor import preprocess, preprocessor
from mmfusion.data.tower_features import with_tower_features
from mmfusion.layers.video.frame_tower import FrameTower
from mmfusion.media.write import write_video
from mmfusion.specs import Clip, ClipSpec

SPEC = ClipSpec(seconds=1.0, steps=4, size_px=16, modalities=("text", "video"))


@pytest.fixture
def tower():
    images = keras.Input((16, 16, 3))
    return FrameTower(keras.Model(images, keras.layers.GlobalAveragePooling2D()(images)))


@pytest.fixture
def records(tmp_path):
    """Two clips, the second of half the length."""
    clips = []
    for k, length in enumerate((8, 4)):
        frames = np.full((length, 16, 16, 3), 80 * (k + 1), np.uint8)
        write_video(tmp_path / f"{k}.mp4", frames, fps=8)
        clips.append(Clip(str(k), video=tmp_path / f"{k}.mp4", text="fire", label="ab"[k]))
    return prepare(clips, SPEC, tmp_path / "records", workers=1)


def with_tower(tower):
    prep = preprocessor(SPEC, vocabulary=["fire"])
    outputs = dict(prep.output) | {"video": tower(prep.input["video"], prep.input["video_mask"])}
    return keras.Model(prep.input, outputs)


def test_what_is_computed_before_is_what_the_preprocessor_computes(records, tower):
    prep = with_tower(tower)
    (expected,) = [x for x, _ in dataset(records, prep)]
    featured = with_tower_features(records, tower)
    (found,) = [x for x, _ in dataset(featured, prep)]
    assert found.keys() == expected.keys()
    assert found["video_mask"].numpy().sum(axis=1).tolist() == [4, 2]
    for name, tensor in expected.items():
        np.testing.assert_allclose(found[name], tensor, atol=1e-6)
    (varied,) = [x for x, _ in dataset(featured, prep, training=True)]
    assert varied["video"].shape == (2, 4, 6)


def test_the_raw_input_is_not_asked_for(records, tower):
    prep = with_tower(tower)
    features = np.ones((1, 4, 6), "float32")
    x = {"video": tf.constant(features), "video_mask": tf.ones((1, 4), "bool")}
    (found,) = preprocess(prep, {"video"}, computed={"video"})(x)
    np.testing.assert_array_equal(found["video"], features)
    assert found["text"].shape == (1, 4, SPEC.tokens)


def test_it_is_computed_once_for_the_same_weights(records, tower, monkeypatch):
    first = with_tower_features(records, tower).extra["video"]
    dense = keras.Sequential([keras.Input((16, 16, 3)), keras.layers.Flatten()])
    dense.add(keras.layers.Dense(2))
    other = FrameTower(dense)
    assert with_tower_features(records, other).extra["video"].shape == (2, 4, 4)
    monkeypatch.setattr(tower_features, "_compute", None)
    np.testing.assert_array_equal(with_tower_features(records, tower).extra["video"], first)
    dense.set_weights([weight + 1 for weight in dense.get_weights()])
    with pytest.raises(TypeError):
        with_tower_features(records, other)
