import keras
import numpy as np
import pytest

from mmfusion.features.backbones import BACKBONES, load_backbone

SIZE_PX = 32
THEIRS = {  # how Keras itself feeds them with pictures in [0, 255]
    "mobilenetv2": keras.applications.mobilenet_v2.preprocess_input,
    "mobilenetv3small": keras.applications.mobilenet_v3.preprocess_input,
    "vgg16": keras.applications.vgg16.preprocess_input,
}


@pytest.fixture
def levels():
    return np.random.default_rng(0).integers(0, 256, (2, SIZE_PX, SIZE_PX, 3)).astype("float32")


@pytest.mark.parametrize("name", THEIRS)
def test_fed_as_keras_feeds_them(name, levels):
    backbone = load_backbone(name, weights=None, size_px=SIZE_PX)
    (network,) = (layer for layer in backbone.layers if isinstance(layer, keras.Model))
    expected = network(THEIRS[name](levels.copy())).numpy()
    assert expected.shape[-1] == backbone.output_shape[-1]
    np.testing.assert_allclose(
        backbone(levels / 127.5 - 1), expected, atol=1e-4 * np.abs(expected).max()
    )


def test_a_local_file_of_weights(tmp_path, levels):
    first = load_backbone("MobileNetV3Small", weights=None, size_px=SIZE_PX)
    path = tmp_path / "a.weights.h5"
    first.get_layer("MobileNetV3Small").save_weights(path)
    again = load_backbone("mobilenetv3small", weights=path, size_px=SIZE_PX)
    np.testing.assert_array_equal(again(levels), first(levels))


def test_the_networks_of_the_book():
    assert {"vgg16", "resnet50", "inceptionv3", "mobilenetv3", "efficientnetb0"} <= set(BACKBONES)
    backbone = load_backbone("efficientnet-lite2", weights=None, size_px=SIZE_PX)
    assert backbone.output_shape == (None, 1280)


def test_unknown_networks():
    with pytest.raises(ValueError, match="`name` must be one of"):
        load_backbone("alexnet", weights=None)


def test_weights_that_are_in_the_cache_or_not(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="type: mmfusion weights get efficientnet-lite1"):
        load_backbone("efficientnet-lite1", size_px=SIZE_PX)
    monkeypatch.setattr("mmfusion.features.backbones.weights_path", lambda name: tmp_path / name)
    with pytest.raises(FileNotFoundError, match=r"efficientnet-lite0-57934424\.pth"):
        load_backbone("efficientnet-lite0", size_px=SIZE_PX)
