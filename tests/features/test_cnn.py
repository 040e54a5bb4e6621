import keras
import numpy as np
import pytest

from mmfusion.features.cnn import extract_cnn, extract_cnn_changes


@pytest.fixture(scope="module")
def mean():
    """A network that gives the mean of each colour."""
    pictures = keras.Input((8, 8, 3))
    return keras.Model(pictures, keras.layers.GlobalAveragePooling2D()(pictures))


def clip(*levels):
    return np.array(levels, "uint8")[:, None, None, None] * np.ones((1, 16, 24, 3), "uint8")


@pytest.mark.parametrize(
    ("levels", "seen", "changed"),
    [
        ((), np.zeros((0, 3)), np.zeros((0, 3))),
        ((255,), [[1] * 3], [[-1] * 3]),
        ((0, 255, 0), [[-1] * 3, [1] * 3, [-1] * 3], [[1] * 3, [1] * 3]),
        ((0, 51), [[-1] * 3, [-0.6] * 3], [[-0.2] * 3]),
    ],
)
def test_by_hand(mean, levels, seen, changed):
    frames = clip(*levels)
    np.testing.assert_allclose(extract_cnn(frames, mean), seen, atol=1e-6)
    np.testing.assert_allclose(extract_cnn_changes(frames, mean), changed, atol=1e-6)


def test_batches_do_not_matter(mean):
    frames = np.random.default_rng(0).integers(0, 255, (70, 8, 8, 3), np.uint8)
    expected = frames.mean(axis=(1, 2)) / 127.5 - 1
    np.testing.assert_allclose(extract_cnn(frames, mean), expected, atol=1e-5)


@pytest.mark.parametrize("extract", [extract_cnn, extract_cnn_changes])
def test_what_is_no_clip_is_refused(mean, extract):
    with pytest.raises(ValueError, match="`frames` must be uint8"):
        extract(np.zeros((2, 8, 8, 3)), mean)


def test_some_pairs_of_many(mean):
    frames = clip(0, 0, 0, 0, 51, 51, 51)  # six pairs; the fourth changes
    found = extract_cnn_changes(frames, mean, most=2)
    np.testing.assert_allclose(found, [[-1] * 3, [-1] * 3], atol=1e-6)
    np.testing.assert_allclose(extract_cnn_changes(frames, mean, most=3)[1], [-0.2] * 3, atol=1e-6)
