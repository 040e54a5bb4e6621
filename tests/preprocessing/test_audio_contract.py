import numpy as np
import pytest

from mmfusion.ops.audio import check_audio
from mmfusion.preprocessing import audio_denoising, echo, filters, loudness, voice_activity
from mmfusion.preprocessing.framing import frame_audio

SAME_SHAPE = {
    "add echo": lambda x: echo.add_echo(x, 16_000),
    "band": lambda x: filters.band_pass(x, 16_000, (100, 1000)),
    "de-emphasis": filters.de_emphasise,
    "gate": lambda x: audio_denoising.denoise_gate(x, 16_000),
    "high": lambda x: filters.high_pass(x, 16_000, 100),
    "loudness": lambda x: loudness.normalise_loudness(x, 16_000),
    "low": lambda x: filters.low_pass(x, 16_000, 1000),
    "pre-emphasis": filters.pre_emphasise,
    "remove echo": lambda x: echo.remove_echo(x, 16_000, delay_s=0.1, gain=0.5),
    "wiener": lambda x: audio_denoising.denoise_wiener(x, 16_000),
}
OTHERS = {
    "check": check_audio,
    "energy": lambda x: voice_activity.find_voice_by_energy(x, 16_000),
    "find echo": lambda x: echo.find_echo(x, 16_000),
    "frames": lambda x: frame_audio(x, 16_000),
    "lufs": lambda x: loudness.loudness_lufs(x, 16_000),
}
BAD = {
    "integers": (np.zeros(9, "int16"), "`samples` must be float"),
    "list": ([0.0, 1.0], "`samples` must be float"),
    "nan": (np.array([0.0, np.nan]), "`samples` must be finite. Received: 1 of 2"),
    "infinite": (np.array([np.inf], "float32"), "`samples` must be finite"),
    "number": (np.float32(0.0), "`samples` must be float"),
    "stereo": (np.zeros((9, 2)), "`samples` must be float"),
}


@pytest.mark.parametrize("step", [*SAME_SHAPE.values(), *OTHERS.values()])
@pytest.mark.parametrize(("samples", "message"), BAD.values(), ids=BAD)
def test_what_is_no_sound_is_refused(step, samples, message):
    with pytest.raises(ValueError, match=message):
        step(samples)


@pytest.mark.parametrize("step", SAME_SHAPE.values(), ids=SAME_SHAPE)
@pytest.mark.parametrize("size", [0, 1, 2, 100, 8_000])
def test_silence_of_any_length_stays_silence(step, size):
    cleaned = step(np.zeros(size))
    assert cleaned.dtype == np.float32
    np.testing.assert_array_equal(cleaned, np.zeros(size))


@pytest.mark.parametrize("step", SAME_SHAPE.values(), ids=SAME_SHAPE)
@pytest.mark.parametrize("size", [1, 7, 600, 8_001])
def test_any_length_is_kept_and_the_input_left_alone(step, size):
    samples = np.random.default_rng(0).uniform(-1, 1, size)
    before = samples.copy()
    cleaned = step(samples)
    assert cleaned.shape == (size,)
    assert np.isfinite(cleaned).all()
    np.testing.assert_array_equal(samples, before)
