"""Delta features of sensors and skeletons, through dilated convolutions."""

import keras

from mmfusion.branches.mlp import mlp
from mmfusion.layers.sequence.delta_features import DeltaFeatures
from mmfusion.layers.sequence.temporal_conv import TemporalConv
from mmfusion.specs import scope_name


def motion(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    kernel_size: int = 5,
    blocks: int = 3,
    dropout: float = 0.0,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Distance from the clip's mean and change from step to step, through dilated convolutions.

    Args:
        inputs: named `keras.Input` of shape `(B, T, D_m)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        kernel_size: int. Steps of each window. Default 5.
        blocks: int. Convolutions; the steps of a window lie 1, 2, 4, ... apart. Default 3.
        dropout: float. Share of units dropped after each layer in training. Default 0.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> sensor, mask = keras.Input((64, 6), name="inertial"), keras.Input((64,), dtype="bool")
    >>> features, _ = mm.branches.motion(sensor, mask, units=32)
    >>> features.shape
    (None, 64, 32)

    Reference:
        [Bai et al., 2018](https://arxiv.org/abs/1803.01271)
    """
    name = scope_name(inputs.name)
    deltas = DeltaFeatures(name=f"{name}_delta_features")(inputs, mask)  # (B, T, 2 * D_m)
    features, mask = mlp(deltas, mask, units=units, dropout=dropout, name=name)
    for index in range(blocks):
        conv = TemporalConv(kernel_size, 2**index, name=f"{name}_motion_{index}")
        drop = keras.layers.Dropout(dropout, name=f"{name}_motion_dropout_{index}")
        features = drop(conv(features, mask))  # (B, T, D)
    return features, mask
