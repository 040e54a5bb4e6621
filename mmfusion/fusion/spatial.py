"""Spatial fusion: audio, colour and texture laid over the places of a frame."""

import math
from typing import Any

import keras
from keras import ops

from mmfusion.ops.masks import any_modality, keep, masked_softmax
from mmfusion.ops.shapes import common_steps
from mmfusion.specs import scope_name


@keras.saving.register_keras_serializable("mmfusion")
class SpatialFusion(keras.layers.Layer):
    """Brings feature maps of all modalities onto one grid and finds the places that matter.

    A modality is a map at each step, or a vector that stands at every place alike, as audio does.
    Maps are resized to the largest grid; at each place all modalities are added up after a
    projection, which is a convolution of size 1 over all of them laid side by side. Places are
    then averaged by learned attention.

    Args:
        units: int. Width D of the fused sequence.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor, a map `(B, T, H_m, W_m, D_m)` or a vector
            `(B, T, D_m)` at each step.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.
        return_attention_scores: bool. Whether to return the weights of the places too,
            `(B, T, H, W)`.

    Returns:
        Float tensor of shape `(B, T, D)`; 0 at steps at which nothing is present.

    Raises:
        ValueError: if the modalities differ in steps.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 5, 7, 7, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 5), bool)}
    >>> mm.fusion.SpatialFusion(16)(features, masks).shape
    TensorShape([2, 5, 16])

    Reference:
        [Tian et al., 2018](https://arxiv.org/abs/1803.08842)
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        common_steps(features_shape)
        grids = [shape[2:4] for shape in features_shape.values() if len(shape) == 5]
        self.grid = tuple(max(sizes) for sizes in zip((1, 1), *grids, strict=True))  # H, W
        self.project = {}
        for name, shape in sorted(features_shape.items()):
            self.project[name] = keras.layers.Dense(
                self.units, dtype=self.dtype_policy, name=f"project_{scope_name(name)}"
            )
            self.project[name].build((None, shape[-1]))
        # Without a bias: it would move the scores of all places alike.
        self.score = keras.layers.Dense(1, use_bias=False, dtype=self.dtype_policy, name="score")
        self.score.build((None, self.units))

    def call(
        self,
        features: dict[str, keras.KerasTensor],
        masks: dict[str, keras.KerasTensor],
        return_attention_scores: bool = False,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, keras.KerasTensor]:
        names = sorted(features)
        maps = [self._lay(name, features[name], masks[name]) for name in names]
        fused = ops.relu(sum(maps))  # (B, T, H * W, D)
        scores = self.score(ops.tanh(fused))[..., 0]  # (B, T, H * W)
        weights = masked_softmax(scores, any_modality(masks)[..., None])
        outputs = ops.einsum("btp,btpd->btd", weights, fused)  # (B, T, D)
        if not return_attention_scores:
            return outputs
        return outputs, ops.reshape(weights, (*ops.shape(weights)[:2], *self.grid))

    def _lay(self, name, inputs, mask):
        """A modality over the common grid, `(B, T, H * W, D)`, or of a vector `(B, T, 1, D)`."""
        projected = keep(self.project[name](keep(inputs, mask)), mask)
        if len(projected.shape) == 3:
            return projected[:, :, None]
        folded = ops.reshape(projected, (-1, *projected.shape[2:]))  # (B * T, H_m, W_m, D)
        if folded.shape[1:3] != self.grid:
            folded = ops.image.resize(folded, self.grid)
        steps = inputs.shape[1] or ops.shape(inputs)[1]
        return ops.reshape(folded, (-1, steps, math.prod(self.grid), self.units))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}
