"""Baseline: how far scikit-learn's models come on classic features, and by which modality."""

import collections
import dataclasses
import functools

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

from mmfusion.apps.classic.blocks import fold_blocks, join_blocks
from mmfusion.apps.classic.models import class_scores, fit_models
from mmfusion.apps.scores.table import text_table
from mmfusion.data.split import folds
from mmfusion.data.store import read_features

EARLY, LATE, VOTE = "early fusion", "late fusion", "vote"
SHUFFLES = 5
FIGURES = {
    "accuracy": accuracy_score,
    "weighted_f1": functools.partial(f1_score, average="weighted", zero_division=0),
    "macro_f1": functools.partial(f1_score, average="macro", zero_division=0),
}


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion baseline`.

    Args:
        features: str. `features.parquet` or a database's URL, as `mmfusion features` wrote it.
        label: str. The column of the class.
        group: str. The column that must not straddle a fold.
        families: tuple of str. Names as `audio.mfcc`; all if not given.
        folds: int. Number of folds.
        part: str. Score on this part of the manifest's own split instead, trained on `train`.
        seed: int.
    """

    features: str
    label: str = "label"
    group: str = "group"
    families: tuple[str, ...] | None = None
    folds: int = 5
    part: str | None = None
    seed: int = 0


Row = collections.namedtuple("Row", "id label group at")  # what `folds` asks of a clip


def run(options):
    """Fits every model on every family, every modality and their fusions, fold by fold.

    Early fusion puts all features side by side; late fusion takes the mean of what a model says of
    each family.

    Nothing is fitted on a clip that it is scored on: scalings and the weights of words are those
    of the clips trained on. The folds are those of `mmfusion crossval` with the same seed.

    Args:
        options: Options.

    Returns:
        dict: `accuracy`, `std` and `weighted_f1` of the best model by accuracy, its name `best`,
        the same of all `models`, `majority` (the accuracy of the commonest class), `importance` by
        modality (the accuracy lost where its features are shuffled between clips), and `n`.

    Raises:
        ValueError: if a column is missing, or there are too few clips, groups or classes.
    """
    table = read_features(options.features, families=options.families)
    rows = _rows(table, options)
    classes, labels = np.unique([row.label for row in rows], return_inverse=True)
    if len(classes) < 2 or not table.features:
        raise ValueError(
            f"{options.features}: expected two classes and features. "
            f"Received: classes {classes.tolist()}, features {sorted(table.features)}"
        )
    place = {row.id: at for at, row in enumerate(rows)}
    found = collections.defaultdict(list)
    lost = collections.defaultdict(list)
    for train, test in _parts(rows, table, options):
        train, test = ([place[row.id] for row in part] for part in (train, test))
        at = np.array([row.at for row in rows])
        blocks = fold_blocks(table, at[train], at[test])
        scores, drops = _score_fold(blocks, labels[train], labels[test], options.seed)
        for name, predicted in scores.items():
            found[name].append({k: of(labels[test], predicted) for k, of in FIGURES.items()})
        for name, drop in drops.items():
            lost[name].append(drop)
    models = {name: _spread(figures) for name, figures in sorted(found.items())}
    best = max(models, key=lambda name: models[name]["accuracy"])
    return {
        "n": len(rows),
        "classes": classes.tolist(),
        "best": best,
        **models[best],
        "majority": float(np.bincount(labels).max() / len(labels)),
        "models": models,
        "importance": {
            name: {"accuracy_lost": float(np.mean(drops)), "std": float(np.std(drops))}
            for name, drops in sorted(lost.items())
        },
        "quarantined": table.quarantined,
    }


def table(result):
    """The models, the best first, and what each modality earns, as text."""
    rows = sorted(result["models"].items(), key=lambda item: -item[1]["accuracy"])
    figures = ("accuracy", "std", "weighted_f1", "macro_f1")
    told = [[name, *(model[figure] for figure in figures)] for name, model in rows]
    told.append(["always the commonest class", result["majority"], None, None, None])
    lost = [[name, *drop.values()] for name, drop in result["importance"].items()]
    return "\n\n".join(
        [
            text_table(
                [f"{result['n']} clips", "accuracy", "std", "weighted F1", "macro F1"], told
            ),
            *([text_table(["shuffled", "accuracy lost", "std"], lost)] if lost else []),
        ]
    )


def _rows(table, options):
    """The clips that have a label."""
    labels = table.column(options.label)
    alone = options.group == "group" and options.group not in table.columns
    groups = [None] * len(table) if alone else table.column(options.group)
    rows = zip(table.ids, labels, groups, range(len(table)), strict=True)
    return [Row(*row) for row in rows if row[1] is not None]


def _parts(rows, table, options):
    """Pairs of rows to train on and to score."""
    if options.part is None:
        return folds(rows, options.folds, seed=options.seed)
    splits = table.column("split")
    train, test = (
        [row for row in rows if splits[row.at] == name] for name in ("train", options.part)
    )
    if not train or not test:
        raise ValueError(
            f"{options.features}: expected clips of the parts 'train' and {options.part!r}. "
            f"Received: parts {sorted({str(name) for name in splits})}"
        )
    return [(train, test)]


def _subsets(names):
    """Families by what they are told as: each alone, those of a modality, and all of them."""
    modalities = {}
    for name in names:
        modalities.setdefault(name.partition(".")[0], []).append(name)
    subsets = {}
    for modality, families in modalities.items():
        if len(families) > 1:
            subsets |= {family: [family] for family in families}
        subsets[modality] = families
    if len(modalities) > 1:
        subsets[EARLY] = list(names)
    return subsets


def _score_fold(blocks, seen, unseen, seed):
    """What each model predicts, and what shuffling a modality costs the vote on all of them."""
    scores, lost, late = {}, {}, collections.defaultdict(list)
    for subset, names in _subsets(blocks).items():
        train, test = (join_blocks([blocks[name][part] for name in names]) for part in (0, 1))
        models = fit_models(train, seen, seed=seed)
        given = {name: class_scores(model, test) for name, model in models.items()}
        given[VOTE] = np.mean(list(given.values()), axis=0)
        for name, weights in given.items():
            scores[f"{name}, {subset}"] = weights.argmax(axis=1)
            late[name] += [weights] if len(names) == 1 else []
        if subset == EARLY:
            lost = _shuffled(models, {name: blocks[name][1] for name in names}, unseen, seed)
    for name, weights in late.items():
        if len(weights) == len(blocks) > 1:
            scores[f"{name}, {LATE}"] = np.mean(weights, axis=0).argmax(axis=1)
    return scores, lost


def _shuffled(models, tests, unseen, seed):
    """Accuracy that the vote of models loses where one modality is another clip's."""
    rng = np.random.default_rng(seed)

    def accuracy(matrices):
        test = join_blocks(list(matrices.values()))
        weights = np.mean([class_scores(model, test) for model in models.values()], axis=0)
        return np.mean(weights.argmax(axis=1) == unseen)

    whole, lost = accuracy(tests), {}
    for modality in sorted({name.partition(".")[0] for name in tests}):
        drops = []
        for _ in range(SHUFFLES):
            other = rng.permutation(len(unseen))
            mixed = {
                name: matrix[other] if name.startswith(f"{modality}.") else matrix
                for name, matrix in tests.items()
            }
            drops.append(whole - accuracy(mixed))
        lost[modality] = float(np.mean(drops))
    return lost


def _spread(figures):
    """Mean of every figure over the folds, and the standard deviation of the accuracy."""
    means = {name: float(np.mean([row[name] for row in figures])) for name in FIGURES}
    return {**means, "std": float(np.std([row["accuracy"] for row in figures]))}
