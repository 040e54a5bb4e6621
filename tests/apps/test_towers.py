"""A frozen tower from training to serving, with random weights in the place of fetched ones."""

import keras
import numpy as np
import pytest

from mmfusion.apps import evaluate, export, train
from mmfusion.data.align import align
from mmfusion.data.manifest import read_manifest
from mmfusion.data.synthetic import CorpusSize, make_corpus
from mmfusion.experiments import open_corpus
from mmfusion.experiments.run import read_run
from mmfusion.files import read_json
from mmfusion.options.reading import read_options
from mmfusion.options.verbs import EvaluateOptions, ExportOptions, TrainOptions
from mmfusion.serving.predictor import Predictor

FLAGS = {
    "steps": 3,
    "size_px": 16,
    "sample_rate_hz": 8000,
    "epochs": 1,
    "units": 4,
    "modalities": ("audio", "video"),
}


def network(name, size_px):
    """Colours of a four by four mosaic, and nothing to be fetched."""
    keras.utils.set_random_seed(0)
    images = keras.Input((size_px, size_px, 3))
    pooled = keras.layers.AveragePooling2D(size_px // 4)(images)
    return keras.Model(images, keras.layers.Dense(6)(keras.layers.Flatten()(pooled)))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("towers")
    manifest = make_corpus(folder, CorpusSize(train=1, val=1, test=1, broken=0))
    flags = {**FLAGS, "towers": {"video": "efficientnet-lite0"}, "cache": str(folder / "cache")}
    options = read_options(TrainOptions, manifest=str(manifest), out=str(folder / "run"), **flags)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(open_corpus, "load_backbone", network)
        return train.run(options), folder, manifest


def test_features_are_kept_beside_the_records(run):
    _, folder, _ = run
    rows = read_json(next((folder / "cache").rglob("index.json")))["clips"]
    (path,) = (folder / "cache").rglob("tower-*.npy")
    assert np.load(path).shape == (len(rows), 3, 12)


def test_the_run_and_the_export_carry_the_tower(run, tmp_path):
    metrics, folder, manifest = run
    model = EvaluateOptions(model=str(folder / "run"), manifest=str(manifest))
    assert evaluate.run(model)["ablation"]["video"] == metrics["ablation"]["video"]
    trained = read_run(folder / "run")
    assert trained.preprocessor.output["video"].shape == (None, 3, 12)
    version = export.run(ExportOptions(run=str(folder / "run"), out=str(tmp_path)))["export"]
    predictor = Predictor(version)
    assert predictor.card["towers"]["video"]["package"].startswith("efficientnet-lite0-pytorch")
    clip = next(clip for clip in read_manifest(manifest) if clip.video)
    aligned, _ = align(clip, predictor.spec)
    ready = trained.preprocessor({name: value[None] for name, value in aligned.items()})
    expected = keras.ops.convert_to_numpy(trained.model(ready))[0]
    found = predictor(clip.video)
    assert [found[name] for name in predictor.classes] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--towers", "audio=vgg16"), "`towers` must name video"),
        (("--towers", "video=vgg19"), "Received: 'vgg19'; did you mean 'vgg16'"),
        (("--towers", "video=vgg16", "--modalities", "audio"), "if it is read"),
        (("--towers", "video=efficientnet-lite1"), "type: mmfusion weights get efficientnet-lite1"),
    ],
)
def test_what_cannot_be(command, run, tmp_path, flags, message):
    _, _, manifest = run
    done = command("train", manifest, "--out", tmp_path / "run", *flags)
    assert done.code != 0
    assert message in done.err
