"""Frames read in two streams, what is seen and what has moved, beside how much moves at all."""

import keras
from keras import ops

from mmfusion.layers.frame_tower import frame_tower
from mmfusion.layers.motion_statistics import MotionStatistics
from mmfusion.layers.per_step import PerStep
from mmfusion.layers.sequence_mean import SequenceMean
from mmfusion.layers.stream_dropout import StreamDropout
from mmfusion.layers.temporal_conv import TemporalConv


def two_stream(inputs, mask, *, units=64, filters=(16, 32, 64), kernel_size=3, stream_dropout=1.0):
    """The picture branch that does not let scenery drown motion.

    The colours have a tower, and the change of brightness, as it is and without its sign, has one
    of its own. A third stream tells how much moves against the background over the whole clip
    (`MotionStatistics`), where little can be learned by heart. In training each clip is seen by one
    of the three alone (`StreamDropout`): a few hundred clips are soon told apart by their scenery,
    which says nothing of the next ones.

    Args:
        inputs: named `keras.Input` of shape `(B, T, H, W, C)`, the change in the last channel, as
            the Preprocessor gives it.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of int. Width of each convolution. Default `(16, 32, 64)`.
        kernel_size: int. Steps that the temporal convolution sees. Default 3.
        stream_dropout: float. Share of the clips that one stream sees alone. Default 1.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> import keras
    >>> frames = keras.Input((16, 112, 112, 4), name="video")
    >>> mask = keras.Input((16,), dtype="bool")
    >>> features, _ = mm.branches.two_stream(frames, mask, units=32)
    >>> features.shape
    (None, 16, 32)

    Reference:
        [Simonyan and Zisserman, 2014](https://arxiv.org/abs/1406.2199)
    """
    name = inputs.name
    change = inputs[..., -1:]  # (B, T, H, W, 1)
    streams = {"motion": ops.concatenate([change, ops.abs(change)], axis=-1)}
    streams["appearance"] = inputs[..., :-1]
    told = MotionStatistics(name=f"{name}_statistics")(inputs, mask)
    told = SequenceMean(name=f"{name}_statistics_mean")(told, mask)  # (B, T, 13)
    seen = [keras.layers.Dense(units, activation="relu", name=f"{name}_statistics_dense")(told)]
    for stream, pictures in streams.items():
        tower = frame_tower(
            pictures.shape[2:], units=units, filters=filters, name=f"{name}_{stream}_frame"
        )
        seen.append(PerStep(tower, name=f"{name}_{stream}")(pictures, mask))  # (B, T, D)
    features = StreamDropout(stream_dropout, name=f"{name}_streams")(seen)
    return TemporalConv(kernel_size, name=f"{name}_temporal")(features, mask), mask
