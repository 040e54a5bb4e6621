import keras
import numpy as np
import pytest

from mmfusion.layers.sequence.feature_scaling import FeatureScaling
from mmfusion.preprocessing.scaling import Scaling

FEATURES = np.random.default_rng(0).normal(5, 3, (2, 4, 3)).astype("float32")
MASK = np.array([[True, True, False, True], [False] * 4])
SCALING = Scaling((1.0, 2.0, 3.0), (0.5, 1.0, 4.0))


def layer(**settings):
    return FeatureScaling(**SCALING.to_dict(), **settings)


def test_equals_the_scaling_and_its_inverse():
    np.testing.assert_allclose(layer()(FEATURES), SCALING(FEATURES), rtol=1e-6)
    scaled = SCALING(FEATURES)
    np.testing.assert_allclose(layer(invert=True)(scaled), SCALING.inverse(scaled), rtol=1e-6)


def test_equals_keras():
    peer = keras.layers.Normalization(mean=SCALING.offset, variance=np.square(SCALING.scale))
    np.testing.assert_allclose(layer()(FEATURES), peer(FEATURES), rtol=1e-5)


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("garbage", [1e6, np.nan, np.inf])
def test_masked_steps_are_zero_and_never_read(invert, garbage):
    spoilt = np.where(MASK[..., None], FEATURES, garbage)
    scaled = np.array(layer(invert=invert)(spoilt, MASK))
    np.testing.assert_array_equal(scaled[~MASK], 0)
    np.testing.assert_allclose(scaled[MASK], np.array(layer(invert=invert)(FEATURES))[MASK])


def test_pictures():
    pictures = np.random.default_rng(0).random((2, 4, 5, 6, 3)).astype("float32")
    scaled = np.array(layer()(pictures, MASK))
    np.testing.assert_allclose(scaled[0, 0], SCALING(pictures[0, 0]), rtol=1e-5)
    np.testing.assert_array_equal(scaled[1], 0)


def test_survives_saving(tmp_path):
    inputs = [keras.Input((None, 3)), keras.Input((None,), dtype="bool")]
    model = keras.Model(inputs, layer()(*inputs))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(model([FEATURES, MASK]), again([FEATURES, MASK]))
    assert again.layers[-1].get_config()["offset"] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision(policy):
    output = layer(dtype=policy)(FEATURES, MASK)
    assert np.isfinite(keras.ops.convert_to_numpy(keras.ops.cast(output, "float32"))).all()
