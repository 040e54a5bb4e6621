import numpy as np
import pytest

from mmfusion.ops.frames import check_frames, map_frames
from mmfusion.preprocessing.cropping import (
    crop_box,
    crop_centre,
    crop_letterbox,
    find_letterbox,
)
from mmfusion.preprocessing.denoising import (
    denoise_bilateral,
    denoise_median,
    denoise_nlmeans,
)
from mmfusion.preprocessing.frame_rate import change_frame_rate
from mmfusion.preprocessing.low_light import correct_gamma, equalise_light
from mmfusion.preprocessing.stabilisation import estimate_motion, stabilise

SAME_SHAPE = {
    "bilateral": denoise_bilateral,
    "clahe": equalise_light,
    "gamma": correct_gamma,
    "letterbox": crop_letterbox,
    "median": denoise_median,
    "nlmeans": denoise_nlmeans,
    "stabilise": stabilise,
}
OTHERS = {
    "box": lambda frames: crop_box(frames, (0, 0, 1, 1)),
    "centre": lambda frames: crop_centre(frames, 1),
    "check": check_frames,
    "find letterbox": find_letterbox,
    "map": lambda frames: map_frames(np.copy, frames),
    "motion": estimate_motion,
    "rate": lambda frames: change_frame_rate(frames, np.arange(len(frames)) / 25, 25),
}
BAD = {
    "channels": np.zeros((2, 4, 4, 4), "uint8"),
    "dtype": np.zeros((2, 4, 4, 3), "float32"),
    "grey": np.zeros((2, 4, 4), "uint8"),
    "list": [[1]],
    "no height": np.zeros((2, 0, 4, 3), "uint8"),
    "one picture": np.zeros((4, 4, 3), "uint8"),
}


@pytest.mark.parametrize("step", [*SAME_SHAPE.values(), *OTHERS.values()])
@pytest.mark.parametrize("frames", BAD.values(), ids=BAD)
def test_what_is_no_clip_is_refused(step, frames):
    with pytest.raises(ValueError, match="`frames` must be uint8"):
        step(frames)


@pytest.mark.parametrize("step", SAME_SHAPE.values(), ids=SAME_SHAPE)
@pytest.mark.parametrize("shape", [(0, 4, 4, 3), (1, 1, 1, 3), (3, 1, 1, 3), (1, 9, 7, 3)])
def test_no_frame_one_frame_one_pixel(step, shape):
    frames = np.full(shape, 128, "uint8")
    cleaned = step(frames)
    assert cleaned.shape == shape
    assert cleaned.dtype == np.uint8
    np.testing.assert_allclose(cleaned, 128, atol=16)


@pytest.mark.parametrize("step", SAME_SHAPE.values(), ids=SAME_SHAPE)
def test_the_input_is_left_alone_and_may_be_a_view(step, clip):
    view = clip[:2, ::-2, ::-1]
    before = view.copy()
    cleaned = step(view)
    np.testing.assert_array_equal(view, before)
    np.testing.assert_array_equal(cleaned, step(before))
