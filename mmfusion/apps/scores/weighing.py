"""How much each modality of a trained run counts in the decision, found on its validation clips."""

import functools

import numpy as np
from scipy.special import softmax

from mmfusion.evaluation.masking import modalities, only
from mmfusion.evaluation.opinion_pool import opinion_weights
from mmfusion.evaluation.predictions import predictions
from mmfusion.fusion.decision import DecisionFusion
from mmfusion.specs import MASK_SUFFIX
from mmfusion.training.best_model import save_model


def weigh_modalities(run, data):
    """Weighs the decisions of modalities by what they say of clips that were not trained on.

    A modality that knows the training clips by heart is as sure of others, and as wrong. Only runs
    whose fusion is a `DecisionFusion` of plain numbers, without learned weights, have any to find:
    with the softmax after it, it is a logarithmic opinion pool.

    Args:
        run: Run; the weights are set in its model and in `best.keras`.
        data: tf.data.Dataset of the validation clips.

    Returns:
        dict of modality to its weight among all, of sum 1; `None` where there is nothing to weigh.
    """
    fusion = next((layer for layer in run.model.layers if isinstance(layer, DecisionFusion)), None)
    if fusion is None or fusion.learned or fusion.activation is not None:
        return None
    names = modalities(run.model)
    views = {name: functools.partial(only, kept=(name,)) for name in names}
    said, labels = predictions(run.model, data, views)
    present = np.concatenate([_present(inputs, names) for inputs, *_ in data])  # (N, M)
    logits = opinion_weights(labels, np.stack([said[name] for name in names]), present)
    fusion.logits.assign(logits)
    save_model(run.model, run.folder / "best.keras")
    return dict(zip(names, softmax(logits).tolist(), strict=True))


def _present(inputs, names):
    return np.stack([np.any(inputs[name + MASK_SUFFIX], axis=1) for name in names], axis=1)
