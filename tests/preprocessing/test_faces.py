import numpy as np
import pytest
from skimage.data import astronaut

from mmfusion.preprocessing.faces import crop_face, crop_mouth, find_face

EYE, MOUTH = (112, 208), (153, 218)  # row, column, read off the photograph


@pytest.fixture(scope="module")
def portrait():
    return astronaut()[:320, 64:384][None].repeat(3, axis=0)  # 64 columns cut off at the left


def holds(box, place):
    top, left, height, width = box
    row, column = place
    return top <= row < top + height and left <= column - 64 < left + width


def test_a_face_is_found_once_for_the_whole_clip(portrait):
    box = find_face(portrait)
    assert holds(box, EYE)
    assert holds(box, MOUTH)
    assert max(box[2:]) < 200
    black = np.zeros_like(portrait)
    assert find_face(np.concatenate([black, portrait, black])) == box


def test_the_mouth_lies_in_the_lower_part_of_the_face(portrait):
    top, left, height, width = find_face(portrait)
    face, mouth = crop_face(portrait), crop_mouth(portrait)
    assert face.shape == (3, height, width, 3)
    rows, columns = mouth.shape[1:3]
    assert rows < height / 2
    assert columns < 0.7 * width
    red = mouth[0, ..., 0].astype(int) - mouth[0, ..., 1]  # lips are redder than skin
    assert red[rows // 4 : -rows // 4].max() > 1.2 * np.median(red)
    first = top + int(0.66 * height), left + int(0.2 * width)
    np.testing.assert_array_equal(mouth[0, 0, 0], portrait[(0, *first)])


def test_a_face_at_the_border_is_cut_within_the_frame(portrait):
    top, _, height, _ = find_face(portrait)
    low = portrait[:, : top + height]
    assert crop_mouth(low).shape[1] <= height


@pytest.mark.parametrize("shape", [(0, 64, 64, 3), (1, 1, 1, 3), (4, 64, 64, 3)])
def test_frames_without_a_face_stay_whole(shape):
    frames = np.full(shape, 90, np.uint8)
    assert find_face(frames) is None
    np.testing.assert_array_equal(crop_face(frames), frames)
    np.testing.assert_array_equal(crop_mouth(frames), frames)


@pytest.mark.parametrize("frames", [np.zeros((4, 4, 3), "uint8"), np.zeros((1, 4, 4, 3)), None])
def test_other_shapes_and_types_are_refused(frames):
    with pytest.raises(ValueError, match="uint8"):
        find_face(frames)
