"""Score a model on records and leave the figures, the plots and the page beside it."""

from pathlib import Path

from mmfusion.evaluation import plots
from mmfusion.evaluation.ablation import ablation
from mmfusion.evaluation.leak import leak
from mmfusion.evaluation.page import page
from mmfusion.evaluation.report import report
from mmfusion.files import replacing, write_json
from mmfusion.training.history import read_history
from mmfusion.training.run_folder import environment


def measure(model, data, records, *, classes, positive=None, out=None, ceilings=None):
    """Reports, ablates and looks for a leak; with `out`, writes all of it there.

    Args:
        model: keras.Model that gives probabilities `(B, K)`.
        data: tf.data.Dataset of `(inputs, labels)`, the labelled clips of `records` in order.
        records: Records. Gives the clips' ids and groups, and what was quarantined.
        classes: sequence of str.
        positive: str. The class that precision, recall, F1 and AUC speak of.
        out: Path of a folder for `metrics.json`, `plots/*.png` and `report.html`, or `None`.
        ceilings: dict of number of modalities to the accuracy that no model can pass with so many.

    Returns:
        dict, as `mmfusion evaluate --json` prints it.
    """
    rows = [row for row in records.rows if row["label"] is not None]
    groups = [row["group"] or row["id"] for row in rows]
    asked = {"classes": classes, "positive": positive, "groups": groups}
    scored = report(model, data, ids=[row["id"] for row in rows], **asked)
    subsets = ablation(model, data, **asked)
    for subset, row in subsets.items() if ceilings else ():
        row["ceiling"] = ceilings[subset.count("+") + 1]
    leaked = leak(model, data, groups=groups)
    metrics = {
        **scored.to_dict(),
        "ablation": subsets,
        "leak": leaked,
        "quarantined": list(records.quarantined),
    }
    if out is not None:
        out = Path(out)
        write_json(out / "metrics.json", metrics)
        history = read_history(out / "history.csv") if (out / "history.csv").is_file() else None
        _write_plots(out / "plots", scored, subsets, history)
        html = page(
            scored,
            title=out.resolve().name,
            ablation=subsets,
            leak=leaked,
            history=history,
            quarantined=records.quarantined,
            environment=environment(),
        )
        with replacing(out / "report.html") as temporary:
            temporary.write_text(html, encoding="utf-8")
    return metrics


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
