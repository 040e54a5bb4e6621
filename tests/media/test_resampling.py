import numpy as np
import pytest
import soxr

from mmfusion.media.resampling import resample_audio


@pytest.mark.parametrize(
    ("size", "rate_hz", "wanted_hz", "count"),
    [(0, 8000, 16000, 0), (1, 16000, 8000, 1), (1, 48000, 16000, 0), (441, 44100, 16000, 160)],
)
def test_length(size, rate_hz, wanted_hz, count):
    found = resample_audio(np.ones(size, "float32"), rate_hz, wanted_hz)
    assert (found.shape, found.dtype) == ((count,), np.float32)


@pytest.mark.parametrize("rates", [(44100, 16000), (8000, 16000), (22050, 16000)])
def test_agrees_with_soxr(rates):
    times_s = np.arange(rates[0]) / rates[0]
    sound = (0.3 * np.sin(2 * np.pi * 440 * times_s) * times_s * (1 - times_s)).astype("float32")
    theirs = soxr.resample(sound, *rates)
    np.testing.assert_allclose(resample_audio(sound, *rates), theirs, atol=1e-4)
