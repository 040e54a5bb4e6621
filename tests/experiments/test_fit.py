import types
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion.apps.runs.fit import class_counts, fit_batches, fitting
from mmfusion.apps.runs.optimisation import Optimisation
from mmfusion.specs import Clip
from mmfusion.training.history import read_history
from mmfusion.training.snapshots import snapshots

LABELS = ("a", "b", "a", None, "a")
CLIPS = [Clip(str(at), text="x", label=label) for at, label in enumerate(LABELS)]
RECORDS = types.SimpleNamespace(rows=[{"label": label} for label in LABELS])


def options(folder, **fields):
    folder.mkdir(exist_ok=True)
    asked = {"find_rate": False, "rate": 0.05, "weight_decay": 0.0, "epochs": 4, "patience": 9}
    return types.SimpleNamespace(
        **{"out": str(folder), "seed": 0, "optimisation": Optimisation(), **asked, **fields}
    )


def batches():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(24, 1, 4)).astype("float32")
    data = ({"audio": x, "audio_mask": np.ones((24, 1), bool)}, (x[:, 0, 0] > 0).astype("int32"))
    return tf.data.Dataset.from_tensor_slices(data).shuffle(24, seed=0).batch(8)


def fitted(folder, cut_after=None, resume=True, **fields):
    keras.utils.set_random_seed(0)
    x = {
        "audio": keras.Input((1, 4), name="audio"),
        "audio_mask": keras.Input((1,), dtype="bool", name="audio_mask"),
    }
    hidden = keras.layers.Dropout(0.2)(keras.layers.Dense(8, "tanh")(x["audio"][:, 0]))
    model = keras.Model(x, keras.layers.Dense(2, "softmax")(hidden))
    if cut_after is not None:

        class Cut(keras.Model):
            """Dies in the middle of an epoch."""

            def train_step(self, data):
                if int(self.optimizer.iterations) == cut_after:
                    raise InterruptedError
                return super().train_step(data)

        model = Cut(model.input, model.output)
        model.run_eagerly = True
    given = {"counts": [12, 12], "monitor": "loss", "resume": resume}
    if cut_after is not None:
        compile_ = model.compile
        model.compile = lambda **how: compile_(**how, run_eagerly=True)
    fit_batches(model, batches(), batches(), options=options(folder, **fields), **given)
    return model


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"mix": "mixup"},
        {"ema": 0.5},
        {"schedule": "plateau"},
    ],
    ids=str,
)
def test_a_cut_training_ends_as_an_unbroken_one(tmp_path, how):
    asked = {"optimisation": Optimisation(**how)}
    with pytest.raises(InterruptedError) as caught:
        fitted(tmp_path / "run", cut_after=7, **asked)
    del caught
    assert read_history(tmp_path / "run" / "history.csv")["epoch"] == [0, 1]
    fitted(tmp_path / "run", **asked)
    fitted(tmp_path / "unbroken", **asked)
    ours, theirs = (read_history(tmp_path / name / "history.csv") for name in ("run", "unbroken"))
    for column in theirs:
        np.testing.assert_allclose(ours[column], theirs[column], rtol=1e-4)


def test_the_range_test_gives_the_rate_and_its_plot(tmp_path):
    fitted(tmp_path / "run", find_rate=True, epochs=1, optimisation=Optimisation(schedule="fixed"))
    assert (tmp_path / "run" / "plots" / "rate_test.png").stat().st_size > 1000


def test_the_mean_of_the_last_epochs_is_what_is_kept(tmp_path):
    model = fitted(tmp_path / "run", optimisation=Optimisation(average_epochs=2))
    kept = [
        keras.saving.load_model(path, compile=False).get_weights()
        for path in snapshots(tmp_path / "run" / "average")
    ]
    best = keras.saving.load_model(Path(tmp_path, "run", "best.keras"), compile=False)
    for mean, ours, one, other in zip(best.get_weights(), model.get_weights(), *kept, strict=True):
        np.testing.assert_allclose(mean, (one + other) / 2, rtol=1e-5)
        np.testing.assert_array_equal(mean, ours)


def test_what_an_earlier_training_kept_is_not_averaged(tmp_path):
    fitted(tmp_path / "run", optimisation=Optimisation(average_epochs=2, snapshots=1))
    asked = {"epochs": 2, "optimisation": Optimisation(average_epochs=1)}
    fitted(tmp_path / "run", resume=False, **asked)
    kept = {path.name for path in snapshots(tmp_path / "run" / "average")}
    assert kept == {"epoch-0001.keras"}
    assert not snapshots(tmp_path / "run" / "snapshots")


def test_counts_in_the_order_of_the_classes():
    assert class_counts(RECORDS, ["b", "a", "c"]) == [1, 3, 0]


@pytest.mark.parametrize(("asked", "found"), [(None, 4), (1, 1), (4, 4)])
def test_a_batch_that_the_clips_fill(asked, found):
    assert fitting(asked, CLIPS) == found


@pytest.mark.parametrize("asked", [0, 5, -1])
def test_a_batch_larger_than_the_data(asked):
    with pytest.raises(ValueError, match=f"the 4 clips to train on. Received: batch_size={asked}"):
        fitting(asked, CLIPS)
