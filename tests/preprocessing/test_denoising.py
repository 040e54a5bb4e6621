import numpy as np
import pytest

from mmfusion.preprocessing.denoising import denoise_bilateral, denoise_median, denoise_nlmeans


@pytest.fixture(scope="module")
def noisy(clip):
    noise = np.random.default_rng(0).normal(0, 12, clip.shape)
    return np.clip(np.round(clip + noise), 0, 255).astype("uint8")


@pytest.mark.parametrize(
    ("denoise", "gain_db"),
    [
        (denoise_bilateral, 4),
        (denoise_median, 2),
        (denoise_nlmeans, 4),
    ],
)
def test_noise_goes(denoise, gain_db, clip, noisy, psnr_db):
    assert psnr_db(clip, denoise(noisy)) > psnr_db(clip, noisy) + gain_db


def test_a_bad_frame_goes(clip, psnr_db):
    torn = clip.copy()
    torn[3, 20:60] = 0
    assert psnr_db(clip, denoise_median(torn)) > psnr_db(clip, torn) + 5


@pytest.mark.parametrize("steps", [1, 3, 5, 7, 9])
def test_median_equals_numpy(steps):
    frames = np.random.default_rng(steps).integers(0, 256, (6, 5, 4, 3)).astype("uint8")
    padded = np.pad(frames, ((steps // 2,) * 2, (0, 0), (0, 0), (0, 0)), mode="edge")
    windows = [padded[t : t + steps] for t in range(6)]
    np.testing.assert_array_equal(denoise_median(frames, steps=steps), np.median(windows, axis=1))


@pytest.mark.parametrize(
    ("denoise", "settings"),
    [
        (denoise_median, {"steps": 0}),
        (denoise_median, {"steps": 4}),
        (denoise_bilateral, {"radius_px": 0}),
        (denoise_bilateral, {"colour_spread": np.nan}),
        (denoise_nlmeans, {"strength": -1}),
        (denoise_nlmeans, {"search_px": 0}),
    ],
)
def test_bad_settings(denoise, settings, clip):
    with pytest.raises(ValueError, match=f"`{next(iter(settings))}` must be"):
        denoise(clip[:1], **settings)
