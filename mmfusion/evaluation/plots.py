"""Figures of a report: each function takes data and `ax=None` and returns a `Figure`."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

INK = "#1f2a37"
FAINT = "#8a94a3"
ACCENT = "#2f6db5"
WARM = "#d97732"
LONGEST = 20  # letters of a class name
FONTS = (  # the first has no Chinese, Japanese or Korean
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "Malgun Gothic",
)
SHADES = (0.30, 0.60, 1.0)


def confusion(
    matrix: Sequence[Sequence[float]], classes: Sequence[str], *, ax: Axes | None = None
) -> Figure:
    """The confusion matrix: true classes in rows, each row shaded by its shares.

    Args:
        matrix: K lists of K counts.
        classes: Names of the K classes.
        ax: matplotlib Axes to draw into; a new figure by default.

    Returns:
        matplotlib.figure.Figure.
    """
    counts = np.asarray(matrix)  # (K, K)
    k = len(classes)
    side_in = min(9.0, 1.6 + 0.36 * k)
    ax = axes(ax, (side_in + 0.2, side_in))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = max(4.0, min(9.0, 200 / max(k, 1)))
    for (row, column), share in np.ndenumerate(shares):
        tile = (column - 0.47, row - 0.47)
        ax.add_patch(_tile(tile, 0.94, (0.06 + 0.94 * share) if counts[row, column] else 0.04))
        if counts[row, column] and k <= 30:
            ink = "white" if share > 0.5 else INK
            ax.text(
                column, row, counts[row, column], color=ink, ha="center", va="center", size=size
            )
    ax.set(xlim=(-0.5, k - 0.5), ylim=(k - 0.5, -0.5), aspect="equal")
    _name(ax.xaxis, classes, rotation=45 if k > 4 else 0, ha="right" if k > 4 else "center")
    _name(ax.yaxis, classes)
    ax.tick_params(labelsize=size)
    ax.set(xlabel="predicted", ylabel="true")
    ax.spines[:].set_visible(False)
    return figure_of(ax)


def per_class(
    scores: Mapping[str, Mapping[str, float | None]], *, ax: Axes | None = None
) -> Figure:
    """F1 of each class as bars, precision and recall as marks.

    Args:
        scores: dict of class to `{"precision", "recall", "f1"}`; None where undefined.
        ax: matplotlib Axes to draw into; a new figure by default.

    Returns:
        matplotlib.figure.Figure.
    """
    ax = axes(ax, (4.6, 0.9 + 0.34 * len(scores)))
    rows = np.arange(len(scores))
    values = {
        name: np.array([score[name] for score in scores.values()], float)
        for name in ("f1", "precision", "recall")
    }
    ax.barh(rows, np.nan_to_num(values["f1"]), height=0.55, color=ACCENT, alpha=0.55, label="F1")
    ax.plot(values["precision"], rows, "o", color=INK, ms=5, label="precision")
    ax.plot(values["recall"], rows, "D", color=WARM, ms=4.5, label="recall")
    _name(ax.yaxis, scores)
    ax.set(xlim=(0, 1.02), ylim=(len(scores) - 0.4, -0.6))
    _grid(ax, "x")
    _legend(ax, 3)
    return figure_of(ax)


def ablation(rows: Mapping[str, Mapping[str, Any]], *, ax: Axes | None = None) -> Figure:
    """Accuracy of each subset of the modalities, darker the more it holds.

    Args:
        rows: dict of the subset, as "audio+video", to a dict with `"accuracy"` and, where known,
            its `"interval"` and the `"ceiling"` that no model can pass.
        ax: matplotlib Axes to draw into; a new figure by default.

    Returns:
        matplotlib.figure.Figure.
    """
    ax = axes(ax, (6.4, 1.0 + 0.4 * len(rows)))
    for place, (name, row) in enumerate(rows.items()):
        shade = SHADES[min(name.count("+"), len(SHADES) - 1)]
        width = 100 * (row["accuracy"] or 0)
        low, high = (100 * end for end in row.get("interval") or (width / 100, width / 100))
        ax.barh(place, width, height=0.62, color=ACCENT, alpha=shade)
        ax.plot([low, high], [place, place], color=INK, lw=1.2)
        text = "none" if row["accuracy"] is None else f"{width:.1f}"
        ax.text(102, place, text, va="center", color=INK, size=9)
        if "ceiling" in row:
            ax.plot([100 * row["ceiling"]] * 2, [place - 0.4, place + 0.4], color=WARM, lw=2)
    if any("ceiling" in row for row in rows.values()):
        ax.plot([], [], color=WARM, lw=2, label="ceiling")
        _legend(ax, 1)
    _name(ax.yaxis, [name.replace("+", " + ") for name in rows])
    ax.set(xlim=(0, 112), ylim=(len(rows) - 0.4, -0.6), xlabel="accuracy, %")
    ax.set_xticks(range(0, 101, 20))
    ax.spines.bottom.set_bounds(0, 100)
    _grid(ax, "x")
    return figure_of(ax)


def reliability(bins: Sequence[Mapping[str, Any]], *, ax: Axes | None = None) -> Figure:
    """Accuracy against confidence; on the diagonal a model is right as often as it predicts.

    Args:
        bins: list of dicts of `"low"`, `"high"`, `"n"`, `"confidence"`, `"accuracy"`.
        ax: matplotlib Axes to draw into; a new figure by default.

    Returns:
        matplotlib.figure.Figure.
    """
    ax = axes(ax, (4.4, 4.2))
    ax.plot([0, 1], [0, 1], color=FAINT, lw=1, ls=(0, (4, 3)))
    total = sum(row["n"] for row in bins)
    for row in bins:
        width = row["high"] - row["low"]
        centre, weight = row["low"] + width / 2, row["n"] / total
        ax.bar(centre, weight, width=0.9 * width, color=FAINT, alpha=0.3)
    known = [(row["confidence"], row["accuracy"]) for row in bins]
    if known:
        ax.plot(*zip(*known, strict=True), "o-", color=ACCENT, lw=2, ms=6, label="accuracy")
        ax.bar(0, 0, color=FAINT, alpha=0.3, label="share of the clips")
        _legend(ax, 2)
    ax.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="confidence", ylabel="accuracy")
    _grid(ax, "both")
    return figure_of(ax)


def history(
    columns: Mapping[str, Sequence[float]], *, metric: str = "loss", ax: Axes | None = None
) -> Figure:
    """A metric over the epochs, in training and in validation.

    Args:
        columns: dict of metric to its values by epoch, as `keras.callbacks.History.history`.
        metric: str.
        ax: matplotlib Axes to draw into; a new figure by default.

    Returns:
        matplotlib.figure.Figure.
    """
    ax = axes(ax, (4.6, 2.9))
    curves = {metric: ("training", FAINT), f"val_{metric}": ("validation", ACCENT)}
    for name, (label, color) in curves.items():
        values = columns.get(name, [])
        marker = "o" if len(values) == 1 else None
        ax.plot(range(1, len(values) + 1), values, color=color, lw=2, label=label, marker=marker)
    ax.set(xlabel="epoch", ylabel=metric.replace("_", " "))
    ax.locator_params(axis="x", integer=True)
    _grid(ax, "both")
    _legend(ax, 2)
    return figure_of(ax)


def axes(ax: Axes | None, size_in: tuple[float, float]) -> Axes:
    """Axes to draw into, by default those of a new figure, in one style."""
    if ax is None:
        ax = Figure(figsize=size_in, dpi=150, layout="constrained").subplots()
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(FAINT)
    ax.tick_params(colors=INK, length=0, labelsize=9, pad=5)
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set(color=FAINT, size=9)
    return ax


def figure_of(ax: Axes) -> Figure:
    """The figure that axes are drawn in."""
    return cast(Figure, ax.figure)


def save_png(figure: Figure, path: str | Path) -> None:
    """Writes a figure as PNG; what none of the fonts here can write is drawn as boxes."""
    installed = set(font_manager.get_font_names())
    fonts: Any = {"font.sans-serif": [name for name in FONTS if name in installed]}
    with matplotlib.rc_context(fonts), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        figure.savefig(path, dpi=150, bbox_inches="tight")


def _name(axis, names, **look):
    """Names for the ticks 0, 1, ..., cut where they are long; a dollar sign is a dollar sign."""
    short = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}\u2026" for name in names]
    axis.set_ticks(range(len(short)), short, parse_math=False, **look)


def _tile(corner, side, alpha):
    style = "round,pad=0,rounding_size=0.06"
    return FancyBboxPatch(corner, side, side, boxstyle=style, fc=ACCENT, alpha=alpha, lw=0)


def _grid(ax, axis):
    ax.grid(axis=axis, color=FAINT, alpha=0.22, lw=0.8)
    ax.set_axisbelow(True)


def _legend(ax, columns):
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1.0), "borderaxespad": 0.2}
    ax.legend(ncols=columns, frameon=False, fontsize=9, labelcolor=INK, handlelength=1.4, **place)
