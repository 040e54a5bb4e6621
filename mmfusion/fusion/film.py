"""FiLM: the features of one modality scaled and shifted by all the others."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.modality_vectors import ModalityVectors
from mmfusion.ops.masks import any_step, keep, masked_mean


@keras.saving.register_keras_serializable("mmfusion")
class FiLMFusion(keras.layers.Layer):
    """Feature-wise linear modulation: the other modalities condition the features of the target.

    Each feature of the target is multiplied and moved by numbers that the means of the others
    give. Without the target only what is moved remains.

    Args:
        units: int. Width D of the fused vector.
        target: str. The modality that is modulated. Default: the last by name.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T_m, D_m)`; that of the target
            may be a map `(B, T, H, W, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T_m)`.

    Returns:
        Float tensor of shape `(B, D)`.

    Raises:
        ValueError: if `target` is not a modality.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 7, 6, 6, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 7), bool)}
    >>> mm.fusion.FiLMFusion(16)(features, masks).shape
    TensorShape([2, 16])

    Reference:
        [Perez et al., 2018](https://arxiv.org/abs/1709.07871)
    """

    def __init__(self, units: int, *, target: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.target = target

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        self.modulated = self.target or max(features_shape)
        if self.modulated not in features_shape:
            raise ValueError(
                f"`target` must be one of {sorted(features_shape)}. Received: {self.target!r}"
            )
        policy = {"dtype": self.dtype_policy}
        self.project = keras.layers.Dense(self.units, **policy, name="project")
        self.project.build(features_shape[self.modulated])
        self.others = sorted(set(features_shape) - {self.modulated})
        if self.others:
            self.vectors = ModalityVectors(self.units, "relu", **policy, name="vectors")
            self.vectors.build({name: features_shape[name] for name in self.others}, masks_shape)
            self.modulate = keras.layers.Dense(2 * self.units, **policy, name="modulate")
            self.modulate.build((None, len(self.others) * self.units))

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        scale, shift = self._modulation(features, masks)  # (B, D), (B, D)
        mask = masks[self.modulated]
        values = self.project(keep(features[self.modulated], mask))  # (B, T, D), (B, T, H, W, D)
        middle = (None,) * (len(values.shape) - 2)
        values = ops.relu((1 + scale[:, *middle]) * values + shift[:, *middle])
        if len(values.shape) == 5:
            values = ops.mean(values, axis=(2, 3))
        present = any_step(mask)[:, None]
        return ops.where(present, masked_mean(values, mask), ops.relu(shift))

    def _modulation(self, features, masks):
        if not self.others:
            nothing = ops.zeros((1, self.units), self.compute_dtype)
            return nothing, nothing
        others = {name: features[name] for name in self.others}
        vectors, _ = self.vectors(others, masks)  # (B, M - 1, D)
        flat = ops.reshape(vectors, (-1, len(self.others) * self.units))
        return ops.split(self.modulate(flat), 2, axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "target": self.target}
