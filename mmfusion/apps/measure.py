"""Score a model on records and leave the figures, the plots and the page beside it."""

import csv
from pathlib import Path

from mmfusion.evaluation import plots
from mmfusion.evaluation.ablation import ablation
from mmfusion.evaluation.leak import leak
from mmfusion.evaluation.page import page
from mmfusion.evaluation.report import report
from mmfusion.files import replacing, write_json
from mmfusion.training.run_folder import environment


def measure(model, data, rows, *, classes, positive=None, quarantined=(), out=None):
    """Reports, ablates and looks for a leak; with `out`, writes all of it there.

    Args:
        model: keras.Model that gives probabilities `(B, K)`.
        data: tf.data.Dataset of `(inputs, labels)` in the order of `rows`.
        rows: list of dict with `id` and `group`, one for each clip of `data`.
        classes: sequence of str.
        positive: str. The class that precision, recall, F1 and AUC speak of.
        quarantined: sequence of dict. The clips that could not be read.
        out: Path of a folder for `metrics.json`, `plots/*.png` and `report.html`, or `None`.

    Returns:
        dict, as `mmfusion evaluate --json` prints it.
    """
    groups = [row["group"] or row["id"] for row in rows]
    asked = {"classes": classes, "positive": positive, "groups": groups}
    scored = report(model, data, ids=[row["id"] for row in rows], **asked)
    subsets = ablation(model, data, **asked)
    leaked = leak(model, data, groups=groups)
    metrics = {
        **scored.to_dict(),
        "ablation": subsets,
        "leak": leaked,
        "quarantined": list(quarantined),
    }
    if out is not None:
        out = Path(out)
        write_json(out / "metrics.json", metrics)
        history = read_history(out / "history.csv")
        _write_plots(out / "plots", scored, subsets, history)
        html = page(
            scored,
            title=out.resolve().name,
            ablation=subsets,
            leak=leaked,
            history=history,
            quarantined=quarantined,
            environment=environment(),
        )
        with replacing(out / "report.html") as temporary:
            temporary.write_text(html, encoding="utf-8")
    return metrics


def read_history(path):
    """The columns of a `history.csv` by name, or `None` where there is no such file."""
    if not path.is_file():
        return None
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        name: [float(row[name] or "nan") for row in rows] for name in rows[0] if name != "epoch"
    }


def _write_plots(folder, scored, subsets, history):
    folder.mkdir(exist_ok=True)
    figures = {
        "ablation": plots.ablation(subsets),
        "calibration": plots.reliability(scored.calibration["bins"]),
        "confusion": scored.plot(),
        "per_class": plots.per_class(scored.per_class),
    }
    if history:
        figures["history"] = plots.history(history)
    for name, figure in figures.items():
        figure.savefig(folder / f"{name}.png", dpi=150, bbox_inches="tight")
