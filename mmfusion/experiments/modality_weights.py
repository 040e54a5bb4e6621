"""How much each modality of a run counts in its decision, found on the validation part."""

import functools

import keras
import numpy as np
import tensorflow as tf
from scipy.special import softmax

from mmfusion.evaluation.masking import modalities, only
from mmfusion.evaluation.opinion_pool import opinion_weights
from mmfusion.evaluation.predictions import predictions
from mmfusion.fusion.decision import DecisionFusion
from mmfusion.specs import MASK_SUFFIX


def weigh_modalities(model: keras.Model, data: tf.data.Dataset) -> dict[str, float] | None:
    """Weighs the decisions of modalities by those on rows that were not trained on.

    A modality that overfits the training rows is as sure of others, and as wrong. Only models
    whose fusion is a `DecisionFusion` of plain numbers, without learned weights, have any to find:
    with the softmax after it, it is a logarithmic opinion pool.

    Args:
        model: keras.Model; the weights are set in it.
        data: tf.data.Dataset of the validation rows.

    Returns:
        dict of modality to its weight among all, of sum 1; `None` where there is nothing to weigh.
    """
    fusion = next((layer for layer in model.layers if isinstance(layer, DecisionFusion)), None)
    if fusion is None or fusion.learned or fusion.activation is not None:
        return None
    names = modalities(model)
    views = {name: functools.partial(only, kept=(name,)) for name in names}
    predicted, labels = predictions(model, data, views)
    present = np.concatenate([_present(inputs, names) for inputs, *_ in data])  # (N, M)
    logits = opinion_weights(labels, np.stack([predicted[name] for name in names]), present)
    fusion.logits.assign(logits)
    return dict(zip(names, softmax(logits).tolist(), strict=True))


def _present(inputs, names):
    return np.stack([np.any(inputs[name + MASK_SUFFIX], axis=1) for name in names], axis=1)
