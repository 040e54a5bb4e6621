import numpy as np
import pytest

from mmfusion.pretrained.efficientnet_lite import VARIANTS, efficientnet_lite
from mmfusion.pretrained.table import WEIGHTS
from mmfusion.pretrained.torch_file import read_torch

PUBLISHED = {  # parameters and moving statistics, in the files of PyTorch
    "efficientnet-lite0": (296, 4_694_024),
    "efficientnet-lite1": (386, 5_470_344),
    "efficientnet-lite2": (386, 6_150_168),
}
KINDS = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean"}
KINDS |= {"moving_variance": "running_var", "kernel": "weight", "bias": "bias"}


def in_pytorch(model, seed=0):
    """Random weights for every layer, under the names and in the layouts of PyTorch."""
    rng, arrays = np.random.default_rng(seed), {}
    for layer in model.layers:
        for weight in layer.weights:
            array = rng.uniform(0.01, 0.1, weight.shape).astype(np.float32)
            if array.ndim == 4:
                depthwise = "depthwise" in layer.name
                array = array.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
            arrays[f"_{layer.name}.{KINDS[weight.name]}"] = array.T if array.ndim == 2 else array
    return arrays


@pytest.mark.parametrize("name", VARIANTS)
def test_as_large_as_published(name):
    model = efficientnet_lite(name, size_px=None, top=True)
    assert model.count_params() == PUBLISHED[name][1]
    assert model.output_shape == (None, 1000)
    assert model(np.zeros((1, 40, 56, 3), np.float32)).shape == (1, 1000)


@pytest.fixture(scope="module")
def arrays():
    """Random weights of the smallest one."""
    return in_pytorch(efficientnet_lite(size_px=32))


@pytest.mark.parametrize("form", ["pth", "legacy", "npz", "dict"])
def test_filled_from_each_form(tmp_path, save_pth, arrays, form):
    weights = tmp_path / ("a.npz" if form == "npz" else "a.pth")
    if form == "npz":
        np.savez(weights, **arrays)
    elif form == "dict":
        weights = arrays
    else:
        save_pth(weights, arrays, legacy=form == "legacy")
    model = efficientnet_lite(weights=weights, size_px=32)
    stem = model.get_layer("conv_stem").get_weights()[0]
    np.testing.assert_array_equal(stem, arrays["_conv_stem.weight"].transpose(2, 3, 1, 0))
    depthwise = model.get_layer("blocks.3._depthwise_conv").get_weights()[0]
    np.testing.assert_array_equal(
        depthwise[..., 0], arrays["_blocks.3._depthwise_conv.weight"][:, 0].transpose(1, 2, 0)
    )
    for at, name in enumerate(("weight", "bias", "running_mean", "running_var")):
        norm = model.get_layer("bn1").get_weights()[at]
        np.testing.assert_array_equal(norm, arrays[f"_bn1.{name}"])


@pytest.mark.parametrize("name", VARIANTS)
def test_every_array_of_the_real_file_is_used(real, name):
    weights = read_torch(real(name, WEIGHTS[name].files[0].name))
    model = efficientnet_lite(name, weights=weights, top=True)
    assert len(weights) == PUBLISHED[name][0]
    counted = [each for each in weights if not each.endswith("num_batches_tracked")]
    assert sum(weights[each].size for each in counted) == model.count_params()


@pytest.mark.parametrize(("top", "expected"), [(True, "logits"), (False, "features")])
def test_equals_the_network_it_was_trained_as(real, shared, top, expected):
    """The figures of PyTorch's own network, of kernels in half precision, on the same images."""
    images = np.random.default_rng(0).random((2, 224, 224, 3), dtype=np.float32) * 2 - 1
    parity = shared / "efficientnet_lite0_parity.npz"
    if not parity.is_file():
        pytest.skip("the figures of PyTorch's network are not on this machine")
    file = WEIGHTS["efficientnet-lite0"].files[0].name
    weights = read_torch(real("efficientnet-lite0", file))
    halved = {name: np.float32(np.float16(x)) if x.ndim > 1 else x for name, x in weights.items()}
    model = efficientnet_lite(weights=halved, top=top)
    with np.load(parity) as figures:
        np.testing.assert_allclose(model(images), figures[expected], atol=1e-4)


def test_missing_weights_and_unknown_names(tmp_path):
    with pytest.raises(FileNotFoundError, match="No weights at this path"):
        efficientnet_lite(weights=tmp_path / "none.npz", size_px=32)
    with pytest.raises(ValueError, match=r"`name` must be one of efficientnet-lite0, .*'lite9'"):
        efficientnet_lite("lite9")


@pytest.mark.parametrize("content", ["text", "other names", "other shapes"])
@pytest.mark.parametrize("form", ["npz", "pth"])
def test_other_weights(tmp_path, save_pth, form, content):
    path = tmp_path / f"weights.{form}"
    name = "_conv_stem.weight" if content == "other shapes" else "conv1"
    arrays = {name: np.zeros((1, 1, 1, 1), np.float32)}
    if content == "text":
        path.write_text("not an archive")
    elif form == "npz":
        np.savez(path, **arrays)
    else:
        save_pth(path, arrays)
    with pytest.raises(
        ValueError, match=rf"weights\.{form}: not (weights of eff|tensors of Py|an .npz)"
    ):
        efficientnet_lite(weights=path, size_px=32)


def test_weights_of_another_network(arrays):
    with pytest.raises(ValueError, match="weights: not weights of efficientnet_lite1"):
        efficientnet_lite("efficientnet-lite1", weights=arrays, size_px=32)
