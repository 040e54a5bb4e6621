"""The points of a clip's pictures, and what a fold counts of them by words it learned itself."""

import numpy as np

from mmfusion.features.sift import WIDTH, extract_sift
from mmfusion.features.visual_words import fit_visual_words
from mmfusion.preprocessing.frame_picking import pick_evenly

PICTURES, POINTS = 8, 16  # of a clip, and of a picture
WORDS = 32


def describe_points(frames: np.ndarray) -> np.ndarray:
    """The most distinct points of a few frames of a clip `(T, H, W, 3)`, one after the other.

    No vocabulary is learned here: it would know of clips that are scored later.

    Returns:
        float32 array `(8 * 16 * 128,)`; where there are fewer points, zeros at its end.
    """
    points = np.concatenate(extract_sift(frames[pick_evenly(frames, PICTURES)], most=POINTS))
    kept = np.zeros((PICTURES * POINTS, WIDTH), np.float32)
    kept[: len(points)] = points
    return kept.ravel()


def count_points(
    features: np.ndarray, train: np.ndarray, test: np.ndarray, *, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Describes clips by visual words that are learned from those trained on.

    Args:
        features: float array `(N, D)`, rows as `describe_points` gives them, NaN for no picture.
        train: int array of rows.
        test: int array of rows.
        seed: int. Of the vocabulary.

    Returns:
        Pair of float32 arrays, of the rows to train on and of those to score: a bag of words and a
        VLAD, each of length 1. No features where the clips trained on have no point.
    """
    points = [_points(row) for row in features]
    seen = [points[at] for at in train]
    if not any(len(some) for some in seen):
        return np.zeros((len(train), 0), np.float32), np.zeros((len(test), 0), np.float32)
    words = fit_visual_words(seen, words=WORDS, seed=seed)
    rows = [np.concatenate([np.sqrt(words.count(x)), words.vlad(x)]) for x in points]
    return tuple(np.stack([rows[at] for at in part]) for part in (train, test))


def _points(row):
    """The points `(N, 128)` of one clip."""
    points = np.nan_to_num(row).reshape(-1, WIDTH)
    return points[points.any(axis=1)]
