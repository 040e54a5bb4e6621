import json

import pytest
import tensorflow as tf

from mmfusion.training.resume import advanced, epochs_done


def shuffled():
    numbers = tf.data.Dataset.range(20).cache().shuffle(20, seed=3)
    drawn = tf.data.Dataset.random(seed=3, rerandomize_each_iteration=True)
    return tf.data.Dataset.zip(numbers, drawn).batch(4).prefetch(2)


def read(batches, epochs):
    """The elements of so many epochs, as they come to a training."""
    taken = batches.repeat().take(5 * epochs)
    return [tuple(part.numpy().tolist() for part in batch) for batch in taken]


@pytest.mark.parametrize("done", [0, 1, 3])
def test_goes_on_with_the_shuffle_of_that_epoch(done):
    unbroken = read(shuffled(), 5)
    assert read(advanced(shuffled(), done), 5 - done) == unbroken[5 * done :]
    assert unbroken[:5] != unbroken[5:10]


def test_nothing_kept_is_no_epoch(tmp_path):
    assert epochs_done(tmp_path) == 0


@pytest.mark.parametrize(("finished", "expected"), [(False, 4), (True, 0)])
def test_a_finished_training_is_not_gone_on_with(tmp_path, finished, expected):
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "epoch-0003.npz").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    record = {"epoch": 3, "finished": finished, "weights": "epoch-0003.npz", "sha256": empty}
    (tmp_path / "checkpoints" / "epoch-0003.json").write_text(json.dumps(record))
    assert epochs_done(tmp_path) == expected
