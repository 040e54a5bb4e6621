"""Rows of arrays to batches."""

import numpy as np
import pytest

from mmfusion.data.array_batches import array_dataset
from mmfusion.data.array_preprocessor import array_preprocessor
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.read_arrays import read_arrays

STILL = Augmentation(
    feature_noise=0,
    sequence_noise=0,
    feature_gain=0,
    warp=0,
    image_shift=0,
    modality_dropout=0,
)


@pytest.fixture
def path(tmp_path):
    x = np.arange(5.0)[:, None]
    np.savez(
        tmp_path / "corpus.npz",
        x=x,
        label=np.array(["b", "a", "b", "b", "a"]),
        video=np.array([1, 1, 1, 2, 2]),
        place=np.array([0, 1, 2, 0, 1]),
        said=np.array(["one", "two", "three", "four", "five"]),
    )
    return tmp_path / "corpus.npz"


def test_clips_come_in_order(path):
    batches = list(array_dataset(read_arrays(path, modalities=("x",)), None, batch_size=2))
    assert [batch[1].numpy().tolist() for batch in batches] == [[1, 0], [1, 1], [0]]
    assert np.concatenate([np.ravel(batch[0]["x"]) for batch in batches]).tolist() == [
        0,
        1,
        2,
        3,
        4,
    ]


def test_rows_without_a_weight_have_none(path):
    rows = read_arrays(path, modalities=("x",))
    ((_, _, weight),) = array_dataset(rows, None, weights={"0": 2.0, "3": 0.5})
    assert weight.numpy().tolist() == [2, 0, 0, 0.5, 0]


def test_sequences_are_padded_and_weighed(path):
    rows = read_arrays(path, modalities=("said", "x"), group="video", order="place")
    ((x, y, weight),) = array_dataset(rows, array_preprocessor(rows, vocabulary=["four"], tokens=1))
    assert x["x"].shape == (2, 3, 1)
    np.testing.assert_allclose(np.ravel(x["x"]), np.array([-2, -1, 0, 1, 2, 0]) / np.sqrt(2))
    assert x["x_mask"].numpy().tolist() == [[True, True, True], [True, True, False]]
    assert np.ravel(x["said"]).tolist() == [1, 1, 1, 2, 1, 0]
    assert y.numpy().tolist() == [[1, 0, 1], [1, 0, 0]]
    assert weight.numpy().tolist() == [[1, 1, 1], [1, 1, 0]]


def test_training_shuffles_anew_and_the_same_for_a_seed(path):
    rows = read_arrays(path, modalities=("x",))

    def epochs(seed):
        data = array_dataset(rows, None, batch_size=5, training=STILL, seed=seed)
        return [np.ravel(x["x"]).tolist() for _ in range(2) for x, _ in data]

    assert epochs(0) == epochs(0) != epochs(1)
    assert epochs(0)[0] != epochs(0)[1]
    assert sorted(epochs(0)[0]) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("chosen", "classes", "message"),
    [(slice(0), None, "no row to read"), (slice(2), ["a"], r"`label` must be one of \['a'\].*'b'")],
)
def test_says_what_does_not_fit(path, chosen, classes, message):
    rows = read_arrays(path, modalities=("x",))
    with pytest.raises(ValueError, match=message):
        array_dataset(rows.select(rows.clips[chosen]), None, classes=classes)
