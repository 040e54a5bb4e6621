import numpy as np
import pytest

from mmfusion.features.motion_history import extract_motion_history, motion_history


@pytest.fixture
def walk():
    """A white pixel that goes one to the right with every frame."""
    frames = np.zeros((4, 8, 8, 3), "uint8")
    for t, frame in enumerate(frames):
        frame[4, t] = 255
    return frames


def test_the_brighter_the_later(walk):
    history = motion_history(walk, steps=4)
    np.testing.assert_array_equal(history[0], np.zeros((8, 8)))
    np.testing.assert_allclose(history[3, 4], [0.5, 0.75, 1, 1, 0, 0, 0, 0])
    assert not history[3, [0, 1, 2, 3, 5, 6, 7]].any()


def test_in_numbers(walk):
    found = extract_motion_history(walk, steps=4)
    assert found.shape == (4, 10)
    assert not found[0].any()
    np.testing.assert_allclose(found[3, :3], [2 / 64, 4 / 64, 3.25 / 64])


def test_hu_moments_stay_with_the_place(walk):
    moved = np.roll(walk, (2, 3), axis=(1, 2))
    found, elsewhere = (extract_motion_history(frames)[3] for frames in (walk, moved))
    np.testing.assert_allclose(elsewhere, found, rtol=1e-4)


@pytest.mark.parametrize(("threshold", "steps"), [(-1, 3), (256, 3), (25, 0)])
def test_settings_out_of_range(threshold, steps, walk):
    with pytest.raises(ValueError, match="`threshold` must be from 0 to 255"):
        motion_history(walk, threshold=threshold, steps=steps)
