"""One self-contained HTML page that shows a report to a reader."""

import importlib.resources
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import jinja2
import markupsafe
import matplotlib
from matplotlib.figure import Figure

from mmfusion.evaluation import plots
from mmfusion.evaluation.report import Report

FIGURES = {
    "accuracy": "Accuracy",
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "macro_f1": "Macro F1",
    "auc": "AUC",
}


def page(
    report: Report,
    *,
    title: str,
    ablation: Mapping[str, Any] | None = None,
    leak: Mapping[str, Any] | None = None,
    history: Mapping[str, Sequence[float]] | None = None,
    quarantined: Sequence[Mapping[str, Any]] = (),
    environment: Mapping[str, str] | None = None,
) -> str:
    """Renders a report and what goes with it as HTML that needs nothing else.

    Args:
        report: Report.
        title: str.
        ablation: dict, from `mm.evaluation.ablation`. A row may hold a `"ceiling"`, the accuracy
            that no model can pass with that subset.
        leak: dict, from `mm.evaluation.shortcut_check`.
        history: dict of metric to its values by epoch.
        quarantined: Sequence of `{"id", "kind", "reason"}`, the clips that could not be read.
        environment: dict of str to str.

    Returns:
        str.
    """
    drawn = {
        "confusion": plots.confusion(report.confusion, report.classes),
        "per_class": plots.per_class(report.per_class),
        "reliability": plots.reliability(report.calibration["bins"]),
    }
    if ablation:
        drawn["ablation"] = plots.ablation(ablation)
    if history:
        drawn["loss"] = plots.history(history)
        drawn["accuracy"] = plots.history(history, metric="accuracy")
    template = importlib.resources.files(__package__).joinpath("page.html")
    engine = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    engine.filters |= {"percent": percent, "span": span}
    return engine.from_string(template.read_text(encoding="utf-8")).render(
        title=title,
        report=report,
        figures=FIGURES,
        ablation=ablation,
        leak=leak,
        quarantined=quarantined,
        environment=environment,
        drawn={name: svg(figure) for name, figure in drawn.items()},
    )


def percent(share: float | None, signed: bool = False) -> str:
    """A share as text: `0.931` is "93.1", None is a dash.

    Example:

    >>> percent(0.931), percent(0.05, signed=True)
    ('93.1', '+5.0')
    """
    if share is None:
        return "\u2013"
    return f"{100 * share:+.1f}" if signed else f"{100 * share:.1f}"


def span(interval: Sequence[float] | None, signed: bool = False) -> str:
    """An interval of shares as text: `[0.9, 0.95]` is "90.0 to 95.0", None is empty.

    Example:

    >>> span([0.9, 0.95])
    '90.0 to 95.0'
    """
    return " to ".join(percent(end, signed) for end in interval) if interval else ""


def svg(figure: Figure) -> markupsafe.Markup:
    """A figure as inline SVG that takes its ink from the page, so that it is read in the dark too.

    Args:
        figure: matplotlib.figure.Figure.

    Returns:
        markupsafe.Markup.
    """
    file = io.StringIO()
    plain: Any = {"svg.fonttype": "none", "svg.hashsalt": "mmfusion"}
    with matplotlib.rc_context(plain), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # the browser has the letters
        nothing = dict.fromkeys(["Creator", "Date", "Format", "Type"])
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    text = file.getvalue()
    text = text[text.index("<svg") :].replace(plots.INK, "currentColor")
    text = text.replace(plots.FAINT, "var(--faint)")
    return markupsafe.Markup(re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL))
