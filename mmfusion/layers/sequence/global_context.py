"""The mean of a whole sequence, at each of its steps."""

import keras
from keras import ops

from mmfusion.ops.masks import masked_mean


@keras.saving.register_keras_serializable("mmfusion")
class GlobalContext(keras.layers.Layer):
    """Gives every present step the mean over all present steps of its sequence.

    Call arguments:
        inputs: float tensor of shape `(B, T, D)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, D)`; 0 at absent steps.

    Example:

    >>> steps = np.array([[[1.0], [3.0], [8.0]]])
    >>> mm.layers.GlobalContext()(steps, np.array([[True, True, False]])).numpy().ravel()
    array([2., 2., 0.], dtype=float32)
    """

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        mean = masked_mean(inputs, mask)[:, None]  # (B, 1, D)
        return ops.where(mask[..., None], mean, 0)
