import keras
import numpy as np
import pytest

from mmfusion.training.callbacks import callbacks
from mmfusion.training.history import read_history


def test_fills_the_run_folder(make, batches, tmp_path):
    run = tmp_path / "runs" / "fights"
    make().fit(
        batches,
        validation_data=batches,
        epochs=2,
        verbose=0,
        shuffle=False,
        callbacks=callbacks(run),
    )
    visible = {path.name for path in run.iterdir() if not path.name.startswith(".")}
    assert visible == {"best.keras", "history.csv", "checkpoints", "tensorboard"}
    assert list((run / "tensorboard" / "validation").glob("events.*"))
    assert read_history(run / "history.csv").keys() == {
        "epoch",
        "loss",
        "accuracy",
        "val_loss",
        "val_accuracy",
    }


def test_stops_early_with_the_best_weights(make, batches, tmp_path):
    model = make(learning_rate=5.0)  # far too fast: the loss jumps about
    history = model.fit(
        batches,
        validation_data=batches,
        epochs=30,
        verbose=0,
        shuffle=False,
        callbacks=callbacks(tmp_path, patience=3),
    ).history["val_loss"]
    assert len(history) < 30
    assert len(history) - 1 - int(np.argmin(history)) == 3
    assert model.evaluate(batches, verbose=0)[0] == pytest.approx(min(history), rel=1e-5)


@pytest.mark.parametrize("monitor", ["val_accuracy", "loss"])
def test_monitor(make, batches, tmp_path, monitor):
    chosen = callbacks(tmp_path, monitor=monitor)
    make().fit(
        batches, validation_data=batches, epochs=1, verbose=0, shuffle=False, callbacks=chosen
    )
    assert (tmp_path / "best.keras").is_file()


def test_a_nan_leaves_good_weights_and_no_broken_best(make, broken_batches, tmp_path):
    model = make()
    model.fit(broken_batches, epochs=4, verbose=0, shuffle=False, callbacks=callbacks(tmp_path))
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
    if (tmp_path / "best.keras").exists():
        again = keras.models.load_model(tmp_path / "best.keras")
        assert all(np.isfinite(weight).all() for weight in again.get_weights())
    assert len(read_history(tmp_path / "history.csv")["epoch"]) == 1


def test_epochs_are_cheap(make, batches, tmp_path):
    """No callback asks Keras for its own bar, and none prints."""
    names = [type(callback).__name__ for callback in callbacks(tmp_path)]
    assert names == ["NaNGuard", "BestModel", "History", "TensorBoard", "Progress", "Backup"]
