"""The model of a corpus: branches by the names in `Network`, its fusion, and the head."""

import functools
from collections.abc import Callable, Mapping
from typing import Literal

import keras

from mmfusion.branches.conv_maps import conv_maps
from mmfusion.branches.mlp import mlp
from mmfusion.experiments.tables import BRANCHES, FUSIONS
from mmfusion.models.classifier import classifier, default_branches
from mmfusion.models.contextual import contextual
from mmfusion.models.recording import recording
from mmfusion.options.network import Network
from mmfusion.specs import MASK_SUFFIX, SENTENCES_SUFFIX, ClipSpec

Branches = dict[str, Callable]
Kind = Literal["clips", "recordings", "sequences"]


def build_model(
    prep: keras.Model,
    network: Network,
    *,
    kind: Kind,
    classes: int,
    branches: Branches,
    spec: ClipSpec | None = None,
) -> keras.Model:
    """Builds the model that takes what a Preprocessor returns.

    Args:
        prep: keras.Model. The Preprocessor.
        network: Network.
        kind: str. `"clips"`, whose modalities share one time grid; `"recordings"`, whose
            modalities may differ in steps; or `"sequences"`, a label for each step.
        classes: int. Number K of classes.
        branches: dict of modality of words to its branch.
        spec: ClipSpec of the clips, if there are any.

    Returns:
        keras.Model to probabilities `(B, K)`, of sequences `(B, T, K)`.

    Raises:
        ValueError: if `network.branches` names an unknown modality, or a branch that does not fit.
    """
    inputs = {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in prep.output.items()
    }
    branches = (
        _tower_branches(network, spec)
        | named_branches(inputs, network)
        | {
            name: functools.partial(branch, sentences=inputs.get(name + SENTENCES_SUFFIX))
            for name, branch in branches.items()
        }
    )
    kwargs = {
        "classes": classes,
        "fusion": FUSIONS[network.fusion](network.units),
        "units": network.units,
        "dropout": network.dropout,
    }
    if kind == "clips" and spec is not None:
        return classifier(spec, inputs=inputs, branches=branches, **kwargs)
    if spec is not None:
        branches = default_branches(spec, network.units) | branches
    make = contextual if kind == "sequences" else recording
    return make(inputs, branches=branches, **kwargs)


def _tower_branches(network: Network, spec: ClipSpec | None) -> Branches:
    """Branches of the features of frozen towers, step by step."""
    read = functools.partial(mlp, units=network.units, dropout=network.dropout)
    return {name: read for name in network.towers if spec and name in spec.modalities}


def named_branches(inputs: Mapping[str, keras.KerasTensor], network: Network) -> Branches:
    """The branches that `network` names, each fit for the rank of its inputs.

    Spatial fusion, which lays modalities over places, is given frames as maps unless it names them
    another branch.

    Args:
        inputs: dict of `keras.Input`.
        network: Network.

    Returns:
        dict of modality to branch.

    Raises:
        ValueError: if there is no such modality, or the branch does not fit it.
    """
    found: Branches = {}
    if network.fusion == "spatial":
        frames = [name for name, tensor in inputs.items() if len(tensor.shape) == 5]
        found = dict.fromkeys(frames, functools.partial(conv_maps, units=network.units))
    for modality, name in network.branches.items():
        if modality + MASK_SUFFIX not in inputs:
            known = sorted(each for each in inputs if each + MASK_SUFFIX in inputs)
            raise ValueError(f"`branches` must name some of {known}. Received: {modality!r}")
        table = BRANCHES.get(len(inputs[modality].shape), {})
        if name not in table:
            raise ValueError(
                f"`branches` of {modality} must be one of {', '.join(table)}. Received: {name!r}"
            )
        found[modality] = functools.partial(table[name], units=network.units)
    return found
