"""A temporal convolutional network: windows over the steps that widen from layer to layer."""

import keras

from mmfusion.branches.mlp import mlp
from mmfusion.layers.sequence.temporal_conv import TemporalConv
from mmfusion.specs import scope_name


def tcn(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    kernel_size: int = 3,
    blocks: int = 3,
    name: str | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Dense layer for each step, then dilated convolutions over the steps.

    Args:
        inputs: float tensor of shape `(B, T, D_m)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        kernel_size: int. Steps of each window. Default 3.
        blocks: int. Convolutions; the steps of a window lie 1, 2, 4, ... apart. Default 3.
        name: str. What layer names begin with. Default: the name of `inputs`.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> import keras
    >>> sensor, mask = keras.Input((64, 6), name="inertial"), keras.Input((64,), dtype="bool")
    >>> features, _ = mm.branches.tcn(sensor, mask, units=32)
    >>> features.shape
    (None, 64, 32)

    Reference:
        [Bai et al., 2018](https://arxiv.org/abs/1803.01271)
    """
    name = name or scope_name(inputs.name)
    features, mask = mlp(inputs, mask, units=units, name=name)
    for index in range(blocks):
        conv = TemporalConv(kernel_size, 2**index, name=f"{name}_tcn_{index}")
        features = conv(features, mask)  # (B, T, D)
    return features, mask
