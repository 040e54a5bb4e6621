"""Sample weights under which presence is independent of the label."""

import collections
from collections.abc import Iterable
from typing import Any


def presence_weights(rows: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Weighs clips so that which modalities are present and the label are independent.

    Where fights happen to have a sound track more often than quiet scenes, a model could learn
    that. Under these weights every pattern of presence has the same mix of labels, and every
    label keeps its share.

    Args:
        rows: iterable of dict with `id`, `label` and `valid_steps` by modality, as of `Records`.

    Returns:
        dict of clip id to float, 1 on average; all 1 where presence carries no information.

    Reference:
        [Kamiran and Calders, 2012](https://doi.org/10.1007/s10115-011-0463-8)
    """
    rows = [row for row in rows if row["label"] is not None]
    label = {row["id"]: row["label"] for row in rows}
    pattern = {
        row["id"]: tuple(name for name, steps in sorted(row["valid_steps"].items()) if steps)
        for row in rows
    }
    labels = collections.Counter(label.values())
    patterns = collections.Counter(pattern.values())
    both = collections.Counter((label[name], pattern[name]) for name in label)
    return {
        name: labels[label[name]]
        * patterns[pattern[name]]
        / (len(rows) * both[label[name], pattern[name]])
        for name in label
    }
