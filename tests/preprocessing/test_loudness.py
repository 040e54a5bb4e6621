import numpy as np
import pytest

from mmfusion.preprocessing.loudness import k_weighting, loudness_lufs, normalise_loudness


def tone(level_db, seconds, rate_hz=48_000, hz=997):
    return 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * np.arange(seconds * rate_hz) / rate_hz)


def test_filters_equal_the_table_of_bs1770_at_48_khz():
    (shelf, poles), (high_pass, more_poles) = k_weighting(48_000)
    np.testing.assert_allclose(
        shelf, [1.53512485958697, -2.69169618940638, 1.19839281085285], atol=1e-9
    )
    np.testing.assert_allclose(poles, [1, -1.69065929318241, 0.73248077421585], atol=1e-9)
    np.testing.assert_allclose(high_pass, [1, -2, 1])
    np.testing.assert_allclose(more_poles, [1, -1.99004745483398, 0.99007225036621], atol=1e-9)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100, 48_000])
@pytest.mark.parametrize("level_db", [0, -20, -33])
def test_a_tone_of_997_hz_is_3_lu_below_its_level(rate_hz, level_db):
    found_lufs = loudness_lufs(tone(level_db, 3, rate_hz), rate_hz)
    np.testing.assert_allclose(found_lufs, level_db - 3.01, atol=0.05)


@pytest.mark.parametrize(
    ("parts", "expected_lufs"),  # EBU Tech 3341, cases 3 to 5, mono: 3.01 LU lower
    [
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20), (-26, 20)], -23),
    ],
)
def test_gates_leave_quiet_parts_out(parts, expected_lufs):
    sound = np.concatenate([tone(level_db, seconds, 16_000, 1000) for level_db, seconds in parts])
    np.testing.assert_allclose(loudness_lufs(sound, 16_000), expected_lufs - 3.01, atol=0.1)


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(1), np.zeros(16_000), tone(-80, 1)])
def test_silence(samples):
    assert loudness_lufs(samples, 48_000) == -np.inf
    np.testing.assert_allclose(normalise_loudness(samples, 48_000), samples, atol=1e-7)


@pytest.mark.parametrize("level_db", [-3, -20, -50])
def test_every_level_comes_to_the_target(level_db):
    even = normalise_loudness(tone(level_db, 2), 48_000)
    np.testing.assert_allclose(loudness_lufs(even, 48_000), -23, atol=0.02)


def test_peaks_stop_the_gain():
    sound = tone(-40, 1)
    sound[100] = 0.5
    even = normalise_loudness(sound, 48_000, target_lufs=-10, highest_peak=0.9)
    np.testing.assert_allclose(np.abs(even).max(), 0.9, rtol=1e-6)


@pytest.mark.parametrize(
    "settings", [{"highest_peak": 0}, {"highest_peak": 2}, {"target_lufs": np.inf}]
)
def test_bad_settings(settings):
    with pytest.raises(ValueError, match="`highest_peak` must be"):
        normalise_loudness(np.zeros(9), 16_000, **settings)


def test_bad_rates():
    with pytest.raises(ValueError, match="`rate_hz` must be at least 4000"):
        loudness_lufs(np.zeros(9), 3_000)
