"""A benchmark's result for people, or as one JSON object for programs."""

import json


def show(result, *, as_json):
    """Prints a result: `rows` as a table, the other figures below it.

    Args:
        result: dict with `rows`, a list of dicts with the same keys, and further figures.
        as_json: bool. One JSON object instead.
    """
    if as_json:
        print(json.dumps(result))
        return
    cells = [[_cell(value) for value in row.values()] for row in result["rows"]]
    columns = list(zip(result["rows"][0], *cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    for line in zip(*columns, strict=True):
        name, *numbers = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join([name.strip().ljust(widths[0]), *numbers]))
    for name, figure in result.items():
        if name != "rows":
            print(f"{name}: {_cell(figure)}")


def _cell(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)
