"""A small CNN of single frames."""

from collections.abc import Sequence

import keras


def frame_cnn(
    shape: tuple[int | None, ...], *, units: int, filters: Sequence[int], name: str
) -> keras.Model:
    """A strided CNN, its mean and its maximum over the frame, and a dense layer.

    Args:
        shape: tuple `(H, W, C)`.
        units: int. Width D of the features.
        filters: tuple of int. Width of each convolution.
        name: str. Name of the model.

    Returns:
        `keras.Model` from `(N, H, W, C)` to `(N, D)`.

    Example:

    >>> cnn = mm.layers.frame_cnn((112, 112, 3), units=64, filters=(16, 32), name="frame")
    >>> cnn.output_shape
    (None, 64)
    """
    frame = x = keras.Input(shape, name=f"{name}_input")
    for index, width in enumerate(filters):
        size, stride = (7, 4) if index == 0 else (3, 2)
        x = keras.layers.Conv2D(width, size, stride, padding="same", activation="relu")(x)
    x = keras.layers.Concatenate()(
        [keras.layers.GlobalAveragePooling2D()(x), keras.layers.GlobalMaxPooling2D()(x)]
    )
    x = keras.layers.Dense(units, activation="relu")(keras.layers.LayerNormalization()(x))
    return keras.Model(frame, x, name=name)
