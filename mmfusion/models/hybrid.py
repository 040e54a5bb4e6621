"""Early, late and hybrid fusion: one decision from all modalities together, one from each alone."""

from collections.abc import Callable, Mapping

import keras
from keras import ops

from mmfusion import defaults
from mmfusion.fusion.concat import ConcatFusion
from mmfusion.fusion.decision import DecisionFusion
from mmfusion.layers.sequence.masked_average_pooling import MaskedAveragePooling
from mmfusion.models.assemble import assemble


def early(
    inputs: Mapping[str, keras.KerasTensor],
    *,
    classes: int,
    branches: Mapping[str, Callable],
    fusion: keras.layers.Layer | None = None,
    units: int = defaults.UNITS,
    dropout: float = defaults.DROPOUT,
) -> keras.Model:
    """A classifier that decides once, from the features of all modalities together.

    Args:
        inputs: dict of `keras.Input`, for each modality `name` and its mask `name_mask`.
        classes: int. Number K of classes.
        branches: dict of modality name to branch.
        fusion: fusion layer. Default `ConcatFusion()`.
        units: int. Width D of the layer over what is fused. Default 64.
        dropout: float. Share of features dropped in training. Default 0.3.

    Returns:
        `keras.Model` from the dict of inputs to float32 `(B, K)`.

    Reference:
        [Snoek et al., 2005](https://doi.org/10.1145/1101149.1101236)
    """
    together = _together(classes, units, dropout)
    return assemble(
        inputs,
        branches=branches,
        fusion=fusion or ConcatFusion(name="fusion"),
        head=lambda fused, masks: _named(together(fused, masks)),
        name="early",
    )


def late(
    inputs: Mapping[str, keras.KerasTensor],
    *,
    classes: int,
    branches: Mapping[str, Callable],
    learned: bool = True,
) -> keras.Model:
    """A classifier whose modalities decide each for itself; the decisions are averaged.

    Args:
        inputs: dict of `keras.Input`, for each modality `name` and its mask `name_mask`.
        classes: int. Number K of classes.
        branches: dict of modality name to branch.
        learned: bool. Whether modalities are weighed by learned numbers. Default `True`.

    Returns:
        `keras.Model` from the dict of inputs to float32 `(B, K)`; all 0 where nothing is present.

    Reference:
        [Snoek et al., 2005](https://doi.org/10.1145/1101149.1101236)
    """
    return assemble(
        inputs,
        branches=branches,
        fusion=_decision(classes, learned),
        head=lambda decided, masks: _named(decided),
        name="late",
    )


def hybrid(
    inputs: Mapping[str, keras.KerasTensor],
    *,
    classes: int,
    branches: Mapping[str, Callable],
    fusion: keras.layers.Layer | None = None,
    units: int = defaults.UNITS,
    dropout: float = defaults.DROPOUT,
) -> keras.Model:
    """A classifier that averages the early decision and the late one. Arguments as of `early`.

    Reference:
        [Atrey et al., 2010](https://doi.org/10.1007/s00530-010-0182-0)
    """
    together = _together(classes, units, dropout)
    fusion = fusion or ConcatFusion(name="fusion")
    late_fusion = _decision(classes, learned=True)

    def both(features, masks):
        return fusion(features, masks), late_fusion(features, masks)

    def head(fused, masks):
        fused, decided = fused
        return _named((together(fused, masks) + decided) / 2)

    return assemble(inputs, branches=branches, fusion=both, head=head, name="hybrid")


def _together(classes, units, dropout):
    pooling = MaskedAveragePooling(name="pooling")
    drop = keras.layers.Dropout(dropout, name="dropout")
    hidden = keras.layers.Dense(units, activation="relu", name="hidden")
    decide = keras.layers.Dense(classes, activation="softmax", dtype="float32", name="together")

    def head(fused, masks):
        fused = pooling(fused, masks) if len(fused.shape) == 3 else fused
        return decide(drop(hidden(drop(fused))))

    return head


def _decision(classes, learned):
    return DecisionFusion(classes, activation="softmax", learned=learned, name="late")


def _named(decided):
    identity = keras.layers.Identity(dtype="float32", name="probabilities")
    return identity(ops.cast(decided, "float32"))
