"""The plain convolutional network of the book, for each frame."""

from collections.abc import Sequence

import keras

from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.specs import scope_name


def sequential_cnn(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    filters: Sequence[int] = (32, 64),
    hidden: int = 1024,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Convolutions of 3 x 3, each with pooling of 2 x 2, and a wide dense layer.

    At 112 px the dense layer alone has 46 million weights: meant for small frames.

    Args:
        inputs: named `keras.Input` of shape `(B, T, H, W, C)`.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of int. Width of each convolution. Default `(32, 64)`.
        hidden: int. Width of the dense layer. Default 1024.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> frames = keras.Input((16, 32, 32, 3), name="video")
    >>> mask = keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.sequential_cnn(frames, mask)
    >>> features.shape
    (None, 16, 64)
    """
    name = scope_name(inputs.name)
    layers = []
    for width in filters:
        layers += [keras.layers.Conv2D(width, 3, activation="relu"), keras.layers.MaxPooling2D()]
    layers += [
        keras.layers.Flatten(),
        keras.layers.Dense(hidden, activation="relu"),
        keras.layers.Dense(units, activation="relu"),
    ]
    frame = keras.Sequential(layers, name=f"{name}_frame")
    return PerStep(frame, name=f"{name}_sequential_cnn")(inputs, mask), mask
