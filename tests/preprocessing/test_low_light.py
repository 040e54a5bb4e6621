import numpy as np
import pytest

from mmfusion.preprocessing.low_light import correct_gamma, equalise_light


@pytest.fixture(scope="module")
def dark(clip):
    return (clip * 0.15).astype("uint8")


def equalise_strongly(frames):
    return equalise_light(frames, contrast=8.0, tiles=2)


@pytest.mark.parametrize(("lighten", "gain_db"), [(correct_gamma, 6), (equalise_strongly, 2)])
def test_dark_frames_come_nearer_to_the_lit(lighten, gain_db, clip, dark, psnr_db):
    assert psnr_db(clip, lighten(dark)) > psnr_db(clip, dark) + gain_db


def test_clahe_brings_contrast_and_keeps_hue(dark):
    assert equalise_strongly(dark).std() > 1.5 * dark.std()
    grey = np.full((1, 32, 32, 3), 40, "uint8")
    grey[:, :, 16:] = 60
    assert np.ptp(equalise_light(grey).astype(int), axis=-1).max() <= 2


@pytest.mark.parametrize(("gamma", "expected"), [(1.0, 64), (0.5, 128), (2.0, 16)])
def test_gamma_by_hand(gamma, expected):
    assert (correct_gamma(np.full((1, 2, 2, 3), 64, "uint8"), gamma=gamma) == expected).all()


@pytest.mark.parametrize("value", [1, 30, 128, 250])
def test_gamma_finds_the_middle(value):
    np.testing.assert_allclose(correct_gamma(np.full((1, 2, 2, 3), value, "uint8")), 115, atol=1)


@pytest.mark.parametrize("value", [0, 255])
def test_black_and_white_stay(value):
    assert (correct_gamma(np.full((1, 2, 2, 3), value, "uint8")) == value).all()


@pytest.mark.parametrize(
    ("lighten", "settings"),
    [
        (correct_gamma, {"gamma": 0}),
        (correct_gamma, {"gamma": np.nan}),
        (equalise_light, {"contrast": 0}),
        (equalise_light, {"tiles": 0}),
    ],
)
def test_bad_settings(lighten, settings, clip):
    with pytest.raises(ValueError, match=f"`{next(iter(settings))}` "):
        lighten(clip[:1], **settings)
