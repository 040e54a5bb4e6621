"""Features that come ready-made, each step through dense layers."""

from collections.abc import Sequence

import keras

from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.specs import scope_name


def mlp(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    hidden: Sequence[int] = (),
    dropout: float = 0.0,
    name: str | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The branch of plain features: dense layers, the same for every step.

    Args:
        inputs: named `keras.Input` of shape `(B, T, D_m)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        hidden: tuple of int. Widths of the layers before the last. Default none.
        dropout: float. Share of units dropped after each layer in training. Default 0.
        name: str. What layer names begin with. Default: the name of `inputs`.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> words, mask = keras.Input((63, 100), name="text"), keras.Input((63,), dtype="bool")
    >>> features, _ = mm.branches.mlp(words, mask, units=32)
    >>> features.shape
    (None, 63, 32)
    """
    name = name or scope_name(inputs.name)
    layers = []
    for width in (*hidden, units):
        layers += [keras.layers.Dense(width, activation="relu"), keras.layers.Dropout(dropout)]
    step = keras.Sequential(layers, name=f"{name}_step")
    return PerStep(step, name=f"{name}_mlp")(inputs, mask), mask
