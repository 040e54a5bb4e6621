"""How far each step is from the mean of its clip, and from the step before."""

from typing import Any

import keras
from keras import ops

from mmfusion.ops.masks import keep, masked_mean


@keras.saving.register_keras_serializable("mmfusion")
class DeltaFeatures(keras.layers.Layer):
    """Describes steps by their change; where somebody stands, or how a sensor is worn, is gone.

    Args:
        gain: float. What changes from step to step are multiplied by, so that they are of the size
            of the rest. Default 3.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, D)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, 2 * D)`: the distance from the mean of the present steps, and
        the change since the step before, 0 where that is absent; 0 at absent steps.

    Example:

    >>> steps = np.array([[[1.0], [3.0]]])
    >>> mm.layers.DeltaFeatures()(steps, np.ones((1, 2), bool)).numpy()
    array([[[-1.,  0.],
            [ 1.,  6.]]], dtype=float32)
    """

    def __init__(self, gain: float = 3.0, **kwargs: Any) -> None:
        # What is left of nearly equal numbers: in half precision it would be rounding.
        super().__init__(autocast=False, **kwargs)
        self.gain = gain

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        wide = keras.backend.result_type(self.compute_dtype, "float32")
        inputs = keep(ops.cast(inputs, wide), mask)
        place = keep(inputs - masked_mean(inputs, mask)[:, None], mask)
        both = ops.logical_and(mask[:, 1:], mask[:, :-1])
        change = keep(self.gain * (inputs[:, 1:] - inputs[:, :-1]), both)
        deltas = ops.concatenate([place, ops.pad(change, ((0, 0), (1, 0), (0, 0)))], axis=-1)
        return ops.cast(deltas, self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "gain": self.gain}
