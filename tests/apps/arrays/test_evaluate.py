"""Evaluate, export and predict what was trained on arrays, by the command."""

import json

import numpy as np
import pytest

from mmfusion.serving.predictor import Predictor

FLAGS = ("--modalities", "a,v", "--group", "video", "--order", "place", "--epochs", 12)


def write(path, seed, videos):
    """Rows whose class both modalities tell, and more clearly the mean of their video."""
    rng = np.random.default_rng(seed)
    kind = np.arange(videos) % 2
    label = np.where(rng.random((videos, 6)) < 0.9, kind[:, None], 1 - kind[:, None])
    np.savez(
        path,
        a=(rng.normal(size=(videos * 6, 3)) + 2 * label.reshape(-1, 1)).astype("float32"),
        v=(rng.normal(size=(videos * 6, 2)) - 2 * label.reshape(-1, 1)).astype("float32"),
        label=label.ravel(),
        video=np.repeat(np.arange(videos), 6),
        place=np.tile(np.arange(6), videos),
    )
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("arrays")


@pytest.fixture(scope="module")
def run(folder, command):
    train = write(folder / "train.npz", 0, 12)
    done = command("train", train, "--out", folder / "run", *FLAGS, "--seeds", 2)
    assert (done.code, done.out.strip()) == (0, str(folder / "run"))
    return folder / "run"


@pytest.fixture(scope="module")
def other(folder):
    return write(folder / "other.npz", 1, 8)


@pytest.fixture(scope="module")
def told(run, other, command):
    done = command("evaluate", run, other, "--json")
    assert done.code == 0
    return json.loads(done.out)


def test_tells_every_step_and_every_seed(told):
    assert told["n"] == 48
    assert told["part"] == "all"
    assert told["accuracy"] > 0.8
    assert told["mean_accuracy"] == pytest.approx(np.mean(told["accuracies"]))
    assert set(told["ablation"]) == {"a", "v", "a+v"}
    assert {"weighted_f1", "macro_f1", "per_class", "leak"} <= set(told)


def test_a_table_for_people(run, other, command):
    done = command("evaluate", run, other)
    assert done.code == 0
    assert "accuracy of a single seed" in done.out


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--part", "test"), "no row in the part 'test'"),
        (("--part", "dev"), "`part` must be one of"),
        (("--label", "place"), "`label` must be one of"),
        (("--workers", 2), "Unknown option 'workers'"),
    ],
)
def test_says_what_does_not_fit(run, other, command, flags, message):
    done = command("evaluate", run, other, *flags)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_a_run_of_clips_takes_no_arrays(small_run, other, command):
    done = command("evaluate", small_run, other)
    assert done.code == 2
    assert "was trained on clips" in done.err


def test_the_export_scores_arrays_but_no_files(run, other, told, command, folder):
    assert command("export", run, "--out", folder / "saved").code == 0
    predictor = Predictor(folder / "saved")
    with np.load(other) as file:
        sequences = {name: file[name].reshape(8, 6, -1) for name in ("a", "v")}
        labels = file["label"].reshape(8, 6)
    probabilities = predictor.batch(sequences)
    assert (probabilities.argmax(axis=-1) == labels).mean() == pytest.approx(told["accuracy"])
    done = command("predict", run, other)
    assert done.code == 2
    assert "only arrays can be scored" in done.err
