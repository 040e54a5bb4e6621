"""What scikit-learn's models predict for a fold, and which is best within what is trained on."""

import collections
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from mmfusion.baselines.feature_matrices import fold_blocks, join_blocks
from mmfusion.baselines.models import class_scores, fit_models
from mmfusion.data.feature_table import FeatureTable

EARLY, LATE, VOTE = "early fusion", "late fusion", "vote"
SHUFFLES = 5


def predict(
    blocks: Mapping[str, Any],
    labels: np.ndarray,
    test_labels: np.ndarray | None = None,
    *,
    seed: int,
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Fits every model on every feature set, every modality and their fusions.

    Early fusion puts all features side by side; late fusion takes the mean of what a model predicts
    from each set; a vote is the mean of what all models predict.

    Args:
        blocks: dict, as `fold_blocks` returns it.
        labels: int array, the classes of the rows to train on.
        test_labels: int array, the classes of the rows to score. Nothing is shuffled without.
        seed: int.

    Returns:
        Pair of dicts: of a model's name to the classes it predicts, and of a modality to the
        accuracy that the vote on all features loses where that modality is another clip's.
    """
    predicted: dict[str, np.ndarray] = {}
    lost: dict[str, float] = {}
    late: dict[str, list[np.ndarray]] = collections.defaultdict(list)
    classes = np.unique(labels)  # those that the models know
    for subset, names in _subsets(blocks).items():
        train, test = (join_blocks([blocks[name][part] for name in names]) for part in (0, 1))
        models = fit_models(train, labels, seed=seed)
        found = {name: class_scores(model, test) for name, model in models.items()}
        found[VOTE] = np.mean(list(found.values()), axis=0)
        for name, weights in found.items():
            predicted[f"{name}, {subset}"] = classes[weights.argmax(axis=1)]
            late[name] += [weights] if len(names) == 1 else []
        if subset == EARLY and test_labels is not None:
            tests = {name: blocks[name][1] for name in names}
            lost = _shuffled(models, tests, test_labels, seed)
    for name, each in late.items():
        if len(each) == len(blocks) > 1:
            predicted[f"{name}, {LATE}"] = classes[np.mean(each, axis=0).argmax(axis=1)]
    return predicted, lost


def count_right(
    table: FeatureTable,
    labels: np.ndarray,
    parts: Iterable[tuple[np.ndarray, np.ndarray]],
    *,
    seed: int,
) -> collections.Counter:
    """How many clips each model is right about, each on parts that it was not trained on.

    Args:
        table: FeatureTable.
        labels: int array, the class of each row of the table.
        parts: iterable of pairs of int arrays, rows to train on and rows to score. One that lacks a
            class to train on is passed over.
        seed: int.

    Returns:
        Counter of the names of models.
    """
    right: collections.Counter = collections.Counter()
    parts = list(parts)
    classes = np.unique([labels[row] for _, held in parts for row in held])
    for train, test in parts:
        if len(np.unique(labels[train])) < len(classes):
            continue
        predicted, _ = predict(fold_blocks(table, train, test), labels[train], seed=seed)
        for name, found in predicted.items():
            right[name] += int(np.sum(found == labels[test]))
    return right


def _subsets(names):
    """Feature sets by their name in a report: each alone, those of a modality, all of them."""
    modalities = {}
    for name in names:
        modalities.setdefault(name.partition(".")[0], []).append(name)
    subsets = {}
    for modality, sets in modalities.items():
        if len(sets) > 1:
            subsets |= {name: [name] for name in sets}
        subsets[modality] = sets
    if len(modalities) > 1:
        subsets[EARLY] = list(names)
    return subsets


def _shuffled(models, tests, test_labels, seed):
    """Accuracy that the vote of models loses where one modality is another clip's."""
    rng = np.random.default_rng(seed)
    classes = next(iter(models.values())).classes_

    def accuracy(matrices):
        test = join_blocks(list(matrices.values()))
        weights = np.mean([class_scores(model, test) for model in models.values()], axis=0)
        return np.mean(classes[weights.argmax(axis=1)] == test_labels)

    whole, lost = accuracy(tests), {}
    for modality in sorted({name.partition(".")[0] for name in tests}):
        drops = []
        for _ in range(SHUFFLES):
            other = rng.permutation(len(test_labels))
            mixed = {
                name: matrix[other] if name.startswith(f"{modality}.") else matrix
                for name, matrix in tests.items()
            }
            drops.append(whole - accuracy(mixed))
        lost[modality] = float(np.mean(drops))
    return lost
