"""Arrays beside the rows of another corpus, joined by `id`."""

from collections.abc import Sequence

import numpy as np

from mmfusion.data.arrays import Arrays


def join_arrays(arrays: Arrays | None, ids: Sequence[str]) -> dict[str, np.ndarray]:
    """The tensors of arrays in the order of other rows.

    Args:
        arrays: Arrays, or `None`.
        ids: sequence of N str.

    Returns:
        dict of the same names to arrays of N rows; a row that is not there is zeros, or "", with
        an all-False mask. Nothing of `None`.

    Example:

    >>> from mmfusion.data.arrays import Row
    >>> tensors = {"x": np.array([[[1.0]]]), "x_mask": np.array([[True]])}
    >>> arrays = Arrays("f.npz", tensors, (Row("a", None),), ())
    >>> join_arrays(arrays, ["b", "a"])["x"].ravel()
    array([0., 1.])
    """
    if arrays is None:
        return {}
    place = {row.id: at for at, row in enumerate(arrays.clips)}
    found = np.array([place.get(each, -1) for each in ids], int)
    joined = {}
    for name, values in arrays.tensors.items():
        joined[name] = np.zeros((len(ids), *values.shape[1:]), values.dtype)
        joined[name][found >= 0] = values[found[found >= 0]]
    return joined
