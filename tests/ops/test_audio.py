import numpy as np
import pytest

from mmfusion.ops.audio import check_audio


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros(9, "int16"), "`samples` must be float"),
        ([0.0, 1.0], "`samples` must be float"),
        (np.zeros((9, 2)), "`samples` must be float"),
        (np.array([0.0, np.nan]), "`samples` must be finite. Received: 1 of 2"),
    ],
)
def test_what_is_no_sound_is_refused(samples, message):
    with pytest.raises(ValueError, match=message):
        check_audio(samples)


@pytest.mark.parametrize("rate_hz", [0, -1, np.nan, np.inf])
def test_bad_rates(rate_hz):
    with pytest.raises(ValueError, match="`rate_hz` must be positive"):
        check_audio(np.zeros(4), rate_hz)


@pytest.mark.parametrize("size", [0, 1])
def test_short_sound_is_sound(size):
    check_audio(np.zeros(size, "float32"), 16_000)
