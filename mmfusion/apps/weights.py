"""Weights: what pretrained weights there are, which are in the cache, and how they get there."""

from typing import Any

from mmfusion.experiments.table import text_table
from mmfusion.options.weights import GET, REMOVE, WeightsOptions
from mmfusion.pretrained.fetch import fetch, is_present, remove, weights_path
from mmfusion.pretrained.table import WEIGHTS


def run(options: WeightsOptions) -> list[dict[str, Any]]:
    """Lists weights, gets or removes some.

    Args:
        options: WeightsOptions.

    Returns:
        List of dicts with `"name"`, `"task"`, `"bytes"`, `"licence"`, `"origin"`, `"package"`,
        `"note"` and `"path"`, which is `None` where they are not in the cache: of all weights, or
        of those that were asked for.

    Raises:
        FileNotFoundError: with what to type, if no registry has them, or the file lacks them.
        RuntimeError: with what to type, if they cannot be downloaded.
        ValueError: if a file is not the one that is expected.
    """
    if options.name is None:
        return [_row(name) for name in WEIGHTS]
    if options.action == GET:
        fetch(options.name, options.from_)
    if options.action == REMOVE:
        remove(options.name)
    return [_row(options.name)]


def table(result: list[dict[str, Any]]) -> str:
    """Name, task, size and licence of each, and whether it is there, as text."""
    rows = [
        [row["name"], row["task"], megabytes(row["bytes"]), row["licence"], row["path"] or "-"]
        for row in result
    ]
    return text_table(["name", "task", "size", "licence", "in the cache"], rows)


def megabytes(size_bytes: int) -> str:
    """A size for people.

    Example:

    >>> megabytes(18_826_032)
    '18.8 MB'
    """
    return f"{size_bytes / 1e6:.1f} MB"


def _row(name):
    weights = WEIGHTS[name]
    package = f"{weights.package}=={weights.version}" if weights.package else None
    return {
        "name": name,
        "task": weights.task,
        "bytes": weights.size_bytes,
        "licence": weights.licence,
        "origin": weights.origin,
        "package": package,
        "note": weights.note,
        "path": str(weights_path(name)) if is_present(name) else None,
    }
