"""A recurrent network over the steps of a clip that never reads an absent one."""

import keras

from mmfusion.ops.masks import keep


@keras.saving.register_keras_serializable("mmfusion")
class MaskedRNN(keras.layers.Wrapper):
    """Applies a recurrent layer to the present steps; absent steps leave its state as it was.

    Args:
        layer: Keras layer of a sequence, called with `mask=`, e.g. `keras.layers.RNN`. Not `LSTM`
            or `GRU`: on a GPU their cuDNN kernels refuse masks with holes.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, D_m)`.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, D)`; 0 at absent steps.

    Example:

    >>> lstm = keras.layers.RNN(keras.layers.LSTMCell(4), return_sequences=True)
    >>> mm.layers.MaskedRNN(lstm)(np.ones((2, 5, 3)), np.ones((2, 5), bool)).shape
    TensorShape([2, 5, 4])
    """

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        return keep(self.layer(keep(inputs, mask), mask=mask), mask)
