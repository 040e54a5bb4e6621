"""One vector from the steps at which any modality is present."""

import keras

from mmfusion.ops.masks import any_modality, masked_soft_max


@keras.saving.register_keras_serializable("mmfusion")
class MaskedAveragePooling(keras.layers.Layer):
    """Pools a fused sequence over the steps at which any modality is present.

    Pooling is `masked_soft_max`: a mean that leans to the strongest activations.

    Call arguments:
        inputs: float tensor of shape `(B, T, D)`.
        masks: dict, modality name to bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, D)`; 0 where nothing is present.

    Example:

    >>> masks = {"audio": np.array([[True, False]]), "video": np.array([[False, False]])}
    >>> mm.layers.MaskedAveragePooling()(np.array([[[3.0], [9.0]]]), masks).numpy()
    array([[3.]], dtype=float32)
    """

    def call(
        self, inputs: keras.KerasTensor, masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        return masked_soft_max(inputs, any_modality(masks))
