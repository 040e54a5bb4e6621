"""Temporal fusion: modalities aligned step by step, one sequence layer over them all."""

from typing import Any

import keras
from keras import ops

from mmfusion.layers.sequence.learned_shift import LearnedShift
from mmfusion.layers.sequence.masked_rnn import MaskedRNN
from mmfusion.ops.masks import any_modality, keep
from mmfusion.ops.shapes import common_steps
from mmfusion.specs import scope_name


@keras.saving.register_keras_serializable("mmfusion")
class TemporalFusion(keras.layers.Layer):
    """Lays the modalities side by side at every step and reads the steps with one recurrent layer.

    What happens together is seen together. All modalities must have the same steps; the state
    passes unchanged over steps at which nothing is present. With `max_offset` it is learned how
    much earlier or later each modality is than the first by name.

    Args:
        units: int. Width D of the fused sequence.
        max_offset: int. Greatest shift in steps. Default 0: the modalities lie as they are.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        features: dict, modality name to float tensor of shape `(B, T, D_m)`.
        masks: dict with the same keys, bool tensors of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, D)`; 0 at steps at which nothing is present.

    Raises:
        ValueError: if the modalities differ in steps.

    Example:

    >>> features = {"audio": np.ones((2, 5, 8)), "video": np.ones((2, 5, 4))}
    >>> masks = {"audio": np.ones((2, 5), bool), "video": np.ones((2, 5), bool)}
    >>> mm.fusion.TemporalFusion(16)(features, masks).shape
    TensorShape([2, 5, 16])

    Reference:
        [Poria et al., 2017](https://aclanthology.org/P17-1081)
    """

    def __init__(self, units: int, *, max_offset: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.max_offset = max_offset

    def build(
        self,
        features_shape: dict[str, tuple[int | None, ...]],
        masks_shape: dict[str, tuple[int | None, ...]],
    ) -> None:
        common_steps(features_shape)
        self.shifts = {}
        for name in sorted(features_shape)[1:] if self.max_offset else ():
            self.shifts[name] = LearnedShift(
                self.max_offset, dtype=self.dtype_policy, name=f"shift_{scope_name(name)}"
            )
            self.shifts[name].build(features_shape[name])
        cell = keras.layers.LSTMCell(self.units, dtype=self.dtype_policy)
        lstm = keras.layers.RNN(cell, return_sequences=True, dtype=self.dtype_policy, name="lstm")
        self.sequence = MaskedRNN(lstm, dtype=self.dtype_policy, name="sequence")
        widths: list[Any] = [shape[-1] for shape in features_shape.values()]
        self.sequence.build((None, None, sum(widths)))

    def call(
        self, features: dict[str, keras.KerasTensor], masks: dict[str, keras.KerasTensor]
    ) -> keras.KerasTensor:
        features, masks = dict(features), dict(masks)
        for name, shift in self.shifts.items():
            features[name], masks[name] = shift(features[name], masks[name])
        aligned = [keep(features[name], masks[name]) for name in sorted(features)]
        aligned = ops.concatenate(aligned, axis=-1)  # (B, T, sum of D_m)
        return self.sequence(aligned, any_modality(masks))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "max_offset": self.max_offset}
