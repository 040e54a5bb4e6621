"""Which files hold arrays, and how they are read."""

from pathlib import Path

from mmfusion.data.arrays import read_arrays


def is_arrays(path):
    """Whether a path names a corpus that comes as arrays, not a manifest of clips."""
    return Path(path).suffix == ".npz"


def read_corpus(path, asked):
    """Reads a corpus of arrays.

    Args:
        path: str. Path of the file.
        asked: dict of `label`, `group`, `order` and `modalities`, as options or a `config.json`
            hold them.

    Returns:
        Arrays.
    """
    keys = ("label", "group", "order", "modalities")
    return read_arrays(path, **{key: asked[key] for key in keys})
