"""How much, how unevenly and in how many directions a frame moves from step to step."""

import math
from typing import Any

import keras
from keras import ops

from mmfusion.ops.masks import keep

DIRECTIONS = 8
LUMINANCE = (0.299, 0.587, 0.114)
FLAT = 1e-4  # squared slope of what is too even for its movement to be measured
UNIT_PX = 0.05  # what a whole frame moves on average when little goes on
SMALLEST = 0.02  # of a unit; what moves less is noise


@keras.saving.register_keras_serializable("mmfusion")
class MotionStatistics(keras.layers.Layer):
    """Describes what has moved against the background since the step before.

    Optical flow is found after Lucas and Kanade on a coarse grid, and its median, which is mostly
    the camera's, is taken away. Left and right count the same, so that a mirrored clip is described
    alike. Nothing is learned.

    Args:
        grid_px: int. About the height and width that frames are averaged to. Default 56.
        window: int. Cells of that grid, along and across, that move alike. Default 7.
        **kwargs: Standard layer keyword arguments.

    Call arguments:
        inputs: float tensor of shape `(B, T, H, W, C)`, red, green and blue in [-1, 1] first.
        mask: bool tensor of shape `(B, T)`.

    Returns:
        Float tensor of shape `(B, T, 13)`, logarithms: of movement to either side, down, up, and
        slantwise down and up; of the mean, standard deviation, 95 % and 99 % quantiles and maximum
        of its size; of how much it turns and how much it spreads; and of how far its directions
        are from evenly spread. 0 at steps that are absent or come after an absent one.

    Example:

    >>> frames, mask = np.zeros((2, 5, 112, 112, 4)), np.ones((2, 5), bool)
    >>> mm.layers.MotionStatistics()(frames, mask).shape
    TensorShape([2, 5, 13])

    Reference:
        [Lucas and Kanade, 1981](https://www.ijcai.org/Proceedings/81-2/Papers/017.pdf)
    """

    def __init__(self, grid_px: int = 56, window: int = 7, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grid_px = grid_px
        self.window = window

    def call(self, inputs: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        steps = inputs.shape[1] or ops.shape(inputs)[1]
        both = ops.logical_and(mask[:, 1:], mask[:, :-1])
        frames = ops.reshape(inputs, (-1, *inputs.shape[2:]))  # (B * T, H, W, C)
        frames = ops.average_pool(frames, max(1, inputs.shape[2] // self.grid_px))
        frames = ops.cast(frames[..., :3], "float32")  # logarithms do not fit float16
        grey = ops.matmul(frames, ops.array(LUMINANCE)[:, None])[..., 0] / 2  # 0 .. 1 at most
        grey = keep(ops.reshape(grey, (-1, steps, *grey.shape[1:])), mask)  # (B, T, h, w)
        flow = _flow(grey[:, :-1], grey[:, 1:], self.window)  # (B * (T - 1), h / 2, w / 2, 2)
        described = ops.reshape(_describe(flow), (-1, steps - 1, 5 + DIRECTIONS))
        described = ops.pad(keep(described, both), ((0, 0), (1, 0), (0, 0)))
        return ops.cast(described, self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "grid_px": self.grid_px, "window": self.window}


def _flow(before, after, window):
    """Cells of movement between greys `(B, T, h, w)`, as `(B * T, h / 2, w / 2, 2)`."""
    before, after = (ops.reshape(grey, (-1, *grey.shape[2:])) for grey in (before, after))
    middle = ops.pad((before + after) / 2, ((0, 0), (1, 1), (1, 1)), mode="symmetric")
    along = (middle[:, 1:-1, 2:] - middle[:, 1:-1, :-2]) / 2
    down = (middle[:, 2:, 1:-1] - middle[:, :-2, 1:-1]) / 2
    change = after - before
    products = [along * along, down * down, along * down, along * change, down * change]
    products = ops.average_pool(ops.stack(products, -1), window, strides=2, padding="same")
    xx, yy, xy, xt, yt = (products[..., index] for index in range(5))
    xx, yy = xx + FLAT, yy + FLAT
    flow = ops.stack([xy * yt - yy * xt, xy * xt - xx * yt], axis=-1)
    return flow / (xx * yy - xy * xy)[..., None]


def _describe(flow):
    """The thirteen numbers of each field of movement, `(N, h, w, 2)` to `(N, 13)`."""
    cells = ops.reshape(flow, (-1, math.prod(flow.shape[1:3]), 2))
    flow = flow - ops.median(cells, axis=1)[:, None, None]
    size = ops.sqrt(ops.sum(ops.square(flow), axis=-1) + 1e-12)  # (N, h, w)
    angle = ops.arctan2(flow[..., 1], flow[..., 0])
    at = ops.cast(ops.round(angle * (DIRECTIONS / (2 * math.pi))), "int32") % DIRECTIONS
    shares = ops.mean(ops.one_hot(at, DIRECTIONS) * size[..., None], axis=(1, 2))  # (N, 8)
    right, right_down, down, left_down, left, left_up, up, right_up = ops.unstack(shares, axis=-1)
    likely = shares / (ops.sum(shares, axis=-1, keepdims=True) + 1e-6)
    entropy = -ops.sum(likely * ops.log(likely + 1e-9), axis=-1)
    sizes = ops.sort(ops.reshape(size, (-1, math.prod(size.shape[1:]))), axis=-1)
    quantiles = (sizes[:, round(share * (sizes.shape[1] - 1))] for share in (0.95, 0.99, 1.0))
    next_to = ops.pad(flow, ((0, 0), (0, 1), (0, 1), (0, 0)), mode="symmetric")
    along, across = next_to[:, :-1, 1:] - flow, next_to[:, 1:, :-1] - flow
    turning = ops.mean(ops.abs(along[..., 1] - across[..., 0]), axis=(1, 2))
    spreading = ops.mean(ops.abs(along[..., 0] + across[..., 1]), axis=(1, 2))
    amounts = [
        *(right + left, down, up, right_down + left_down, right_up + left_up),
        *(ops.mean(sizes, axis=-1), ops.std(sizes, axis=-1), *quantiles),
        *(turning, spreading),
    ]
    uneven = math.log(DIRECTIONS) - entropy
    described = ops.stack([*(amount / UNIT_PX for amount in amounts), uneven], axis=-1)
    return ops.log(ops.maximum(described, 0) + SMALLEST)
