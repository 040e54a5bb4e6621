import numpy as np
import pytest

from mmfusion.preprocessing.cropping import crop_box, crop_centre, crop_letterbox, find_letterbox


@pytest.mark.parametrize("bars", [(0, 0), (12, 0), (0, 16), (7, 9)])
def test_noisy_bars_are_found(bars, clip):
    rows, columns = bars
    barred = np.pad(clip, ((0, 0), (rows, rows + 1), (columns, columns), (0, 0)))
    noise = np.random.default_rng(0).integers(0, 12, barred.shape).astype("uint8")
    barred = np.where(barred < 12, noise, barred)
    assert find_letterbox(barred) == (rows, columns, 96, 128)
    np.testing.assert_array_equal(crop_letterbox(barred).shape, clip.shape)


def test_black_clips_and_single_bright_frames():
    frames = np.zeros((3, 6, 8, 3), "uint8")
    assert find_letterbox(frames) == (0, 0, 6, 8)
    assert find_letterbox(frames[:0]) == (0, 0, 6, 8)
    frames[2, 1:4, 2:5] = 255
    assert find_letterbox(frames) == (1, 2, 3, 3)


def test_box_and_centre_by_hand():
    frames = np.arange(5 * 6, dtype="uint8").reshape(1, 5, 6, 1).repeat(3, axis=-1)
    np.testing.assert_array_equal(
        crop_box(frames, (1, 2, 2, 3))[0, ..., 0], [[8, 9, 10], [14, 15, 16]]
    )
    np.testing.assert_array_equal(crop_centre(frames, 2)[0, ..., 0], [[8, 9], [14, 15]])


@pytest.mark.parametrize(
    "box", [(-1, 0, 2, 2), (0, -1, 2, 2), (0, 0, 0, 2), (0, 0, 2, 0), (4, 0, 2, 2), (0, 5, 2, 2)]
)
def test_boxes_outside_are_refused(box):
    with pytest.raises(ValueError, match="within frames of 5 by 6"):
        crop_box(np.zeros((1, 5, 6, 3), "uint8"), box)


@pytest.mark.parametrize("size_px", [0, 6])
def test_centres_that_do_not_fit_are_refused(size_px):
    with pytest.raises(ValueError, match="`box` must lie within"):
        crop_centre(np.zeros((1, 5, 6, 3), "uint8"), size_px)
