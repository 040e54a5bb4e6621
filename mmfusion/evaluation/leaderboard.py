"""The trials of a search, best first: as rows, as a figure and as a page."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmfusion.evaluation import plots
from mmfusion.evaluation.page import svg

FIGURE = "val_log_loss"  # of calibrated probabilities: no trial's own loss or smoothing is in it


def leaderboard(trials: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Ranks the trials of a search.

    Args:
        trials: Sequence of dict of `trial`, `score` (lower is better; None failed) and `values`.

    Returns:
        List of dict of `rank` (None where it failed), `trial`, `val_log_loss` (the score) and each
        value, best first.

    Example:

    >>> rows = leaderboard([{"trial": "0", "score": None, "values": {"units": 8}},
    ...                     {"trial": "1", "score": 0.5, "values": {"units": 4}}])
    >>> [(row["rank"], row["trial"], row["units"]) for row in rows]
    [(1, '1', 4), (None, '0', 8)]
    """
    done = sorted((row for row in trials if row["score"] is not None), key=lambda r: r["score"])
    failed = [row for row in trials if row["score"] is None]
    ranks = [*range(1, len(done) + 1), *[None] * len(failed)]
    return [
        {"rank": rank, "trial": row["trial"], FIGURE: row["score"], **row["values"]}
        for rank, row in zip(ranks, [*done, *failed], strict=True)
    ]


def leaderboard_plot(trials: Sequence[Mapping[str, Any]], *, ax: Axes | None = None) -> Figure:
    """The score of each trial in the order they were run, and the best so far.

    Args:
        trials: as in `leaderboard`.
        ax: matplotlib Axes to draw into; a new figure by default.

    Returns:
        matplotlib.figure.Figure.
    """
    ax = plots.axes(ax, (4.6, 2.9))
    done = [(at + 1, row["score"]) for at, row in enumerate(trials) if row["score"] is not None]
    places, scores = [at for at, _ in done], [score for _, score in done]
    best = [min(scores[: at + 1]) for at in range(len(scores))]
    ax.plot(places, scores, "o", color=plots.FAINT, ms=5, label="trial")
    ax.step(places, best, where="post", color=plots.ACCENT, lw=2, label="best so far")
    ax.set(xlabel="trial", ylabel="log loss, validation rows")
    ax.locator_params(axis="x", integer=True)
    ax.legend(frameon=False, fontsize=9)
    return plots.figure_of(ax)


def leaderboard_page(trials: Sequence[Mapping[str, Any]], *, title: str) -> str:
    """One self-contained HTML page: the figure and the table.

    Args:
        trials: as in `leaderboard`.
        title: str.

    Returns:
        str.
    """
    rows = leaderboard(trials)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(row.get(name))}</td>" for name in columns) + "</tr>\n"
        for row in rows
    )
    style = (
        ":root{color-scheme:light dark;--faint:#8a94a3}"
        "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
        "table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:right}"
        "tr:nth-child(even){background:#8a94a322}"
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{style}</style></head>\n"
        f"<body><h1>{html.escape(title)}</h1>\n{svg(leaderboard_plot(trials))}\n"
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></body></html>\n"
    )


def _cell(value):
    if value is None:
        return "\u2013"
    return html.escape(f"{value:.4g}" if isinstance(value, float) else str(value))
