"""The keypoints of a clip's frames, and what a fold counts of them by words it learned itself."""

import numpy as np

from mmfusion.features.sift import WIDTH, extract_sift
from mmfusion.features.visual_words import fit_visual_words
from mmfusion.preprocessing.frame_picking import pick_evenly

FRAMES, KEYPOINTS = 8, 16  # of a clip, and of a frame
WORDS = 32


def describe_keypoints(frames: np.ndarray) -> np.ndarray:
    """The most distinct keypoints of a few frames of a clip `(T, H, W, 3)`, one after the other.

    No vocabulary is learned here: it would know of clips that are scored later.

    Returns:
        float32 array `(8 * 16 * 128,)`; where there are fewer keypoints, zeros at its end.
    """
    keypoints = np.concatenate(extract_sift(frames[pick_evenly(frames, FRAMES)], most=KEYPOINTS))
    kept = np.zeros((FRAMES * KEYPOINTS, WIDTH), np.float32)
    kept[: len(keypoints)] = keypoints
    return kept.ravel()


def count_keypoints(
    features: np.ndarray, train: np.ndarray, test: np.ndarray, *, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Describes clips by visual words that are learned from those trained on.

    Args:
        features: float array `(N, D)`, rows as `describe_keypoints` returns them, NaN for no frame.
        train: int array of rows.
        test: int array of rows.
        seed: int. Of the vocabulary.

    Returns:
        Pair of float32 arrays, of the rows to train on and of those to score: a bag of words and a
        VLAD, each of length 1. No features where the clips trained on have no keypoint.
    """
    keypoints = [_keypoints(row) for row in features]
    trained_on = [keypoints[at] for at in train]
    if not any(len(some) for some in trained_on):
        return np.zeros((len(train), 0), np.float32), np.zeros((len(test), 0), np.float32)
    words = fit_visual_words(trained_on, words=WORDS, seed=seed)
    rows = [np.concatenate([np.sqrt(words.count(x)), words.vlad(x)]) for x in keypoints]
    return tuple(np.stack([rows[at] for at in part]) for part in (train, test))


def _keypoints(row):
    """The keypoints `(N, 128)` of one clip."""
    keypoints = np.nan_to_num(row).reshape(-1, WIDTH)
    return keypoints[keypoints.any(axis=1)]
