"""EfficientNet-Lite0: a small image network, trained on ImageNet."""

import zipfile
from pathlib import Path

import keras
import numpy as np

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
CLASSES = 1000


def efficientnet_lite0(
    weights: str | Path | None = None, *, size_px: int = 224, top: bool = False
) -> keras.Model:
    """Builds EfficientNet-Lite0.

    Args:
        weights: Path of an `.npz` of ImageNet weights under the names and in the layouts of
            PyTorch (`_conv_stem.weight`, `_blocks.0._bn1.bias` ...), or `None` for random ones.
        size_px: int. Height H and width W of images; it was trained on 224.
        top: bool. Whether to return logits of ImageNet's classes instead of features.

    Returns:
        `keras.Model` from images `(N, H, W, 3)`, RGB in [-1, 1], to features `(N, 1280)` or
        logits `(N, 1000)`.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it does not hold the weights of this network.

    Example:

    >>> efficientnet_lite0(size_px=64).output_shape
    (None, 1280)

    Reference:
        [Tan and Le, 2019](https://arxiv.org/abs/1905.11946), and its
        [Lite variant](https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite)
    """
    images = x = keras.Input((size_px, size_px, 3), name="images")
    x = _clipped(_conv(x, 32, 3, 2, "_conv_stem", "_bn0"))
    number = 0
    for kernel, stride, expansion, width, count in STAGES:
        for at in range(count):
            x = _block(x, (kernel, stride if at == 0 else 1, expansion, width), number)
            number += 1
    x = _clipped(_conv(x, 1280, 1, 1, "_conv_head", "_bn1"))
    x = keras.layers.GlobalAveragePooling2D(name="features")(x)
    if top:
        x = keras.layers.Dense(CLASSES, name="_fc")(x)
    model = keras.Model(images, x, name="efficientnet_lite0")
    if weights is not None:
        _load(model, Path(weights))
    return model


def _block(x, shape, number):
    """An inverted bottleneck: widen, look around within each channel, narrow, add."""
    kernel, stride, expansion, width = shape
    name, before = f"_blocks.{number}.", x
    if expansion > 1:
        x = _conv(x, expansion * x.shape[-1], 1, 1, f"{name}_expand_conv", f"{name}_bn0")
        x = _clipped(x)
    x = keras.layers.DepthwiseConv2D(
        kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise_conv"
    )(x)
    x = _clipped(_norm(x, f"{name}_bn1"))
    x = _conv(x, width, 1, 1, f"{name}_project_conv", f"{name}_bn2")
    return keras.layers.Add()([before, x]) if before.shape == x.shape else x


def _conv(x, width, kernel, stride, name, norm):
    x = keras.layers.Conv2D(width, kernel, stride, padding="same", use_bias=False, name=name)(x)
    return _norm(x, norm)


def _norm(x, name):
    return keras.layers.BatchNormalization(epsilon=1e-3, name=name)(x)


def _clipped(x):
    return keras.layers.ReLU(6.0)(x)


def _load(model, path):
    """Fills the layers from the file's arrays of their names."""
    if not path.is_file():
        raise FileNotFoundError(f"No weights at this path. Received: {path}")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for layer in model.layers:
                if layer.weights:
                    layer.set_weights(_weights(layer, arrays))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path}: not weights of {model.name}. Received: {error}") from error


def _weights(layer, arrays):
    """A layer's arrays in Keras's layout: kernels height, width, in, out."""
    if isinstance(layer, keras.layers.BatchNormalization):
        names = ("weight", "bias", "running_mean", "running_var")
        return [arrays[f"{layer.name}.{name}"] for name in names]
    kernel = arrays[f"{layer.name}.weight"].astype(np.float32)  # out, in, height, width
    if isinstance(layer, keras.layers.Dense):
        return [kernel.T, arrays[f"{layer.name}.bias"]]
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return [kernel.transpose(2, 3, 0, 1)]
    return [kernel.transpose(2, 3, 1, 0)]
