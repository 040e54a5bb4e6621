"""Clips to the probabilities of classes."""

import functools
from collections.abc import Callable, Mapping

import keras

from mmfusion import defaults
from mmfusion.branches.conv2d import conv2d
from mmfusion.branches.conv_lstm import conv_lstm
from mmfusion.branches.lip_reading import lip_reading
from mmfusion.branches.mlp import mlp
from mmfusion.branches.two_stream import two_stream
from mmfusion.branches.word_lstm import word_lstm
from mmfusion.fusion.decision import DecisionFusion
from mmfusion.models.assemble import assemble
from mmfusion.models.class_head import class_head
from mmfusion.specs import ClipSpec


def classifier(
    spec: ClipSpec | Mapping[str, tuple[int | None, ...]],
    *,
    classes: int,
    fusion: keras.layers.Layer | None = None,
    branches: Mapping[str, Callable] | None = None,
    units: int = defaults.UNITS,
    dropout: float = defaults.DROPOUT,
    inputs: Mapping[str, keras.KerasTensor] | None = None,
) -> keras.Model:
    """A model that takes a preprocessed batch and returns the probability of each class.

    Args:
        spec: `ClipSpec`; or, for corpora that come as features, a dict of modality name to shape
            `(T, D)`, `(T, P, F)` or `(T, H, W, C)`, where T may be `None`.
        classes: int. Number K of classes.
        fusion: fusion layer. Default `DecisionFusion(units)`.
        branches: dict, modality name to branch, in place of the default ones: `two_stream` for the
            frames of a `ClipSpec` (`lip_reading` where its cleaning cuts mouths out), `conv2d` for
            other images, `conv_lstm` for spectrograms, `word_lstm` for words, `mlp` for features.
        units: int. Width D of the default branches and fusion. Default 64.
        dropout: float. Share of fused features dropped in training. Default 0.3.
        inputs: dict of `keras.Input`, in place of those of `spec`. With a `sequence` among them,
            int `(B,)`, each clip is classified in the context of those with the same number.

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
    inputs, default = inputs or _inputs(spec), default_branches(spec, units)
    unknown = sorted(set(branches or {}) - set(default))
    if unknown:
        raise ValueError(
            f"`branches` must name some of {sorted(default)}. Received: {', '.join(unknown)}"
        )

    # === Functional Model ===
    return assemble(
        inputs,
        branches={**default, **(branches or {})},
        fusion=fusion or DecisionFusion(units, name="fusion"),
        head=class_head(classes, dropout, inputs),
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


def default_branches(
    spec: ClipSpec | Mapping[str, tuple[int | None, ...]], units: int
) -> dict[str, Callable]:
    """The branches of the modalities of a spec, a dict of name to branch. See `classifier`."""
    by_rank: dict[int, Callable] = {2: mlp, 3: conv_lstm, 4: conv2d}
    branches: dict[str, Callable] = {
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
