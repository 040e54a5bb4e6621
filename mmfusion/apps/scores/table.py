"""Rows as aligned text, for people at a terminal."""


def text_table(columns, rows):
    """Lays rows out under their columns; numbers to the right.

    Args:
        columns: sequence of str.
        rows: iterable of sequences: str, int, float (told as a percentage) or `None` (a dash).

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


def metrics_table(metrics):
    """What `measure` found, as text: the figures, what each modality earns, and the leak row."""
    figures = [
        [name, metrics[name], _span(metrics["intervals"].get(name))]
        for name in ("accuracy", "precision", "recall", "f1", "auc")
    ]
    figures.append(["majority", metrics["majority"], ""])
    earned = [
        [subset, row["accuracy"], row["macro_f1"], row["gain"]]
        for subset, row in metrics["ablation"].items()
    ]
    leak = metrics["leak"]
    leaks = [
        ["a classifier that sees only the masks, cross-validated", leak["masks"]["accuracy"]],
        ["the same, fitted on these very clips", leak["fitted"]],
        ["this model with all content blanked", leak["blanked"]["accuracy"]],
        ["always the commonest class", leak["majority"]],
    ]
    return "\n\n".join(
        [
            text_table([f"{metrics['n']} clips", "", "95 % interval"], figures),
            text_table(["modalities", "accuracy", "macro F1", "gain over best single"], earned),
            text_table(["leak", "accuracy"], leaks) + "\n" + leak["verdict"],
        ]
    )


def _cell(value):
    if value is None:
        return "-"
    return f"{100 * value:.1f} %" if isinstance(value, float) else str(value)


def _span(interval):
    return " to ".join(_cell(end) for end in interval) if interval else ""
