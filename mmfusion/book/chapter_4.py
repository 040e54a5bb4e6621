"""Chapter 4: features brought together."""

import keras
import numpy as np
import tensorflow as tf

from mmfusion.features.colour import extract_colour
from mmfusion.features.texture import extract_texture
from mmfusion.fusion.feature import FeatureFusion
from mmfusion.fusion.gated import GatedFusion
from mmfusion.fusion.spatial import SpatialFusion
from mmfusion.fusion.temporal import TemporalFusion


def extract_color_features(frames: np.ndarray) -> np.ndarray:
    """Chapter 4: colour of each frame `(T, H, W, 3)`. See `mm.features.extract_colour`."""
    return extract_colour(frames)


def extract_texture_features(frames: np.ndarray) -> np.ndarray:
    """Chapter 4: texture of each frame `(T, H, W, 3)`. See `mm.features.extract_texture`."""
    return extract_texture(frames)


def fusion_features(*features: np.ndarray) -> np.ndarray:
    """Chapter 4: features `(N, D_m)` brought to mean 0 and deviation 1, side by side.

    Example:

    >>> fusion_features(np.array([[1.0], [3.0]]), np.array([[5.0], [5.0]]))
    array([[-1.,  0.],
           [ 1.,  0.]], dtype=float32)
    """
    side_by_side = np.concatenate(features, axis=-1)
    deviation = side_by_side.std(axis=0)
    scaled = (side_by_side - side_by_side.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    return scaled.astype(np.float32)


def simple_concat(*features: tf.Tensor) -> tf.Tensor:
    """Chapter 4: features `(..., D_m)` side by side, `(..., sum of D_m)`."""
    return keras.ops.concatenate(features, axis=-1)


def feature_level_fusion(
    features: dict[str, tf.Tensor], masks: dict[str, tf.Tensor], *, units: int = 64
) -> tf.Tensor:
    """Chapter 4: modalities encoded one by one, then all together. See `FeatureFusion`."""
    return FeatureFusion(units)(features, masks)


def temporal_fusion(
    features: dict[str, tf.Tensor], masks: dict[str, tf.Tensor], *, units: int = 64
) -> tf.Tensor:
    """Chapter 4: modalities fused step by step. See `mm.fusion.TemporalFusion`."""
    return TemporalFusion(units)(features, masks)


def spatial_fusion(
    features: dict[str, tf.Tensor], masks: dict[str, tf.Tensor], *, units: int = 64
) -> tf.Tensor:
    """Chapter 4: modalities fused place by place. See `mm.fusion.SpatialFusion`."""
    return SpatialFusion(units)(features, masks)


def multimodal_fusion(
    features: dict[str, tf.Tensor],
    masks: dict[str, tf.Tensor],
    *,
    fusion: keras.layers.Layer | None = None,
) -> tf.Tensor:
    """Chapter 4: any fusion layer on dicts by modality; `GatedFusion(64)` by default."""
    return (fusion or GatedFusion(64))(features, masks)


def align_video_features(
    features: np.ndarray, times_s: np.ndarray, *, seconds: float, steps: int
) -> np.ndarray:
    """Chapter 4: features of frames on a time grid of even steps, each the nearest in time.

    Args:
        features: array `(frames, D)`.
        times_s: float array `(frames,)`, ascending.
        seconds: float. Length of the time grid.
        steps: int. Steps T of the time grid.

    Returns:
        Array `(T, D)`.

    Raises:
        ValueError: if there is no frame, or there are not as many times as frames.

    Example:

    >>> align_video_features(np.array([[1], [2], [3]]), [0.0, 0.5, 0.8], seconds=1.0, steps=2)
    array([[1],
           [3]])
    """
    times_s = np.asarray(times_s)
    if not len(times_s) or len(times_s) != len(features):
        raise ValueError(
            "`times_s` must hold a time for each frame, and there must be one. "
            f"Received: {len(features)} frames, {len(times_s)} times"
        )
    middles_s = (np.arange(steps) + 0.5) * seconds / steps
    return np.asarray(features)[np.abs(times_s - middles_s[:, None]).argmin(axis=1)]
