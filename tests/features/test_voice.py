import numpy as np
import pytest

from mmfusion.features.voice import describe_voice


@pytest.mark.parametrize(
    ("segments_s", "told"),
    [
        (np.zeros((0, 2)), [0, 0, 0, 0, 0, 4]),
        ([[1, 3]], [0.5, 0.25, 2, 2, 0, 1]),
        ([[0, 1], [2, 4]], [0.75, 0.5, 1.5, 2, 1, 0]),
    ],
)
def test_by_hand(segments_s, told):
    found = describe_voice(segments_s, 4.0)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, told)


@pytest.mark.parametrize(("segments_s", "length_s"), [([1, 2], 4), ([[1, 2]], 0), ([[1]], 4)])
def test_what_is_no_segment_is_refused(segments_s, length_s):
    with pytest.raises(ValueError, match="`segments_s` must be"):
        describe_voice(segments_s, length_s)
