"""Sequences, as the utterances of a video, to the probabilities of classes at every step."""

import functools
from collections.abc import Callable, Mapping

import keras
from keras import ops

from mmfusion import defaults
from mmfusion.branches.mlp import mlp
from mmfusion.fusion.decision import DecisionFusion
from mmfusion.layers.per_step_fusion import PerStepFusion
from mmfusion.layers.sequence.global_context import GlobalContext
from mmfusion.models.assemble import assemble
from mmfusion.ops.masks import any_modality


def contextual(
    inputs: Mapping[str, keras.KerasTensor],
    *,
    classes: int,
    fusion: keras.layers.Layer | None = None,
    branches: Mapping[str, Callable] | None = None,
    units: int = defaults.UNITS,
    dropout: float = defaults.DROPOUT,
) -> keras.Model:
    """A model that labels each step of a sequence in the context of its neighbours.

    Modalities are fused step by step; then every step gets the mean of its whole sequence.

    Args:
        inputs: dict of `keras.Input`, for each modality `name` of shape `(B, T, ...)` and its mask
            `name_mask`. T may be `None`.
        classes: int. Number K of classes.
        fusion: fusion layer, applied to each step by itself. Default `DecisionFusion(units)`.
        branches: dict, modality name to branch, in place of `mlp`.
        units: int. Width D of the default branches and fusion. Default 64.
        dropout: float. Share of features dropped in training. Default 0.3.

    Returns:
        `keras.Model` from the dict of inputs to float32 `(B, T, K)`.

    Example:

    >>> import keras
    >>> inputs = {"text": keras.Input((None, 100), name="text")}
    >>> inputs["text_mask"] = keras.Input((None,), dtype="bool", name="text_mask")
    >>> mm.models.contextual(inputs, classes=2).output_shape
    (None, None, 2)

    Reference:
        [Poria et al., 2017](https://aclanthology.org/P17-1081)
    """
    default = functools.partial(mlp, units=units, dropout=dropout)
    names = [name for name in inputs if f"{name}_mask" in inputs]
    context = GlobalContext(name="context")
    drop = keras.layers.Dropout(dropout, name="dropout")
    probabilities = keras.layers.Dense(
        classes, activation="softmax", dtype="float32", name="probabilities"
    )

    def head(fused, masks):
        fused = drop(fused)  # (B, T, D)
        around = context(fused, any_modality(masks))  # (B, T, D)
        return probabilities(ops.concatenate([fused, around], axis=-1))  # (B, T, K)

    return assemble(
        inputs,
        branches={**dict.fromkeys(names, default), **(branches or {})},
        fusion=PerStepFusion(fusion or DecisionFusion(units), name="fusion"),
        head=head,
        name="contextual",
    )
