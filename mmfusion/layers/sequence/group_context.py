"""The mean of all clips of a sequence, beside each of them."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("mmfusion")
class GroupContext(keras.layers.Layer):
    """Returns for every clip the mean over the present clips of its sequence in the batch.

    Of a training that is spread over replicas, each takes the mean over its own share of a batch.

    Call arguments:
        inputs: float tensor of shape `(B, D)`.
        sequence: int tensor of shape `(B,)`, the number of the sequence of each clip.
        present: bool tensor of shape `(B,)`.

    Returns:
        Float tensor of shape `(B, D)`; 0 where no clip of the sequence is present.

    Example:

    >>> clips = np.array([[1.0], [3.0], [8.0]])
    >>> context = mm.layers.GroupContext()
    >>> context(clips, np.array([0, 0, 1]), np.array([True, True, True])).numpy().ravel()
    array([2., 2., 8.], dtype=float32)
    """

    def call(
        self, inputs: keras.KerasTensor, sequence: keras.KerasTensor, present: keras.KerasTensor
    ) -> keras.KerasTensor:
        same = (sequence[:, None] == sequence[None]) & present[None]  # (B, B)
        same = ops.cast(same, inputs.dtype)
        count = ops.maximum(ops.sum(same, axis=1, keepdims=True), 1)
        return ops.matmul(same, ops.where(present[:, None], inputs, 0)) / count
