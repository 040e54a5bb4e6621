"""A transformer over the patches of frames."""

import keras
import numpy as np
import pytest

from mmfusion.models.video_transformer import video_transformer

SMALL = {"classes": 3, "patch_px": 4, "units": 8, "heads": 2, "blocks": 1}


def batch(steps=3):
    rng = np.random.default_rng(0)
    video = rng.normal(size=(2, steps, 8, 12, 2)).astype("float32")
    return {"video": video, "video_mask": np.ones((2, steps), bool)}


def test_gives_probabilities_and_survives_saving(tmp_path):
    model, values = video_transformer((3, 8, 12, 2), **SMALL), batch()
    np.testing.assert_allclose(model(values).numpy().sum(axis=1), [1, 1], rtol=1e-5)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(again(values), model(values))


def test_absent_steps_are_never_read():
    model, values = video_transformer((3, 8, 12, 2), **SMALL), batch()
    values["video_mask"][:] = [[True, False, True], [False] * 3]
    before = model(values).numpy()
    values["video"][~values["video_mask"]] = np.nan
    np.testing.assert_array_equal(model(values), before)
    assert np.isfinite(before).all()


def test_places_and_order_matter():
    keras.utils.set_random_seed(0)
    model, values = video_transformer((3, 8, 12, 2), **SMALL), batch()
    before = model(values).numpy()
    for turned in (values["video"][:, ::-1], values["video"][:, :, ::-1]):
        assert np.abs(model({**values, "video": turned}).numpy() - before).max() > 1e-4


def test_patches_must_fill_the_frame():
    with pytest.raises(ValueError, match="`patch_px` must divide"):
        video_transformer((3, 8, 12, 2), classes=2, patch_px=5)
