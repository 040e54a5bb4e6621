"""Rows as aligned text, for people at a terminal."""

from collections.abc import Iterable, Sequence
from typing import Any


def text_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Lays rows out under their columns; numbers to the right.

    Args:
        columns: sequence of str.
        rows: iterable of sequences: str, int, float (printed as a percentage) or `None` (a dash).

    Returns:
        str.

    Example:

    >>> print(text_table(["class", "recall"], [["fight", 0.931], ["normal", None]]))
    class   recall
    fight   93.1 %
    normal       -
    """
    cells = [[_cell(value) for value in row] for row in rows]
    right = [not all(isinstance(row[at], str) for row in rows) for at in range(len(columns))]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in [columns, *cells]
    )


def metrics_table(metrics: dict[str, Any]) -> str:
    """What `measure` found, as text: the figures, each modality's gain, and the shortcut check."""
    figures = [
        [name, metrics[name], _span(metrics["intervals"].get(name))]
        for name in ("accuracy", "precision", "recall", "f1", "auc")
    ]
    figures.append(["majority", metrics["majority"], ""])
    gained = [
        [subset, row["accuracy"], row["macro_f1"], row["gain"]]
        for subset, row in metrics["ablation"].items()
    ]
    leak = metrics["leak"]
    leaks = [
        ["a classifier of the masks alone, cross-validated", leak["masks"]["accuracy"]],
        ["the same, fitted on these very rows", leak["fitted"]],
        ["this model with all content blanked", leak["blanked"]["accuracy"]],
        ["majority class", leak["majority"]],
    ]
    text = "\n\n".join(
        [
            text_table([f"{metrics['n']} rows", "", "95 % interval"], figures),
            text_table(["modalities", "accuracy", "macro F1", "gain over best single"], gained),
            text_table(["shortcut check (leakage)", "accuracy"], leaks) + "\n" + leak["verdict"],
        ]
    )
    return text + seeds_line(metrics)


def seeds_line(metrics: dict[str, Any]) -> str:
    """The accuracy of a single seed, as text; empty where there is only one."""
    if "mean_accuracy" not in metrics:
        return ""
    mean, spread = (100 * metrics[name] for name in ("mean_accuracy", "std_accuracy"))
    return f"\n\naccuracy of a single seed: {mean:.1f} % \u00b1 {spread:.1f}"


def _cell(value):
    if value is None:
        return "-"
    return f"{100 * value:.1f} %" if isinstance(value, float) else str(value)


def _span(interval):
    return " to ".join(_cell(end) for end in interval) if interval else ""
