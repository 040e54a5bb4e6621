"""Whether the score could come from which modalities are present instead of from what they hold."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GroupKFold, cross_val_predict

from mmfusion.evaluation.bootstrap import intervals
from mmfusion.evaluation.masking import blank, modalities
from mmfusion.evaluation.predictions import labelled, predictions
from mmfusion.specs import MASK_SUFFIX

FOLDS = 5


def shortcut_check(
    model: keras.Model,
    dataset: Iterable[tuple],
    *,
    groups: Sequence[str] | np.ndarray | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Scores what can be scored without any content: the shortcut check (leakage).

    Args:
        model: keras.Model with dict inputs, `<modality>_mask` among them, that predicts
            probabilities.
        dataset: Iterable of `(inputs, labels)` batches in the order of `groups`.
        groups: Sequence of N. Clips of one group never straddle a fold and are resampled together.
        seed: int. Of the folds, the classifier and the bootstrap.

    Returns:
        dict of `"masks"`, what a random forest with only the presence and the number of valid
        steps of each modality as input scores in grouped 5-fold cross-validation on these clips;
        `"fitted"`, the accuracy of the best rule from presence to label, found on these very clips
        and so the most that presence could score; `"blanked"`, what the model scores when every
        content is zero and the masks are true; `"majority"`, the accuracy of always naming the
        commonest class; and `"verdict"`, a sentence. `"masks"` and `"blanked"` are dicts of
        `"accuracy"` and its 95 % bootstrap `"interval"`. What too few clips cannot show is None.
    """
    names = modalities(model)
    counts = []

    def noted():
        for inputs, batch_labels, *weights in dataset:
            chosen = labelled(batch_labels, weights)
            masks = [np.asarray(inputs[name + MASK_SUFFIX]) for name in names]
            steps = chosen.ndim == 2  # then each counts for itself
            counts.append([mask[chosen] if steps else mask.sum(axis=1) for mask in masks])
            yield inputs, batch_labels, *weights

    outputs, labels = predictions(model, noted(), {"blanked": blank})
    groups = np.arange(len(labels)) if groups is None else np.asarray(groups)
    valid = np.concatenate([np.zeros((0, len(names))), *(np.stack(rows, 1) for rows in counts)])
    row = {
        "masks": _accuracy(_cross_validated(valid, labels, groups, seed), groups, seed),
        "blanked": _accuracy(outputs["blanked"].argmax(axis=1) == labels, groups, seed),
        "majority": _best_rule(np.zeros((len(labels), 1)), labels),
    }
    return {"fitted": _best_rule(valid > 0, labels), **row, "verdict": verdict(**row)}


def verdict(masks: Mapping[str, Any], blanked: Mapping[str, Any], majority: float) -> str:
    """The shortcut check as a sentence.

    Args:
        masks: dict with the `"interval"` of the masks' classifier.
        blanked: dict with the `"interval"` of the model on blanked clips.
        majority: float. Accuracy of always naming the commonest class.

    Returns:
        str.
    """
    if masks["interval"] is None or blanked["interval"] is None:
        return "Too few clips to know whether presence alone predicts the label."
    predicts, uses = (row["interval"][0] > majority for row in (masks, blanked))
    first = "predicts" if predicts else "does not predict"
    second = "beats" if uses else "does not beat"
    ending = ": a leak." if predicts and uses else "."
    return (
        f"Presence {first} the label of unseen groups; "
        f"the model, on blank clips, {second} the majority{ending}"
    )


def _cross_validated(valid, labels, groups, seed):
    """Whether guesses from the valid steps `(N, M)` are right out of fold, `(N,)`."""
    folds = min(FOLDS, len(np.unique(groups)))
    if folds < 2:
        return np.zeros(0, bool)
    features = np.concatenate([valid, valid > 0], axis=1)  # (N, 2M)
    forest = RandomForestClassifier(100, max_depth=4, min_samples_leaf=3, random_state=seed)
    cut = GroupKFold(folds, shuffle=True, random_state=seed)
    return cross_val_predict(forest, features, labels, groups=groups, cv=cut) == labels


def _best_rule(presence, labels):
    """Accuracy of naming the commonest label of each row of `presence`, `(N, M)`."""
    if not len(labels):
        return None
    patterns, place = np.unique(presence, axis=0, return_inverse=True)
    counts = np.zeros((len(patterns), labels.max() + 1))
    np.add.at(counts, (place.ravel(), labels), 1)
    return float(counts.max(axis=1).sum() / len(labels))


def _accuracy(right, groups, seed):
    if not len(right):
        return {"accuracy": None, "interval": None}

    def mean(weights):
        return {"accuracy": weights @ right / np.maximum(weights.sum(axis=1), 1)}

    interval = intervals(mean, groups, seed=seed)["accuracy"]
    return {"accuracy": float(right.mean()), "interval": interval}
