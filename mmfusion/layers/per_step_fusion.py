"""A fusion applied to each step by itself, by folding the steps into the batch."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("mmfusion")
class PerStepFusion(keras.layers.Wrapper):
    """Fuses what the modalities hold at one step, at every step: utterances, not whole videos.

    Args:
        layer: Keras layer, a fusion of dicts of features and masks to `(B, T, D)` or `(B, D)`.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, D)`.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "text": np.ones((2, 5, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "text": np.ones((2, 5), bool)}
    >>> mm.layers.PerStepFusion(mm.fusion.GatedFusion(16))(features, masks).shape
    TensorShape([2, 5, 16])
    """

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        features = {
            name: keras.KerasTensor((None, 1, *shape[2:]), dtype=self.compute_dtype)
            for name, shape in features_shape.items()
        }
        masks = {name: keras.KerasTensor((None, 1), dtype="bool") for name in masks_shape}
        self.layer(features, masks)  # builds what is in it
        self.built = True

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        steps = ops.shape(next(iter(masks.values())))[1]
        folded = {name: ops.reshape(x, (-1, 1, *x.shape[2:])) for name, x in features.items()}
        masks = {name: ops.reshape(mask, (-1, 1)) for name, mask in masks.items()}
        fused = self.layer(folded, masks)  # (B * T, D) or (B * T, 1, D)
        return ops.reshape(fused, (-1, steps, fused.shape[-1]))
