"""EfficientNet-Lite: small image networks without squeeze-and-excitation, trained on ImageNet."""

import math
import zipfile
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np

from mmfusion.pretrained.torch_file import read_torch

# Kernel, stride, expansion, width and number of the blocks of each stage.
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
# Factors of the widths and of the numbers of blocks, and the size of images it was trained on.
VARIANTS = {
    "efficientnet-lite0": (1.0, 1.0, 224),
    "efficientnet-lite1": (1.0, 1.1, 240),
    "efficientnet-lite2": (1.1, 1.2, 260),
}
CLASSES = 1000
DIVISOR = 8  # of all widths


def efficientnet_lite(
    name: str = "efficientnet-lite0",
    *,
    weights: str | Path | Mapping[str, np.ndarray] | None = None,
    size_px: int | None = 224,
    top: bool = False,
) -> keras.Model:
    """Builds EfficientNet-Lite0, 1 or 2.

    Args:
        name: str. `"efficientnet-lite0"`, `"efficientnet-lite1"` or `"efficientnet-lite2"`.
        weights: Path of a `.pth` or `.npz` file of ImageNet weights, or a dict of arrays as
            `read_torch` returns it, under the names and in the layouts of PyTorch
            (`_conv_stem.weight`, `_blocks.0._bn1.bias` ...); or `None` for random ones.
        size_px: int. Height H and width W of images, or `None` for any; they were trained on 224,
            240 and 260.
        top: bool. Whether to return logits of ImageNet's classes instead of features.

    Returns:
        `keras.Model` from images `(N, H, W, 3)`, RGB in [-1, 1], to features `(N, 1280)` or
        logits `(N, 1000)`.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if `name` is unknown, or the weights are not those of this network.

    Example:

    >>> efficientnet_lite("efficientnet-lite1", size_px=64).output_shape
    (None, 1280)

    Reference:
        [Tan and Le, 2019](https://arxiv.org/abs/1905.11946), and its
        [Lite variant](https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite)
    """
    if name not in VARIANTS:
        raise ValueError(f"`name` must be one of {', '.join(VARIANTS)}. Received: {name!r}")
    images = x = keras.Input((size_px, size_px, 3), name="images")
    x = _clipped(_conv(x, 32, 3, 2, "conv_stem", "bn0"))
    for number, shape in enumerate(_shapes(*VARIANTS[name][:2])):
        x = _block(x, shape, number)
    x = _clipped(_conv(x, 1280, 1, 1, "conv_head", "bn1"))
    x = keras.layers.GlobalAveragePooling2D(name="features")(x)
    if top:
        x = keras.layers.Dense(CLASSES, name="fc")(x)
    model = keras.Model(images, x, name=name.replace("-", "_"))
    if isinstance(weights, Mapping):
        _fill(model, weights, "weights")
    elif weights is not None:
        _fill(model, _read(Path(weights)), weights)
    return model


def _shapes(width_factor, depth_factor):
    """Kernel, stride, expansion and width of every block; the outer stages keep their depth."""
    for stage, (kernel, stride, expansion, width, count) in enumerate(STAGES):
        inner = 0 < stage < len(STAGES) - 1
        wide = max(DIVISOR, int(width_factor * width + DIVISOR / 2) // DIVISOR * DIVISOR)
        for at in range(math.ceil(depth_factor * count) if inner else count):
            yield kernel, stride if at == 0 else 1, expansion, wide


def _block(x, shape, number):
    """An inverted bottleneck: widen, convolve within each channel, narrow, add."""
    kernel, stride, expansion, width = shape
    name, before = f"blocks.{number}.", x
    if expansion > 1:
        x = _conv(x, expansion * x.shape[-1], 1, 1, f"{name}_expand_conv", f"{name}_bn0")
        x = _clipped(x)
    x = keras.layers.DepthwiseConv2D(
        kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise_conv"
    )(x)
    x = _clipped(_norm(x, f"{name}_bn1"))
    x = _conv(x, width, 1, 1, f"{name}_project_conv", f"{name}_bn2")
    unchanged = stride == 1 and before.shape[-1] == width
    return keras.layers.Add()([before, x]) if unchanged else x


def _conv(x, width, kernel, stride, name, norm):
    x = keras.layers.Conv2D(width, kernel, stride, padding="same", use_bias=False, name=name)(x)
    return _norm(x, norm)


def _norm(x, name):
    return keras.layers.BatchNormalization(epsilon=1e-3, name=name)(x)


def _clipped(x):
    return keras.layers.ReLU(6.0)(x)


def _read(path):
    """A file's arrays by their names."""
    if not path.is_file():
        raise FileNotFoundError(f"No weights at this path. Received: {path}")
    if path.suffix == ".pth":
        return read_torch(path)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path}: not an .npz file. Received: {error}") from error


def _fill(model, arrays, where):
    """Sets the weights of each layer to the arrays of its name."""
    try:
        for layer in model.layers:
            if layer.weights:
                layer.set_weights(_weights(layer, arrays))
    except (KeyError, ValueError) as error:
        raise ValueError(f"{where}: not weights of {model.name}. Received: {error}") from error


def _weights(layer, arrays):
    """A layer's arrays in Keras's layout: kernels height, width, in, out.

    PyTorch's names begin with a low line, which TensorFlow takes for no name of a layer.
    """
    if isinstance(layer, keras.layers.BatchNormalization):
        names = ("weight", "bias", "running_mean", "running_var")
        return [arrays[f"_{layer.name}.{name}"] for name in names]
    kernel = arrays[f"_{layer.name}.weight"].astype(np.float32)  # out, in, height, width
    if isinstance(layer, keras.layers.Dense):
        return [kernel.T, arrays[f"_{layer.name}.bias"]]
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return [kernel.transpose(2, 3, 0, 1)]
    return [kernel.transpose(2, 3, 1, 0)]
