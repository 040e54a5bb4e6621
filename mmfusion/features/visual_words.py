"""Keypoints of images as words: a vocabulary learned by k-means, then counts or residuals of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from sklearn.cluster import MiniBatchKMeans


@dataclasses.dataclass(frozen=True)
class VisualWords:
    """A vocabulary of keypoints.

    Args:
        centres: nested tuples of float `(K, D)`, one row for each word.

    Raises:
        ValueError: if `centres` is not finite `(K, D)` with a word in it.

    Example:

    >>> words = VisualWords(((0.0, 0.0), (1.0, 1.0)))
    >>> words.count(np.array([[0.1, 0.0], [0.9, 1.0], [1.0, 1.0]]))
    array([0.33333334, 0.6666667 ], dtype=float32)
    """

    centres: tuple

    def __post_init__(self) -> None:
        centres = np.asarray(self.centres, np.float64)
        if centres.ndim != 2 or not len(centres) or not np.isfinite(centres).all():
            raise ValueError(f"`centres` must be finite (K, D). Received: shape {centres.shape}")
        object.__setattr__(self, "centres", tuple(map(tuple, centres.tolist())))

    def count(self, keypoints: np.ndarray) -> np.ndarray:
        """The share of keypoints `(N, D)` nearest each word, `(K,)`: a bag of visual words.

        Reference:
            [Sivic and Zisserman, 2003](https://doi.org/10.1109/ICCV.2003.1238663)
        """
        counts = np.bincount(self._nearest(keypoints), minlength=len(self.centres))
        return (counts / max(len(keypoints), 1)).astype(np.float32)

    def vlad(self, keypoints: np.ndarray) -> np.ndarray:
        """How keypoints `(N, D)` lie about each word, `(K * D,)` of length 1; zeros for none.

        Reference:
            [Jégou et al., 2010](https://doi.org/10.1109/CVPR.2010.5540039)
        """
        centres = np.asarray(self.centres)
        apart = np.zeros_like(centres)
        nearest = self._nearest(keypoints)
        np.add.at(apart, nearest, np.asarray(keypoints) - centres[nearest])
        apart = np.sign(apart) * np.sqrt(np.abs(apart))
        return (apart / max(np.linalg.norm(apart), 1e-12)).ravel().astype(np.float32)

    def _nearest(self, keypoints):
        centres, keypoints = np.asarray(self.centres), np.asarray(keypoints, np.float64)
        if keypoints.ndim != 2 or keypoints.shape[1] != centres.shape[1]:
            raise ValueError(
                f"`keypoints` must be (N, {centres.shape[1]}). Received: shape {keypoints.shape}"
            )
        squares = (centres**2).sum(axis=1) - 2 * keypoints @ centres.T  # (N, K), less a constant
        return squares.argmin(axis=1)

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON can hold them."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> VisualWords:
        """The inverse of `to_dict`. An unknown field is a `TypeError`."""
        return cls(**fields)


def fit_visual_words(
    keypoints: Iterable[np.ndarray], *, words: int = 64, seed: int = 0
) -> VisualWords:
    """Learns a vocabulary.

    Args:
        keypoints: iterable of float arrays `(N, D)`, the keypoints of one image each.
        words: int. Words K; as many as there are keypoints where these are fewer.
        seed: int. Same seed and keypoints, same words.

    Returns:
        `VisualWords`.

    Raises:
        ValueError: if there is no keypoint, or if `words` is below 1.
    """
    kept = [np.asarray(some) for some in keypoints if len(some)]
    if words < 1 or not kept:
        raise ValueError(
            "Visual words need `words` of at least 1 and a keypoint. "
            f"Received: words={words}, {len(kept)} images with keypoints"
        )
    rows = np.concatenate(kept)
    means = MiniBatchKMeans(min(words, len(rows)), random_state=seed, n_init=3)
    return VisualWords(means.fit(rows).cluster_centers_)
