"""Where in a sequence a step stands, as numbers."""

import keras
from keras import ops


def sinusoidal(
    steps: int | keras.KerasTensor, units: int, dtype: str = "float32"
) -> keras.KerasTensor:
    """Sines and cosines of growing wavelength for each of `steps` positions, `(T, D)`.

    Args:
        steps: int or int tensor. Number T of positions.
        units: int. Width D.
        dtype: str. Dtype of the result. Default `"float32"`.

    Example:

    >>> mm.ops.positions.sinusoidal(2, 2).numpy().round(3)
    array([[0.   , 1.   ],
           [0.841, 0.54 ]], dtype=float32)

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762)
    """
    place = ops.cast(ops.arange(steps), "float32")[:, None]  # (T, 1)
    index = ops.arange(units, dtype="float32")  # (D,)
    angles = place / 10_000.0 ** (2 * ops.floor(index / 2) / units)  # (T, D)
    return ops.cast(ops.where(index % 2 == 0, ops.sin(angles), ops.cos(angles)), dtype)
