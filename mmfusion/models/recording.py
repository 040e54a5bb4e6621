"""Whole recordings of sensors, skeletons or depth to the probabilities of classes."""

import functools
from collections.abc import Callable, Mapping

import keras

from mmfusion import defaults
from mmfusion.branches.conv_lstm import conv_lstm
from mmfusion.branches.mlp import mlp
from mmfusion.branches.motion import motion
from mmfusion.branches.sequential_cnn import sequential_cnn
from mmfusion.fusion.decision import DecisionFusion
from mmfusion.layers.sequence.temporal_pyramid_pooling import TemporalPyramidPooling
from mmfusion.models.assemble import assemble
from mmfusion.models.class_head import class_head
from mmfusion.ops.masks import any_step
from mmfusion.specs import scope_name

FILTERS = 8, 16, 16


def recording(
    inputs: Mapping[str, keras.KerasTensor],
    *,
    classes: int,
    fusion: keras.layers.Layer | None = None,
    branches: Mapping[str, Callable] | None = None,
    units: int = defaults.UNITS,
    dropout: float = defaults.DROPOUT,
    segments: int = 4,
) -> keras.Model:
    """A classifier of recordings whose modalities may differ in steps.

    Each modality is read by its branch and summed up segment by segment to one vector, so that any
    fusion can bring together 64 samples of a sensor and 16 frames.

    Args:
        inputs: dict of `keras.Input`, for each modality `name` of shape `(B, T, ...)`, T known,
            and its mask `name_mask`.
        classes: int. Number K of classes.
        fusion: fusion layer. Default `DecisionFusion(units)`.
        branches: dict, modality name to branch, in place of the default ones: `motion` for numbers
            over time, `mlp` for a single vector, a small `sequential_cnn` for images, which keeps
            where in them a thing is, `conv_lstm` for spectrograms.
        units: int. Width D of the default branches. Default 64.
        dropout: float. Share of features dropped in training. Default 0.3.
        segments: int. Equal parts of a recording that are summed up apart. Default 4.

    Returns:
        `keras.Model` from the dict of inputs to float32 `(B, K)`.

    Example:

    >>> import keras
    >>> inputs = {"skeleton": keras.Input((32, 60), name="skeleton")}
    >>> inputs["skeleton_mask"] = keras.Input((32,), dtype="bool", name="skeleton_mask")
    >>> mm.models.recording(inputs, classes=27).output_shape
    (None, 27)

    Reference:
        [Chen et al., 2015](https://doi.org/10.1109/ICIP.2015.7350781)
    """
    chosen = _default_branches(inputs, units, dropout) | (branches or {})
    return assemble(
        inputs,
        branches={
            name: functools.partial(_summed_up, branch=branch, segments=segments, dropout=dropout)
            for name, branch in chosen.items()
        },
        fusion=fusion or DecisionFusion(units, name="fusion"),
        head=class_head(classes, dropout, inputs),
        name="recording",
    )


def _default_branches(inputs, units, dropout):
    branches = {}
    for name in inputs:
        if f"{name}_mask" not in inputs:
            continue
        rank, steps = len(inputs[name].shape) - 1, inputs[name].shape[1]
        branch = {2: motion if steps > 1 else mlp, 3: conv_lstm, 4: sequential_cnn}[rank]
        kwargs = {"dropout": dropout} if branch in (motion, mlp) else {}
        if branch is sequential_cnn:
            kwargs = {"filters": FILTERS, "hidden": units}
        branches[name] = functools.partial(branch, units=units, **kwargs)
    return branches


def _summed_up(inputs, mask, *, branch, segments, dropout):
    """The pooled features of a branch, `(B, 1, D)`."""
    features, mask = branch(inputs, mask)
    name = scope_name(inputs.name)
    pooling = TemporalPyramidPooling(min(segments, inputs.shape[1]), name=f"{name}_segments")
    norm = keras.layers.LayerNormalization(name=f"{name}_phases_norm")
    drop = keras.layers.Dropout(dropout, name=f"{name}_phases_dropout")
    vector = drop(norm(pooling(features, mask)))
    return vector[:, None], any_step(mask)[:, None]
