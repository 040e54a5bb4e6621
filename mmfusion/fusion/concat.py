"""Concatenation: the mean features of all modalities, side by side."""

import keras
from keras import ops

from mmfusion.ops.masks import masked_mean


@keras.saving.register_keras_serializable("mmfusion")
class ConcatFusion(keras.layers.Layer):
    """Averages every modality over its valid steps and lays the results side by side.

    The plainest fusion, without weights: what belongs together is left to the layers after it.
    The place of an absent modality is 0.

    Args:
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, D)`, D the sum of all D_m, in the order of names.

    Example:

    >>> features = {"audio": np.full((1, 2, 1), 3.0), "video": np.full((1, 4, 2), 5.0)}
    >>> masks = {"audio": np.ones((1, 2), bool), "video": np.ones((1, 4), bool)}
    >>> mm.fusion.ConcatFusion()(features, masks).numpy()
    array([[3., 5., 5.]], dtype=float32)

    Reference:
        [Ngiam et al., 2011](https://dl.acm.org/doi/10.5555/3104482.3104569)
    """

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        means = [masked_mean(features[name], masks[name]) for name in sorted(features)]
        return ops.concatenate(means, axis=-1)  # (B, D)
