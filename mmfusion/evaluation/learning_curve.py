"""What more clips would bring: accuracy by the number of rows trained on."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmfusion.evaluation import plots


def learning_curve(rows: Sequence[Mapping[str, Any]], *, ax: Axes | None = None) -> Figure:
    """Mean accuracy and its spread against the number of rows trained on.

    Args:
        rows: Sequence of dict of `"rows"`, `"mean"` and `"std"`.
        ax: matplotlib Axes to draw into; a new figure by default.

    Returns:
        matplotlib.figure.Figure.
    """
    ax = plots.axes(ax, (4.6, 2.9))
    counts = [row["rows"] for row in rows]
    low, high = ([100 * (row["mean"] + sign * row["std"]) for row in rows] for sign in (-1, 1))
    ax.fill_between(counts, low, high, color=plots.ACCENT, alpha=0.15, lw=0)
    ax.plot(counts, [100 * row["mean"] for row in rows], "o-", color=plots.ACCENT, lw=2)
    ax.set(xlabel="rows trained on", ylabel="accuracy, %")
    ax.grid(axis="both", color=plots.FAINT, alpha=0.22, lw=0.8)
    return plots.figure_of(ax)
