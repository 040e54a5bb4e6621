import numpy as np
import pytest

from mmfusion.preprocessing.echo import add_echo, find_echo, remove_echo

RATE_HZ = 8_000


@pytest.fixture(scope="module")
def sound():
    """Bursts of noise that fade."""
    noise = np.random.default_rng(0).normal(0, 0.2, 3 * RATE_HZ)
    return noise * np.exp(-np.tile(np.arange(RATE_HZ) / 1000, 3))


@pytest.mark.parametrize(("delay_s", "gain"), [(0.05, 0.5), (0.2, 0.3), (0.4, 0.8)])
def test_found_and_taken_away(sound, delay_s, gain):
    echoed = add_echo(sound, RATE_HZ, delay_s=delay_s, gain=gain)
    found_s, found_gain = find_echo(echoed, RATE_HZ)
    np.testing.assert_allclose(found_s, delay_s, atol=1 / RATE_HZ)
    np.testing.assert_allclose(found_gain, gain, atol=0.08)
    dry = remove_echo(echoed, RATE_HZ, delay_s=found_s, gain=found_gain)
    assert np.sum((dry - sound) ** 2) < 0.05 * np.sum((echoed - sound) ** 2)


def test_inverse(sound):
    echoed = add_echo(sound, RATE_HZ, delay_s=0.1, gain=-0.6)
    np.testing.assert_allclose(
        remove_echo(echoed, RATE_HZ, delay_s=0.1, gain=-0.6), sound, atol=1e-5
    )


def test_sound_without_an_echo(sound):
    assert find_echo(sound, RATE_HZ)[1] < 0.1


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(1), np.ones(7_999), np.zeros(9_000)])
def test_nothing_to_tell(samples):
    assert find_echo(samples, RATE_HZ) == (0.02, 0.0)


@pytest.mark.parametrize("settings", [{"delay_s": 0.0}, {"gain": 1.0}, {"gain": np.nan}])
def test_bad_settings(settings):
    with pytest.raises(ValueError, match="`delay_s` must be at least one sample"):
        add_echo(np.zeros(9), RATE_HZ, **settings)


def test_bad_delays():
    with pytest.raises(ValueError, match="`earliest_s` must be positive"):
        find_echo(np.zeros(9), RATE_HZ, earliest_s=0.5, latest_s=0.1)
