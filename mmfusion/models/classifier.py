"""Clips to the probabilities of classes."""

import functools

import keras

from mmfusion.branches.conv2d import conv2d
from mmfusion.branches.conv_lstm import conv_lstm
from mmfusion.branches.lip_reading import lip_reading
from mmfusion.branches.mlp import mlp
from mmfusion.branches.two_stream import two_stream
from mmfusion.branches.word_lstm import word_lstm
from mmfusion.fusion.gated import GatedFusion
from mmfusion.layers.sequence.masked_average_pooling import MaskedAveragePooling
from mmfusion.models.assemble import assemble
from mmfusion.specs import ClipSpec


def classifier(spec, *, classes, fusion=None, branches=None, units=64, dropout=0.3):
    """A model that takes a preprocessed batch and returns the probability of each class.

    Args:
        spec: `ClipSpec`; or, for corpora that come as features, a dict of modality name to shape
            `(T, D)`, `(T, P, F)` or `(T, H, W, C)`, where T may be `None`.
        classes: int. Number K of classes.
        fusion: fusion layer. Default `GatedFusion(units)`.
        branches: dict, modality name to branch, in place of the default ones: `two_stream` for the
            frames of a `ClipSpec` (`lip_reading` where its cleaning cuts mouths out), `conv2d` for
            other images, `conv_lstm` for spectrograms, `word_lstm` for words, `mlp` for features.
        units: int. Width D of the default branches and fusion. Default 64.
        dropout: float. Share of fused features dropped in training. Default 0.3.

    Returns:
        `keras.Model` from a dict of `name` and `name_mask` for each modality to float32 `(B, K)`.

    Raises:
        ValueError: if `classes` is below 2, or `branches` names an unknown modality.

    Example:

    >>> model = mm.models.classifier(mm.ClipSpec(modalities=("audio", "video")), classes=2)
    >>> model.output_shape
    (None, 2)
    >>> model = mm.models.classifier({"text": (63, 100), "audio": (63, 73)}, classes=7)
    >>> sorted(model.input)
    ['audio', 'audio_mask', 'text', 'text_mask']
    """
    if classes < 2:
        raise ValueError(f"`classes` must be at least 2. Received: classes={classes}")
    # === Layers ===
    inputs, defaults = _inputs(spec), _branches(spec, units)
    unknown = sorted(set(branches or {}) - set(defaults))
    if unknown:
        raise ValueError(
            f"`branches` must name some of {sorted(defaults)}. Received: {', '.join(unknown)}"
        )
    pooling = MaskedAveragePooling(name="pooling")
    drop = keras.layers.Dropout(dropout, name="dropout")
    probabilities = keras.layers.Dense(
        classes, activation="softmax", dtype="float32", name="probabilities"
    )

    # === Functional Model ===
    def head(fused, masks):
        if len(fused.shape) == 3:  # (B, T, D)
            fused = pooling(fused, masks)
        return probabilities(drop(fused))  # (B, K)

    return assemble(
        inputs,
        branches={**defaults, **(branches or {})},
        fusion=fusion or GatedFusion(units, name="fusion"),
        head=head,
        name="classifier",
    )


def _shapes(spec):
    return spec.ready_shapes if isinstance(spec, ClipSpec) else spec


def _inputs(spec):
    inputs = {}
    for name, shape in sorted(_shapes(spec).items()):
        words = isinstance(spec, ClipSpec) and name == "text"
        inputs[name] = keras.Input(shape, dtype="int32" if words else "float32", name=name)
        inputs[f"{name}_mask"] = keras.Input(shape[:1], dtype="bool", name=f"{name}_mask")
    return inputs


def _branches(spec, units):
    by_rank = {2: mlp, 3: conv_lstm, 4: conv2d}
    branches = {
        name: functools.partial(by_rank[len(shape)], units=units)
        for name, shape in _shapes(spec).items()
    }
    if isinstance(spec, ClipSpec):
        mouths = "video.mouth" in spec.cleaning
        own = {
            "text": functools.partial(word_lstm, vocabulary_size=spec.vocabulary_size, units=units),
            "video": functools.partial(lip_reading if mouths else two_stream, units=units),
        }
        branches |= {name: own[name] for name in own.keys() & branches.keys()}
    return branches
