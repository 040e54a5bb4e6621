import numpy as np
import pytest

from mmfusion.ops.frames import check_frames, map_frames

BAD = {
    "channels": np.zeros((2, 4, 4, 4), "uint8"),
    "dtype": np.zeros((2, 4, 4, 3), "float32"),
    "grey": np.zeros((2, 4, 4), "uint8"),
    "list": [[1]],
    "no height": np.zeros((2, 0, 4, 3), "uint8"),
    "one picture": np.zeros((4, 4, 3), "uint8"),
}


@pytest.mark.parametrize("frames", BAD.values(), ids=BAD)
@pytest.mark.parametrize("step", [check_frames, lambda frames: map_frames(np.copy, frames)])
def test_what_is_no_clip_is_refused(step, frames):
    with pytest.raises(ValueError, match="`frames` must be uint8"):
        step(frames)


def test_no_frames_are_a_clip():
    check_frames(np.zeros((0, 4, 4, 3), "uint8"))
    assert map_frames(np.copy, np.zeros((0, 4, 4, 3), "uint8")).shape == (0, 4, 4, 3)


def test_each_frame_is_mapped_and_the_input_left_alone():
    frames = np.arange(24, dtype="uint8").reshape(2, 2, 2, 3)
    mapped = map_frames(lambda frame: 255 - frame, frames[:, ::-1])
    np.testing.assert_array_equal(mapped, 255 - frames[:, ::-1])
    assert frames[0, 0, 0, 0] == 0
