"""The feature sets of an image network, by the names that people type."""

import functools
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from mmfusion.features.backbones import load_backbone
from mmfusion.features.cnn import extract_cnn, extract_cnn_changes
from mmfusion.preprocessing.frame_picking import pick_evenly

FRAMES = 8  # of a clip; more cost as much again and add little
SIZE_PX = 224


def describe_images(frames: np.ndarray, *, backbone: str, weights: str | Path | None) -> np.ndarray:
    """Mean over a few frames of a clip `(T, H, W, 3)` of the features of each."""
    some = frames[pick_evenly(frames, FRAMES)]
    return extract_cnn(some, _network(backbone, weights)).mean(axis=0)


def describe_changes(
    frames: np.ndarray, *, backbone: str, weights: str | Path | None
) -> np.ndarray:
    """Mean over a few pairs of frames of a clip of the features of their difference."""
    return extract_cnn_changes(frames, _network(backbone, weights), most=FRAMES).mean(axis=0)


def describe_smaller(
    describe: Callable[[np.ndarray], np.ndarray], size_px: int, frames: np.ndarray
) -> np.ndarray:
    """Another feature set of frames `(T, H, W, 3)` that are larger than it needs them."""
    small = [cv2.resize(x, (size_px, size_px), interpolation=cv2.INTER_AREA) for x in frames]
    return describe(np.stack(small))


@functools.cache
def _network(backbone, weights):
    """The network, loaded once in each process."""
    return load_backbone(backbone, weights=weights, size_px=SIZE_PX)


CNN_SETS: dict[str, Callable] = {"cnn": describe_images, "cnn-changes": describe_changes}
