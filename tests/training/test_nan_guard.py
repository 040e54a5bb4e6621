import logging

import numpy as np
import pytest

from mmfusion.training.nan_guard import NaNGuard, broken_inputs


@pytest.mark.parametrize("epochs", [1, 3])
def test_a_sound_training_is_left_alone(make, batches, epochs):
    guard, with_guard, without = NaNGuard(), make(), make()
    with_guard.fit(batches, epochs=epochs, verbose=0, shuffle=False, callbacks=[guard])
    without.fit(batches, epochs=epochs, verbose=0, shuffle=False)
    assert guard.stopped is None
    for ours, theirs in zip(with_guard.get_weights(), without.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_stops_at_the_broken_batch_and_restores(make, broken_batches, caplog):
    guard, model = NaNGuard(), make()
    before = model.get_weights()
    with caplog.at_level(logging.ERROR):
        history = model.fit(broken_batches, epochs=5, verbose=0, shuffle=False, callbacks=[guard])
    assert guard.stopped == {"epoch": 0, "batch": 1, "inputs": []}
    assert len(history.epoch) == 1
    assert "epoch 0, batch 1" in caplog.text
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_the_weights_of_the_epoch_before_come_back(make, batches, broken_batches):
    """The second epoch breaks: what is left is what one sound epoch gives."""
    guard, model, reference = NaNGuard(), make(), make()
    reference.fit(batches, epochs=1, verbose=0, shuffle=False)
    model.fit(
        batches.concatenate(broken_batches),
        steps_per_epoch=3,
        epochs=2,
        verbose=0,
        shuffle=False,
        callbacks=[guard],
    )
    assert guard.stopped == {"epoch": 1, "batch": 1, "inputs": []}
    for ours, theirs in zip(model.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_weight_that_breaks_unseen_is_found_at_the_epochs_end(make):
    guard, model = NaNGuard(), make()
    guard.set_model(model)
    guard.on_train_begin()
    guard.on_epoch_begin(4)
    good = model.get_weights()
    model.layers[0].kernel.assign(np.full((4, 8), np.inf))
    guard.on_train_batch_end(0, {"loss": 1.0})
    assert guard.stopped is None
    guard.on_epoch_end(4, {"loss": 1.0})
    assert guard.stopped == {"epoch": 4, "batch": None, "inputs": []}
    assert model.stop_training
    np.testing.assert_array_equal(model.get_weights()[0], good[0])


def test_names_the_modality_and_the_batch_of_the_data(make, broken_batches, caplog):
    named = broken_batches.map(lambda x, y: ({"audio": x}, y))
    guard, model = NaNGuard(named), make()
    model.fit(broken_batches, epochs=2, verbose=0, shuffle=False, callbacks=[guard])
    assert guard.stopped["inputs"] == [("audio", 1)]
    assert "'audio' is not finite in batch 1 of the data" in caplog.text


@pytest.mark.parametrize(
    ("batches", "found"),
    [
        ([], []),
        ([(np.array([1.0]),)], []),
        ([(np.array([np.inf]), 0)], [("inputs", 0)]),
        (
            [({"v": np.array([1.0]), "w": np.array([2])}, 0), ({"v": np.array([np.nan])}, 0)],
            [("v", 1)],
        ),
    ],
)
def test_broken_inputs(batches, found):
    assert broken_inputs(batches) == found
    assert broken_inputs(batches, 0) == []
