"""Pre-emphasis of a waveform in the graph."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("mmfusion")
class PreEmphasis(keras.layers.Layer):
    """Lifts high frequencies of a clip's audio: each sample less a share of the one before.

    The same as `mm.preprocessing.pre_emphasise` of the whole clip, absent steps being silent.

    Args:
        coefficient: float. That share.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        samples: float tensor `(B, T, S)` in [-1, 1].
        mask: bool tensor `(B, T)`.

    Returns:
        Float tensor `(B, T, S)`, computed in single precision; zeros where the mask is False.

    Example:

    >>> audio, mask = np.ones((1, 1, 3), "float32"), np.ones((1, 1), bool)
    >>> PreEmphasis(coefficient=0.5)(audio, mask).numpy()[0, 0]
    array([1. , 0.5, 0.5], dtype=float32)
    """

    def __init__(self, *, coefficient: float = 0.97, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.coefficient = coefficient

    def call(self, samples: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        steps, size = samples.shape[1] or ops.shape(samples)[1], samples.shape[2]
        here = ops.cast(mask, "float32")[:, :, None]
        audio = ops.reshape(here * ops.cast(samples, "float32"), (-1, steps * size))
        before = ops.pad(audio[:, :-1], ((0, 0), (1, 0)))
        lifted = ops.reshape(audio - self.coefficient * before, (-1, steps, size))
        return ops.cast(here * lifted, self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "coefficient": self.coefficient}
