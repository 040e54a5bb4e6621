"""Frames read in two streams, appearance and motion, beside statistics of the motion."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from mmfusion.layers.sequence.global_context import GlobalContext
from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.layers.sequence.temporal_conv import TemporalConv
from mmfusion.layers.video.frame_cnn import frame_cnn
from mmfusion.layers.video.motion_statistics import MotionStatistics
from mmfusion.specs import scope_name


def two_stream(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    units: int = 64,
    filters: Sequence[int] = (16, 32, 64),
    kernel_size: int = 3,
    branch_dropout: float = 1.0,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The video branch that does not let scenery drown motion.

    The colours have a CNN, and the change of brightness, as it is and without its sign, has one
    of its own. A third stream measures how much moves against the background over the whole clip
    (`MotionStatistics`), where little can be learned by heart. In training each clip passes one
    of the three alone (`BranchDropout`): a few hundred clips are soon separated by their scenery,
    which does not generalise.

    Args:
        inputs: named `keras.Input` of shape `(B, T, H, W, C)`, the change in the last channel, as
            the Preprocessor returns it.
        mask: bool tensor of shape `(B, T)`.
        units: int. Width D of the features. Default 64.
        filters: tuple of int. Width of each convolution. Default `(16, 32, 64)`.
        kernel_size: int. Kernel size of the temporal convolution, in steps. Default 3.
        branch_dropout: float. Share of the clips that pass one stream alone. Default 1.

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
    name = scope_name(inputs.name)
    change = inputs[..., -1:]  # (B, T, H, W, 1)
    streams = {"motion": ops.concatenate([change, ops.abs(change)], axis=-1)}
    streams["appearance"] = inputs[..., :-1]
    statistics = MotionStatistics(name=f"{name}_statistics")(inputs, mask)
    statistics = GlobalContext(name=f"{name}_statistics_mean")(statistics, mask)  # (B, T, 13)
    outputs = [
        keras.layers.Dense(units, activation="relu", name=f"{name}_statistics_dense")(statistics)
    ]
    for stream, frames in streams.items():
        cnn = frame_cnn(
            frames.shape[2:], units=units, filters=filters, name=f"{name}_{stream}_frame"
        )
        outputs.append(PerStep(cnn, name=f"{name}_{stream}")(frames, mask))  # (B, T, D)
    features = BranchDropout(branch_dropout, name=f"{name}_streams")(outputs)
    return TemporalConv(kernel_size, name=f"{name}_temporal")(features, mask), mask


@keras.saving.register_keras_serializable("mmfusion")
class BranchDropout(keras.layers.Layer):
    """The mean of streams; in training, of some clips one stream alone, drawn at random.

    So each stream learns to tell the classes by itself, and none is idle while another, which soon
    overfits the clips, leaves no gradient.

    Args:
        rate: float. Share of the clips of which one stream is kept. Default 1.
        seed: int. Of the draws.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        streams: list of float tensors `(B, T, D)`.
        training: bool.

    Returns:
        Float tensor `(B, T, D)`.

    Raises:
        ValueError: if `rate` is not in [0, 1].

    Example:

    >>> streams = [np.zeros((1, 2, 1)), np.ones((1, 2, 1))]
    >>> BranchDropout()(streams).numpy().ravel()
    array([0.5, 0.5], dtype=float32)

    Reference:
        [Neverova et al., 2015](https://arxiv.org/abs/1501.00102)
    """

    def __init__(self, rate: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not 0 <= rate <= 1:
            raise ValueError(f"`rate` must be in [0, 1]. Received: rate={rate}")
        self.rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, streams: list[keras.KerasTensor], training: bool = False) -> keras.KerasTensor:
        stacked = ops.stack(streams, axis=1)  # (B, S, T, D)
        if not training or not self.rate:
            return ops.mean(stacked, axis=1)
        count, clips = len(streams), ops.shape(stacked)[0]
        drawn = keras.random.randint((clips,), 0, count, seed=self.seed_generator)
        alone = keras.random.uniform((clips, 1), seed=self.seed_generator) < self.rate
        weights = ops.where(alone, ops.one_hot(drawn, count), 1 / count)  # (B, S)
        return ops.einsum("bs,bstd->btd", ops.cast(weights, stacked.dtype), stacked)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
