"""Frames read in two streams: what is seen, and what has moved."""

import keras
from keras import ops

from mmfusion.layers.frame_tower import frame_tower
from mmfusion.layers.per_step import PerStep
from mmfusion.layers.temporal_conv import TemporalConv


def two_stream(
    inputs, mask, *, units=64, filters=(16, 32, 64), kernel_size=3, appearance_dropout=0.5
):
    """The picture branch that does not let scenery drown motion.

    The change of brightness, as it is and without its sign, has a tower of its own. What the tower
    of the colours says is added, and left out of every other clip in training: a few hundred
    clips are soon told apart by their scenery, which says nothing of the next ones.

    Args:
        inputs: named `keras.Input` of shape `(B, T, H, W, C)`, the change in the last channel, as
            the Preprocessor gives it.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of int. Width of each convolution. Default `(16, 32, 64)`.
        kernel_size: int. Steps that the temporal convolution sees. Default 3.
        appearance_dropout: float. Share of the clips whose colours are left out. Default 0.5.

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
    seen = {}
    for stream, pictures in streams.items():
        tower = frame_tower(
            pictures.shape[2:], units=units, filters=filters, name=f"{name}_{stream}_frame"
        )
        seen[stream] = PerStep(tower, name=f"{name}_{stream}")(pictures, mask)  # (B, T, D)
    drop = keras.layers.Dropout(
        appearance_dropout, noise_shape=(None, 1, 1), name=f"{name}_appearance_dropout"
    )
    features = seen["motion"] + drop(seen["appearance"])
    return TemporalConv(kernel_size, name=f"{name}_temporal")(features, mask), mask
