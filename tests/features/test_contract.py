"""What every feature must take, refuse and give, run over a table of them all."""

import numpy as np
import pytest

from mmfusion.features.colour import extract_colour, extract_lab
from mmfusion.features.contrast import extract_contrast
from mmfusion.features.glcm import extract_glcm
from mmfusion.features.hog import extract_hog
from mmfusion.features.mfcc import extract_mfcc
from mmfusion.features.motion import extract_motion
from mmfusion.features.motion_history import extract_motion_history
from mmfusion.features.pitch import extract_chroma, extract_pitch
from mmfusion.features.relative_motion import extract_relative_motion
from mmfusion.features.shape import extract_shape
from mmfusion.features.sift import extract_sift
from mmfusion.features.spectrum import extract_spectrum
from mmfusion.features.texture import extract_texture

RATE_HZ = 16_000
OF_FRAMES = {
    "colour": extract_colour,
    "glcm": extract_glcm,
    "history": extract_motion_history,
    "hog": extract_hog,
    "lab": extract_lab,
    "motion": extract_motion,
    "shape": extract_shape,
    "texture": extract_texture,
}
OF_PAIRS = {"relative motion": extract_relative_motion}
OF_AUDIO = {
    "chroma": extract_chroma,
    "contrast": extract_contrast,
    "mfcc": extract_mfcc,
    "pitch": extract_pitch,
    "spectrum": extract_spectrum,
}
NO_CLIPS = {
    "channels": np.zeros((2, 4, 4, 4), "uint8"),
    "dtype": np.zeros((2, 4, 4, 3), "float32"),
    "grey": np.zeros((2, 4, 4), "uint8"),
    "list": [[1]],
    "nan": np.full((2, 4, 4, 3), np.nan),
    "no width": np.zeros((2, 4, 0, 3), "uint8"),
    "one picture": np.zeros((4, 4, 3), "uint8"),
}
NO_SOUNDS = {
    "infinite": np.array([np.inf]),
    "integers": np.zeros(9, "int16"),
    "list": [0.0, 1.0],
    "nan": np.array([0.0, np.nan]),
    "stereo": np.zeros((9, 2)),
}
every_frame = pytest.mark.parametrize("extract", OF_FRAMES.values(), ids=OF_FRAMES)
every_sound = pytest.mark.parametrize("extract", OF_AUDIO.values(), ids=OF_AUDIO)


@pytest.mark.parametrize("extract", [*OF_FRAMES.values(), *OF_PAIRS.values(), extract_sift])
@pytest.mark.parametrize("frames", NO_CLIPS.values(), ids=NO_CLIPS)
def test_what_is_no_clip_is_refused(extract, frames):
    with pytest.raises(ValueError, match="`frames` must be uint8"):
        extract(frames)


@every_frame
@pytest.mark.parametrize("shape", [(0, 8, 8, 3), (1, 1, 1, 3), (1, 64, 48, 3), (3, 1, 5, 3)])
def test_a_row_for_every_frame(extract, shape):
    noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    for frames in (np.zeros(shape, "uint8"), noise):
        found = extract(frames)
        assert found.dtype == np.float32
        assert found.shape == (shape[0], extract(np.zeros((1, 9, 9, 3), "uint8")).shape[1])
        assert np.isfinite(found).all()


@every_frame
def test_a_view_is_as_good_and_left_alone(extract):
    frames = np.random.default_rng(0).integers(0, 256, (3, 40, 48, 3), np.uint8)
    view, before = frames[:, ::-2, ::2], frames.copy()
    np.testing.assert_array_equal(extract(view), extract(view.copy()))
    np.testing.assert_array_equal(frames, before)


@every_sound
@pytest.mark.parametrize("samples", NO_SOUNDS.values(), ids=NO_SOUNDS)
def test_what_is_no_sound_is_refused(extract, samples):
    with pytest.raises(ValueError, match="`samples` must be finite float"):
        extract(samples, RATE_HZ)


@every_sound
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100, 48_000])
@pytest.mark.parametrize("size", [0, 1, 500, 9_000])
def test_rates_and_lengths(extract, rate_hz, size):
    noise = np.random.default_rng(0).uniform(-1, 1, size)
    for samples in (np.zeros(size, "float32"), noise):
        found = extract(samples, rate_hz)
        assert found.dtype == np.float32
        assert len(found) == (size // round(0.01 * rate_hz) + 1 if size else 0)
        assert np.isfinite(found).all()


@every_sound
@pytest.mark.parametrize("rate_hz", [0, -8_000, 20])
def test_rates_without_sound_are_refused(extract, rate_hz):
    with pytest.raises(ValueError, match="Received: "):
        extract(np.zeros(100), rate_hz)
