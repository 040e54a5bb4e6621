"""Evaluate: a run or an exported model on a manifest of clips."""

import dataclasses
from pathlib import Path

import keras
import tensorflow as tf

from mmfusion.apps.runs.parts import part_to_score
from mmfusion.apps.runs.run import read_run
from mmfusion.apps.scores.measure import measure
from mmfusion.apps.scores.table import metrics_table
from mmfusion.data.cache import prepared
from mmfusion.data.manifest import read_manifest
from mmfusion.data.noise import add_noise
from mmfusion.data.pipeline import dataset
from mmfusion.serving.predictor import Predictor

table = metrics_table


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion evaluate`.

    Args:
        model: str. Path of a run folder or of an exported model.
        manifest: str. Path of the clips.
        label: str. The column of the class; the one trained on if not given.
        positive: str. The class that precision, recall, F1 and AUC speak of.
        part: str. `train`, `val`, `test` or `all` clips of the manifest. If not given, `test` for
            the manifest that the run was trained on, and `all` for any other.
        noise_db: float. Signal-to-noise ratio of white noise that is put under the sound; none if
            not given.
        out: str. Path of a folder for `metrics.json`, plots and `report.html`.
        batch_size: int.
        cache: str. Path of the folder for prepared clips.
        workers: int. Child processes that decode.
    """

    model: str
    manifest: str
    label: str | None = None
    positive: str | None = None
    part: str | None = None
    noise_db: float | None = None
    out: str | None = None
    batch_size: int = 16
    cache: str | None = None
    workers: int | None = None


def run(options):
    """Scores the model, its ablation and its leak row.

    Args:
        options: Options.

    Returns:
        dict, as `mmfusion evaluate --json` prints it.

    Raises:
        FileNotFoundError: if there is no model or no manifest.
        ValueError: if a label is not one of the model's classes, or no clip is left.
    """
    is_run = (Path(options.model) / "config.json").is_file()
    trained = read_run(options.model) if is_run else Predictor(options.model)
    config = trained.config if is_run else {}
    clips = read_manifest(options.manifest, label=options.label or config.get("label", "label"))
    part = part_to_score(options.part, options.manifest, config)
    clips = [clip for clip in _chosen(clips, part, config) if clip.label is not None]
    if not clips:
        raise ValueError(
            f"{options.manifest}: no labelled clip in the part {part!r} to evaluate on"
        )
    records = prepared(clips, trained.spec, cache=options.cache, workers=options.workers)
    prep = trained.preprocessor if is_run else None
    load = {"batch_size": options.batch_size, "classes": trained.classes}
    if options.noise_db is None:
        data = dataset(records, prep, **load)
    else:
        data = _noisy(dataset(records, None, **load), prep, options.noise_db)
    if options.out:
        Path(options.out).mkdir(parents=True, exist_ok=True)
    metrics = measure(
        trained.model if is_run else _as_keras(trained),
        data,
        records,
        classes=trained.classes,
        positive=options.positive,
        out=options.out,
    )
    return {**metrics, "part": part}


def _chosen(clips, part, config):
    if part == "all":
        return clips
    if "parts" in config:
        ids = set(config["parts"][part])
        return [clip for clip in clips if clip.id in ids]
    return [clip for clip in clips if clip.split == part]


def _noisy(data, prep, noise_db):
    """Aligned batches with noise under the sound of each clip, then made ready."""

    def disturb(number, element):
        x, y = element
        x = add_noise(x, noise_db, tf.stack([number, 0]))
        return (prep(x, training=False) if prep else x), y

    return data.enumerate().map(disturb)


def _as_keras(predictor):
    """An exported model as a Keras model over aligned batches, so that it is scored like a run."""
    inputs = {
        name: keras.Input(given["shape"][1:], dtype=given["dtype"], name=name)
        for name, given in predictor.card["inputs"].items()
    }
    layer = keras.layers.TFSMLayer(str(predictor.path), call_endpoint="serve")
    return keras.Model(inputs, layer(inputs)["probabilities"])
