"""A pretrained image backbone, applied to each frame."""

import keras

from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.layers.sequence.temporal_conv import TemporalConv
from mmfusion.specs import scope_name


def image_backbone(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    backbone: keras.Model,
    units: int = 64,
    trainable: bool = False,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Extracts features of each frame by a pretrained image backbone.

    Args:
        inputs: named `keras.Input` of shape `(B, T, H, W, C)`, red, green and blue first.
        mask: bool tensor of shape `(B, T)`.
        backbone: `keras.Model` of frames `(N, H, W, 3)` in [-1, 1] to vectors `(N, D_b)`, e.g.
            `keras.applications.MobileNetV2(include_top=False, pooling="avg", ...)`. One that wants
            other numbers begins with `keras.layers.Rescaling`.
        units: int. Width D of the features. Default 64.
        trainable: bool. Whether the backbone is trained on; its batch normalisation never is.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> frames = keras.Input((16, 32, 32, 4), name="video")
    >>> mask = keras.Input((16,), dtype="bool")
    >>> backbone = keras.applications.MobileNetV2(
    ...     input_shape=(32, 32, 3), alpha=0.35, include_top=False, pooling="avg", weights=None
    ... )
    >>> features, _ = mm.branches.image_backbone(frames, mask, backbone=backbone)
    >>> features.shape
    (None, 16, 64)
    """
    name = scope_name(inputs.name)
    backbone.trainable = trainable
    _freeze_statistics(backbone)
    frame = keras.Sequential(
        [backbone, keras.layers.Dense(units, activation="relu", name=f"{name}_dense")],
        name=f"{name}_frame",
    )
    features = PerStep(frame, name=f"{name}_backbone")(inputs[..., :3], mask)  # (B, T, D)
    return TemporalConv(name=f"{name}_temporal")(features, mask), mask


def _freeze_statistics(layer):
    """Absent frames would enter the statistics of batch normalisation."""
    if isinstance(layer, keras.layers.BatchNormalization):
        layer.trainable = False
    for child in getattr(layer, "layers", ()):
        _freeze_statistics(child)
