import keras
import numpy as np
import pytest

from mmfusion.training.backup import Backup
from mmfusion.training.best_model import BestModel
from mmfusion.training.moving_average import MovingAverage


class CutError(Exception):
    """Stands for a kill."""


@pytest.fixture
def averaging(make):
    def build():
        model = make()
        optimizer = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)
        model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", run_eagerly=True)
        return model

    return build


def training(model, batches, run, cut_after=None):
    average, best = MovingAverage(), BestModel(run / "best.keras", monitor="loss")
    backup = Backup(run / "checkpoints", {"best": best, "average": average})

    def die(epoch, logs):
        if epoch == cut_after:
            raise CutError

    callbacks = [average, best, backup, keras.callbacks.LambdaCallback(on_epoch_end=die)]
    model.fit(batches, epochs=5, verbose=0, shuffle=False, callbacks=callbacks)
    return model


def test_the_best_model_is_the_average(averaging, make, batches, tmp_path):
    """After one epoch of three steps, by hand: a = 0.5 a + 0.5 w, beginning with the first w."""
    weights = []
    plain = make()
    plain.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss="sparse_categorical_crossentropy",
        run_eagerly=True,
    )
    for x, y in batches:
        plain.train_on_batch(x, y)
        weights.append(plain.get_weights())
    expected = [a * 0.25 + b * 0.25 + c * 0.5 for a, b, c in zip(*weights, strict=True)]
    model = averaging()
    average, best = MovingAverage(), BestModel(tmp_path / "best.keras", monitor="loss")
    model.fit(batches, epochs=1, verbose=0, shuffle=False, callbacks=[average, best])
    for ours, theirs in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("cut_after", [0, 2])
def test_a_cut_training_ends_as_an_unbroken_one(averaging, batches, tmp_path, cut_after):
    (tmp_path / "run").mkdir()
    (tmp_path / "unbroken").mkdir()
    with pytest.raises(CutError) as caught:
        training(averaging(), batches, tmp_path / "run", cut_after)
    del caught
    resumed = training(averaging(), batches, tmp_path / "run")
    unbroken = training(averaging(), batches, tmp_path / "unbroken")
    for ours, theirs in zip(resumed.get_weights(), unbroken.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)
