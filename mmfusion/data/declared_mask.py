"""What an `.npz` file itself says is present: masks and lengths beside its arrays."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mmfusion.specs import MASK_SUFFIX

LENGTHS_SUFFIX = "_lengths"


def declared_mask(
    arrays: Mapping[str, np.ndarray], name: str, shape: tuple[int, ...], path: str | Path
) -> np.ndarray:
    """The steps of a modality that the file calls present.

    Args:
        arrays: dict of the arrays of the file.
        name: str. The modality, of which `<name>_mask` and `<name>_lengths` are read, where the
            file has them.
        shape: tuple `(N, T)`, or `(N,)` where rows are the steps of sequences.
        path: Path of the file, for errors.

    Returns:
        bool array of this shape.

    Raises:
        ValueError: naming the file and the key, if one does not fit.

    Example:

    >>> declared_mask({"audio_lengths": np.array([1, 3])}, "audio", (2, 3), "x.npz")
    array([[ True, False, False],
           [ True,  True,  True]])
    """
    mask = np.ones(shape, bool)
    if (key := name + MASK_SUFFIX) in arrays:
        given = arrays[key]
        if given.size != mask.size or len(given) != len(mask) or not np.isin(given, (0, 1)).all():
            raise ValueError(
                f"{path}: {key!r} must be booleans {shape}. Received: {given.dtype} {given.shape}"
            )
        mask &= given.reshape(shape).astype(bool)
    if (key := name + LENGTHS_SUFFIX) in arrays:
        steps, lengths = (*shape[1:], 1)[0], arrays[key]
        if lengths.shape != shape[:1] or not np.isin(lengths, np.arange(steps + 1)).all():
            raise ValueError(
                f"{path}: {key!r} must be whole numbers {shape[:1]} from 0 to {steps}. "
                f"Received: {lengths.dtype} {lengths.shape}, {lengths.ravel()[:5].tolist()}"
            )
        mask &= (np.arange(steps) < lengths[:, None]).reshape(shape)
    return mask
