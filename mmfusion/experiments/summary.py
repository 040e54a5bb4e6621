"""The folds of a cross-validation together: mean, spread, intervals and paired tests."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mmfusion.evaluation.paired import fold_interval, fold_test
from mmfusion.experiments.table import seeds_line, text_table

FIGURES = ("accuracy", "precision", "recall", "f1", "macro_f1", "auc")


def summary(found: Sequence[dict[str, Any]], *, folds: int) -> dict[str, Any]:
    """Brings the figures of folds and seeds together.

    Args:
        found: Sequence of dict, what `measure` returned for each fold.
        folds: int. Folds of each seed.

    Returns:
        dict of `mean` and `std` over folds and seeds of every figure, ablation, shortcut check and
        calibration included; `intervals`, the 95 % interval of each mean; and `tests`, the paired
        gain in accuracy over the majority class and over the best single modality.
    """
    rows = {name: [fold[name] for fold in found] for name in FIGURES}
    for subset in found[0]["ablation"]:
        rows[subset] = [fold["ablation"][subset]["accuracy"] for fold in found]
    rows["masks alone"] = [fold["leak"]["masks"]["accuracy"] for fold in found]
    rows["blanked"] = [fold["leak"]["blanked"]["accuracy"] for fold in found]
    rows["majority"] = [fold["majority"] for fold in found]
    rows["calibration error"] = [fold["calibration"]["ece"] for fold in found]
    if found[0].get("at_threshold"):
        for name in ("precision", "recall"):
            rows[f"{name} at threshold"] = [fold["at_threshold"][name] for fold in found]
    rows = {name: [x for x in values if x is not None] for name, values in rows.items()}
    rows = {name: values for name, values in rows.items() if values}
    return {
        "mean": {name: float(np.mean(values)) for name, values in rows.items()},
        "std": {name: float(np.std(values)) for name, values in rows.items()},
        "intervals": {name: _interval(values, folds) for name, values in rows.items()},
        "tests": _tests(rows, found, folds),
    }


def _interval(values, folds):
    """The interval of a share, which lies between 0 and 1."""
    interval = fold_interval(values, folds=folds)
    return interval and [max(0.0, interval[0]), min(1.0, interval[1])]


def _tests(rows, found, folds):
    singles = [name for name in found[0]["ablation"] if "+" not in name]
    best = max(singles, key=lambda name: np.mean(rows[name]))
    rivals = {"majority": rows["majority"]}
    if len(singles) > 1:
        rivals[best] = rows[best]
    return {
        name: fold_test(rows["accuracy"], theirs, folds=folds) for name, theirs in rivals.items()
    }


def summary_table(result: dict[str, Any]) -> str:
    """Mean, spread and interval of every figure, the tests, and the learning curve, as text."""
    rows = [
        [name, mean, result["std"][name], *(result["intervals"][name] or (None, None))]
        for name, mean in result["mean"].items()
    ]
    tests = [
        [name, test["gain"], *(test["interval"] or (None, None)), _p(test["p"])]
        for name, test in result["tests"].items()
    ]
    parts = [
        text_table([f"{len(result['folds'])} folds", "mean", "std", "from", "to (95 %)"], rows),
        text_table(["gain in accuracy over", "", "from", "to (95 %)", "p"], tests),
    ]
    if "curve" in result:
        curve = [[f"{row['rows']:.0f}", row["mean"], row["std"]] for row in result["curve"]]
        parts.append(text_table(["rows trained on", "accuracy", "std"], curve))
    return "\n\n".join(parts) + seeds_line(result)


def _p(p):
    return "-" if p is None else f"{p:.3f}" if p >= 0.001 else "< 0.001"
