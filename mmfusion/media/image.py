"""A decoded frame as an upright RGB array of the size asked for."""

import av
import numpy as np
from av.sidedata.sidedata import Type
from av.video.reformatter import Interpolation, VideoReformatter

UPRIGHT = (1, 0, 0, 1)
UNIT = 1 << 16  # of the display matrix, which is in 16.16 fixed point


def orientation(frame: av.VideoFrame) -> tuple[int, int, int, int]:
    """The 2x2 part of a frame's display matrix as signs, (1, 0, 0, 1) for upright.

    Anything but turns by 90 degrees and mirrors counts as upright.
    """
    try:
        data = frame.side_data.get(Type.DISPLAYMATRIX)  # type: ignore[call-overload]
    except ValueError:  # PyAV: side data of a kind that it does not know
        return UPRIGHT
    if data is None:
        return UPRIGHT
    turns = np.frombuffer(data, np.int32)[[0, 1, 3, 4]] / UNIT
    signs = tuple(np.sign(turns).astype(int).tolist())
    return signs if np.array_equal(np.abs(turns), np.abs(turns[::-1])) and 0 in signs else UPRIGHT


def turn(image: np.ndarray, signs: tuple[int, int, int, int]) -> np.ndarray:
    """Turns an image (H, W, 3) upright by the signs that `orientation` returns.

    Example:

    >>> image = np.arange(6).reshape(2, 3, 1)
    >>> turn(image, (0, 1, -1, 0))[..., 0]  # stored lying on its left side
    array([[3, 0],
           [4, 1],
           [5, 2]])
    """
    across, down = signs[0], signs[3]
    if not across:
        image, across, down = image.swapaxes(0, 1), signs[2], signs[1]
    return image[:: -1 if down < 0 else 1, :: -1 if across < 0 else 1]


def to_rgb(
    reformatter: VideoReformatter, frame: av.VideoFrame, *, width_px: int, height_px: int
) -> np.ndarray:
    """Scales a frame by area averaging and converts it to RGB.

    swscale writes RGBA in half the time of RGB, so the fourth channel is cut off here.

    Args:
        reformatter: `av.video.reformatter.VideoReformatter`, kept between frames of one stream.
        frame: `av.VideoFrame`.
        width_px: int.
        height_px: int.

    Returns:
        uint8 array (H, W, 3), a view.
    """
    scaled = reformatter.reformat(
        frame, width_px, height_px, "rgba", interpolation=Interpolation.AREA, threads=1
    )
    plane = scaled.planes[0]
    content = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]
    rows = content.reshape(height_px, plane.line_size)
    return rows[:, : 4 * width_px].reshape(height_px, width_px, 4)[..., :3]
