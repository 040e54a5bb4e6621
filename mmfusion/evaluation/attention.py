"""Which modality, and which step, attends to what: the attention of a model's fusion, drawn."""

import inspect
from collections.abc import Mapping

import keras
import numpy as np
from matplotlib.figure import Figure

from mmfusion.evaluation.masking import modalities
from mmfusion.evaluation.plots import ACCENT, INK

ASKED = "return_attention_scores"


def attention(
    model: keras.Model, inputs: Mapping[str, np.ndarray]
) -> np.ndarray | dict[str, np.ndarray]:
    """The attention scores of a model's fusion.

    Args:
        model: keras.Model with dict inputs, `<modality>_mask` among them, and a fusion that can
            return its scores.
        inputs: dict of arrays, one batch.

    Returns:
        What the fusion returns, as arrays: `(B, M)`, one weight for each modality in the order of
        their names; `(B, heads, T, S)`, what each step attends to; `(B, T, H, W)`, the places of a
        frame; or a dict of name to the second.

    Raises:
        ValueError: if no layer of the model can return attention scores.
    """
    names = modalities(model)
    for layer in model.layers:
        if ASKED in inspect.signature(layer.call).parameters and len(layer.input) == 2 * len(names):
            break
    else:
        raise ValueError(
            "A layer that fuses and returns attention scores is needed, as `CrossAttentionFusion`. "
            f"Received: {[layer.name for layer in model.layers]}"
        )
    read = keras.Model(model.input, layer.input).predict(inputs, verbose=0)
    features, masks = read[: len(names)], read[len(names) :]
    pairs = (dict(zip(names, part, strict=True)) for part in (features, masks))
    _, scores = layer(*pairs, return_attention_scores=True)
    return keras.tree.map_structure(keras.ops.convert_to_numpy, scores)


def plot_attention(
    model: keras.Model, inputs: Mapping[str, np.ndarray], *, clip: int = 0
) -> Figure:
    """Draws what one clip's steps and modalities attend to, heads averaged.

    Args:
        model: keras.Model, as `attention` takes it.
        inputs: dict of arrays, one batch.
        clip: int. Which clip of the batch.

    Returns:
        matplotlib.figure.Figure with one heat map for each pair of modalities, or a single one.

    Raises:
        ValueError: if no layer of the model can return attention scores.
    """
    scores, names = attention(model, inputs), modalities(model)
    if isinstance(scores, dict):
        maps = {name: each[clip].mean(axis=0) for name, each in scores.items()}
    elif scores.ndim == 2:
        return _bars(scores[clip], names)
    else:
        spatial = scores.ndim == 4 and scores.shape[1] == inputs[f"{names[0]}_mask"].shape[1]
        one = scores[clip]
        maps = {"places": one.reshape(len(one), -1)} if spatial else {"steps": one.mean(axis=0)}
    figure = Figure(figsize=(3.4 * len(maps), 3.2), layout="constrained")
    for ax, (name, each) in zip(np.ravel(figure.subplots(1, len(maps))), maps.items(), strict=True):
        image = ax.imshow(each, cmap="Blues", vmin=0, aspect="auto")
        ax.set_title(name, color=INK, fontsize=10)
        ax.set(xlabel="attended to", ylabel="step")
        figure.colorbar(image, ax=ax, shrink=0.8)
    return figure


def _bars(weights, names):
    figure = Figure(figsize=(3.4, 0.6 + 0.4 * len(names)), layout="constrained")
    ax = figure.subplots()
    ax.barh(names, weights, color=ACCENT)
    ax.invert_yaxis()
    ax.set(xlim=(0, 1), xlabel="weight")
    return figure
