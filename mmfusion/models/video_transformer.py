"""A transformer over the patches of frames, with attention divided into time and space."""

import keras
from keras import ops

from mmfusion.layers.sequence.masked_average_pooling import MaskedAveragePooling
from mmfusion.layers.video.divided_block import DividedBlock
from mmfusion.ops.positions import sinusoidal


def video_transformer(
    shape: tuple[int, int, int, int],
    *,
    classes: int,
    patch_px: int = 16,
    units: int = 64,
    heads: int = 4,
    blocks: int = 4,
    dropout: float = 0.1,
) -> keras.Model:
    """A classifier of videos: each patch attends along time, then within its own frame.

    Attention over all patches of all frames would cost the square of their number; divided, it
    costs the square of the steps and that of the patches of one frame.

    Args:
        shape: `(T, H, W, C)` of a clip; T is known.
        classes: int. Number K of classes.
        patch_px: int. Height and width of a patch, a divisor of H and W. Default 16.
        units: int. Width D. Default 64.
        heads: int. Attention heads, a divisor of `units`. Default 4.
        blocks: int. Blocks, each of attention in time, in space, and a dense part. Default 4.
        dropout: float. Share of units dropped in training. Default 0.1.

    Returns:
        `keras.Model` from a dict of `video` and `video_mask` to float32 `(B, K)`.

    Raises:
        ValueError: if `patch_px` does not divide H and W.

    Example:

    >>> mm.models.video_transformer((4, 32, 32, 4), classes=2, units=8, blocks=1).output_shape
    (None, 2)

    Reference:
        [Bertasius et al., 2021](https://arxiv.org/abs/2102.05095)
    """
    steps, height, width, channels = shape
    if height % patch_px or width % patch_px:
        raise ValueError(
            f"`patch_px` must divide height and width. Received: patch_px={patch_px}, shape={shape}"
        )
    # === Layers ===
    rows, columns = height // patch_px, width // patch_px
    embed = keras.layers.Dense(units, name="embed")
    layers = [DividedBlock(heads, dropout, name=f"block_{at}") for at in range(blocks)]
    pooling = MaskedAveragePooling(name="pooling")
    norm = keras.layers.LayerNormalization(name="norm")
    probabilities = keras.layers.Dense(
        classes, activation="softmax", dtype="float32", name="probabilities"
    )

    # === Functional Model ===
    video = keras.Input(shape, name="video")
    mask = keras.Input((steps,), dtype="bool", name="video_mask")
    cut = ops.reshape(video, (-1, steps, rows, patch_px, columns, patch_px, channels))
    cut = ops.transpose(cut, (0, 1, 2, 4, 3, 5, 6))  # (B, T, rows, columns, px, px, C)
    patches = ops.reshape(cut, (-1, steps, rows * columns, patch_px * patch_px * channels))
    places = sinusoidal(rows * columns, units)[None] + sinusoidal(steps, units)[:, None] / 2
    tokens = embed(ops.where(mask[..., None, None], patches, 0)) + places  # (B, T, P, D)
    for layer in layers:
        tokens = layer(tokens, mask)
    pooled = pooling(ops.mean(norm(tokens), axis=2), {"video": mask})  # (B, D)
    return keras.Model({"video": video, "video_mask": mask}, probabilities(pooled))
