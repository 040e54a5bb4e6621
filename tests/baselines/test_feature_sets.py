import inspect

import numpy as np
import pytest

from mmfusion.baselines.feature_sets import SETS

RATE_HZ = 16_000


@pytest.mark.parametrize("name", SETS["video"])
@pytest.mark.parametrize("shape", [(1, 1, 1, 3), (1, 40, 30, 3), (5, 32, 32, 3)])
def test_every_feature_set_of_the_frames(name, shape):
    describe = SETS["video"][name]
    widths = set()
    for frames in (np.zeros(shape, "uint8"), np.random.default_rng(0).integers(0, 255, shape)):
        vector = describe(frames.astype("uint8"))
        assert vector.dtype == np.float32
        assert np.isfinite(vector).all()
        widths.add(vector.shape)
    assert widths == {describe(np.zeros((3, 64, 64, 3), "uint8")).shape}


@pytest.mark.parametrize("name", SETS["audio"])
@pytest.mark.parametrize("size", [1, 100, 8_000, 40_000])
def test_every_feature_set_of_the_audio(name, size):
    describe = SETS["audio"][name]
    widths = set()
    for samples in (np.zeros(size), np.random.default_rng(0).uniform(-1, 1, size)):
        vector = describe(samples, RATE_HZ)
        assert vector.dtype == np.float32
        assert np.isfinite(vector).all()
        widths.add(vector.shape)
    assert widths == {describe(np.zeros(RATE_HZ), RATE_HZ).shape}


def test_only_what_lies_between_voices_is_described():
    tone = 0.5 * np.sin(2 * np.pi * 200 * np.arange(RATE_HZ) / RATE_HZ)
    silence = np.zeros(RATE_HZ)
    bare, among = (
        SETS["audio"]["pitch"](samples, RATE_HZ)
        for samples in (tone, np.concatenate([silence, tone, silence]))
    )
    np.testing.assert_allclose(among[[4, 5]], bare[[4, 5]], rtol=0.02)  # a quantile of the pitch


def test_the_names_of_the_contract():
    assert {"color", "hog", "motion"} <= set(SETS["video"])
    assert {"mfcc", "spectral", "vad"} <= set(SETS["audio"])
    assert all(
        inspect.isfunction(getattr(describe, "func", describe))
        for feature_sets in SETS.values()
        for describe in feature_sets.values()
    )
