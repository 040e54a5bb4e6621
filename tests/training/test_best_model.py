import keras
import numpy as np
import pytest

from mmfusion.training import best_model
from mmfusion.training.best_model import BestModel


class Stub:
    """Stands for a model: its weights are the number of the epoch."""

    def __init__(self):
        self.stop_training = False
        self.epoch = None

    def save(self, path):
        path.write_text(str(self.epoch))

    def get_weights(self):
        return [np.array(self.epoch)]

    def set_weights(self, weights):
        self.epoch = int(weights[0])


def trained(tmp_path, values, **settings):
    """The callback and its model after epochs with these figures."""
    settings = {"monitor": "val_loss", "patience": 2} | settings
    callback = BestModel(tmp_path / "best.keras", **settings)
    callback.set_model(Stub())
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        callback.model.epoch = epoch
        callback.on_epoch_end(epoch, {settings["monitor"]: value})
        if callback.model.stop_training:
            break
    callback.on_train_end()
    return callback


@pytest.mark.parametrize(
    ("values", "settings", "kept", "stopped"),
    [
        ([3.0], {}, 0, False),
        ([3.0, 2.0, 1.0], {}, 2, False),
        ([3.0, 1.0, 2.0, 1.5, 0.0], {}, 1, True),
        ([3.0, 1.0, 2.0, 0.5, 0.7], {}, 3, False),
        ([1.0, 1.0, 1.0], {}, 0, True),
        ([np.nan, 2.0, np.inf], {}, 1, False),
        ([-np.inf, 2.0], {}, 1, False),
        ([0.1, 0.9, 0.5], {"monitor": "val_accuracy"}, 1, False),
        ([0.1, 0.9, 0.5], {"monitor": "val_macro_f1"}, 1, False),
        ([0.1, 0.9, 0.5], {"monitor": "val_accuracy", "mode": "min"}, 0, True),
        ([0.1, 0.9, 0.5], {"mode": "max"}, 1, False),
        ([2.0, 3.0], {"patience": 1}, 0, True),
    ],
)
def test_keeps_the_best_epoch(tmp_path, values, settings, kept, stopped):
    callback = trained(tmp_path, values, **settings)
    assert callback.model.epoch == kept
    assert (tmp_path / "best.keras").read_text() == str(kept)
    assert callback.model.stop_training is stopped
    assert [path.name for path in tmp_path.iterdir()] == ["best.keras"]


def test_without_a_finite_figure_nothing_is_written(tmp_path):
    callback = trained(tmp_path, [np.nan, np.nan])
    assert callback.model.stop_training
    assert list(tmp_path.iterdir()) == []


def test_a_validation_figure_falls_back_to_the_training_one(tmp_path):
    callback = BestModel(tmp_path / "best.keras")
    callback.set_model(Stub())
    callback.on_epoch_end(0, {"loss": 0.25})
    assert callback.best == 0.25


def test_an_unknown_figure_is_refused(tmp_path):
    callback = BestModel(tmp_path / "best.keras", monitor="val_f2")
    with pytest.raises(ValueError, match=r"must be one of \['loss', 'val_loss'\].*'val_f2'"):
        callback.on_epoch_end(0, {"val_loss": 1.0, "loss": 1.0})


@pytest.mark.parametrize("wrong", [{"mode": "up"}, {"patience": 0}])
def test_settings_out_of_range_are_refused(tmp_path, wrong):
    with pytest.raises(ValueError, match="Received"):
        BestModel(tmp_path / "best.keras", **wrong)


def test_a_failed_write_leaves_the_file_before(tmp_path):
    callback = trained(tmp_path, [1.0])

    def full(path):
        path.write_text("half")
        raise OSError("no space left on device")

    callback.model.save = full
    callback._next_s = 0.0
    with pytest.raises(OSError, match="no space"):
        callback.on_epoch_end(1, {"val_loss": 0.5})
    assert (tmp_path / "best.keras").read_text() == "0"


def test_short_epochs_write_the_model_now_and_then_but_always_at_the_end(tmp_path, monkeypatch):
    """A write takes a second and an epoch twenty: due after 30 s, and again 200 s later."""
    callback, saves, clock = BestModel(tmp_path / "best.keras"), [], [0.0]
    monkeypatch.setattr(best_model.time, "monotonic", lambda: clock[0])

    def save(model, path):
        saves.append(model.epoch)
        clock[0] += 1.0

    monkeypatch.setattr(best_model, "save_model", save)
    callback.set_model(Stub())
    callback.on_train_begin()
    for epoch in range(15):
        clock[0] += 20.0
        callback.model.epoch = epoch
        callback.on_epoch_end(epoch, {"val_loss": 1.0 / (epoch + 1)})
    assert saves == [1, 11]
    callback.on_train_end()
    assert saves == [1, 11, 14]
    assert list(tmp_path.iterdir()) == []


def test_a_real_model_comes_back(tmp_path, make, batches):
    model = make()
    best = BestModel(tmp_path / "best.keras", monitor="loss")
    model.fit(batches, epochs=3, verbose=0, shuffle=False, callbacks=[best])
    again = keras.models.load_model(tmp_path / "best.keras")
    x = np.ones((1, 4), "float32")
    np.testing.assert_array_equal(model(x), again(x))


def test_state_goes_round(tmp_path):
    first, second = (BestModel(tmp_path / "best.keras") for _ in range(2))
    first.set_model(Stub())
    first.on_train_begin()
    for epoch, loss in enumerate([1.0, 2.0]):
        first.model.epoch = epoch
        first.on_epoch_end(epoch, {"val_loss": loss})
    second.set_state(first.state())
    assert (second.best, second.wait) == (first.best, first.wait) == (1.0, 1)
    assert first.weights == [np.array(0)]


def test_each_training_starts_without_a_best(tmp_path):
    callback = trained(tmp_path, [1.0])
    callback.on_train_begin()
    assert (callback.best, callback.wait, callback.weights) == (None, 0, [])
