import shutil

import keras
import numpy as np
import pytest

from mmfusion.apps import ensemble
from mmfusion.experiments.out_of_fold import write_out_of_fold
from mmfusion.experiments.run import read_run
from mmfusion.files import read_json, write_json
from mmfusion.options.reading import read_options
from mmfusion.options.verbs import EnsembleOptions
from mmfusion.serving.predictor import Predictor

TEMPERATURES = {"good": 0.5, "poor": 2.0}


def options(runs, out, method="average"):
    return EnsembleOptions(runs=tuple(map(str, runs)), out=str(out), method=method)


def said(classes, right, seed=0):
    """Rows of 64 made-up clips in groups of eight; `right` pulls each towards the truth."""
    rng = np.random.default_rng(seed)
    return [
        {
            "id": str(at),
            "label": classes[at % len(classes)],
            "group": str(at // 8),
            "probabilities": (
                right * np.eye(len(classes))[at % len(classes)]
                + (1 - right) * rng.dirichlet(np.ones(len(classes)))
            ).tolist(),
        }
        for at in range(64)
    ]


@pytest.fixture(scope="module")
def crossvals(small_run, tmp_path_factory):
    """Two folders as `mmfusion crossval` leaves them; their models differ by the temperature."""
    folder = tmp_path_factory.mktemp("ensemble")
    classes = read_run(small_run).classes
    for seed, (name, temperature) in enumerate(TEMPERATURES.items()):
        run = shutil.copytree(small_run, folder / name / "fold-0")
        told = read_json(run / "calibration.json")
        write_json(run / "calibration.json", told | {"temperature": temperature})
        write_json(run / "fold.json", {})
        rows = said(classes, 0.5 if name == "good" else 0.0, seed)
        cell = {"seed": 0, "fold": 0, "classes": classes, "rows": rows}
        write_out_of_fold(folder / name, [cell])
    return str(folder / "good"), str(folder / "poor")


def frames(run):
    rng = np.random.default_rng(1)
    return rng.integers(0, 256, (3, *run.spec.aligned_shapes["video"])).astype("uint8")


def probabilities(run):
    """What a run says of frames without sound and words."""
    shapes = run.preprocessor.input.items()
    aligned = {
        name: np.full((3, *tensor.shape[1:]), "", object)
        if name == "text"
        else np.zeros((3, *tensor.shape[1:]), tensor.dtype)
        for name, tensor in shapes
    }
    aligned |= {"video": frames(run), "video_mask": np.ones((3, run.spec.steps), bool)}
    tensors = {name: keras.ops.convert_to_tensor(value) for name, value in aligned.items()}
    return np.asarray(run.model(run.preprocessor(tensors)))


def test_weights_of_a_mixture_leave_as_one_saved_model(crossvals, tmp_path):
    result = ensemble.run(options(crossvals, tmp_path / "out", "weighted"))
    runs = [read_run(f"{folder}/fold-0") for folder in crossvals]
    predictor = Predictor(result["export"])
    expected = np.tensordot(result["weights"], [probabilities(run) for run in runs], 1)
    found = predictor.batch({"video": frames(runs[0])})
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert predictor.card["inputs"].keys() == runs[0].preprocessor.input.keys()
    assert predictor.card["ensemble"]["method"] == "weighted"
    assert result["weights"][0] > result["weights"][1]
    good, poor = result["members"].values()
    assert good > poor
    assert "ensemble" in ensemble.table(result)


def test_snapshots_of_one_run(small_run, tmp_path):
    run = shutil.copytree(small_run, tmp_path / "run")
    (run / "snapshots").mkdir()
    for epoch in (1, 3):
        shutil.copy(run / "best.keras", run / "snapshots" / f"epoch-{epoch:04d}.keras")
    result = ensemble.run(options([run], tmp_path / "out", "vote"))
    assert result["accuracy"] is None
    opened = read_run(run)
    found = Predictor(result["export"]).batch({"video": frames(opened)})
    calls = np.eye(8)[probabilities(opened).argmax(axis=1)]
    np.testing.assert_array_equal(found, calls)  # the same model twice: they agree
    with pytest.raises(ValueError, match="no row is unseen"):
        ensemble.run(options([run], tmp_path / "out", "stacking"))


@pytest.mark.parametrize(
    ("method", "low", "high"),
    [("stacking", 0.8, 1.0), ("vote", 0.4, 0.8), ("weighted", 1.0, 1.0)],
)
def test_the_score_comes_from_groups_that_no_weight_has_seen(tmp_path, method, low, high):
    """One member is always right; a vote of two ties where the other one errs."""
    classes = list("abcdefgh")
    for name, right in (("good", 0.5), ("poor", 0.0)):
        (tmp_path / name).mkdir()
        cell = {"seed": 0, "fold": 0, "classes": classes, "rows": said(classes, right, len(name))}
        write_out_of_fold(tmp_path / name, [cell])
    read = ensemble._out_of_fold([tmp_path / "good", tmp_path / "poor"])
    assert low <= ensemble._honest_accuracy(method, *read) <= high
    means, labels = read[0].mean(axis=0), read[1]
    plain = ensemble._honest_accuracy("average", *read)
    assert plain == pytest.approx(np.mean(means.argmax(axis=1) == labels))


def test_what_cannot_be_learned_from_other_groups_is_not(tmp_path):
    """Where every group is a class of its own, a stack has seen none of the class it scores."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20)
    found = rng.dirichlet([1, 1], size=(1, 40))
    with pytest.raises(ValueError, match="Each of 2 classes needs a clip"):
        ensemble._honest_accuracy("stacking", found, labels, np.repeat(["g", "h"], 20).tolist())


def test_members_must_be_of_the_same_rows(crossvals, tmp_path):
    row = {"id": "other", "label": "x", "group": None, "probabilities": [1.0]}
    write_out_of_fold(tmp_path, [{"seed": 0, "fold": 0, "classes": ["x"], "rows": [row]}])
    with pytest.raises(ValueError, match="other rows or classes"):
        ensemble.run(options([crossvals[0], tmp_path], tmp_path / "out"))


def test_neither_crossval_nor_snapshots(tmp_path):
    with pytest.raises(FileNotFoundError, match="Not a finished crossval"):
        ensemble.run(options([tmp_path], tmp_path / "out"))


def test_an_unknown_method(tmp_path):
    with pytest.raises(ValueError, match=r"`method` must be one of average, .*'blend'"):
        read_options(EnsembleOptions, runs=(str(tmp_path),), out="out", method="blend")
