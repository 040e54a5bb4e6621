"""Train on arrays: rows of features to a run folder, with several seeds where that is asked."""

import dataclasses
import json
from pathlib import Path

import keras

from mmfusion.apps.arrays.corpus import read_corpus
from mmfusion.apps.arrays.score import score, table  # noqa: F401  the table is this job's too
from mmfusion.apps.arrays.words import array_vocabulary, word_branches, word_clips
from mmfusion.apps.runs.fit import class_counts
from mmfusion.apps.runs.fusions import FUSIONS
from mmfusion.apps.runs.run import Run, read_run
from mmfusion.apps.runs.scalings import SCALINGS, check_scaling
from mmfusion.data.array_batches import array_dataset
from mmfusion.data.array_preprocessor import array_preprocessor
from mmfusion.data.split import declared_split
from mmfusion.data.vary_arrays import ArrayAugmentation
from mmfusion.files import locked, read_json, sha256
from mmfusion.losses.class_weights import class_weights
from mmfusion.losses.cross_entropy import CrossEntropy
from mmfusion.models.contextual import contextual
from mmfusion.models.mean import mean_of
from mmfusion.models.recording import recording
from mmfusion.training.best_model import save_model
from mmfusion.training.callbacks import callbacks
from mmfusion.training.history import History
from mmfusion.training.nan_guard import NaNGuard
from mmfusion.training.optimizers import optimizer
from mmfusion.training.progress import Progress
from mmfusion.training.run_folder import run_folder


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion train` for arrays.

    Args:
        manifest: str. Path of the `.npz` file, or of a CSV file of MELD. What an array `split`
            calls `val` and `test` is not trained on; without one all rows are: `mmfusion crossval`
            measures.
        out: str. Path of the run folder.
        val: str. Path of a file to validate on: its best epoch is kept, otherwise the last.
        label: str. Key of the classes.
        group: str. Key of what must not straddle a split.
        order: str. Key of the place within the group, whose rows are then one sequence, each
            labelled in the context of the others.
        modalities: tuple of str. Keys to look at; all that fit if not given.
        fusion: str. A name in `FUSIONS`.
        scaling: str. `z_score`, `min_max` or `robust`: how numbers are brought to one scale, fitted
            to the rows to train on; the exported model carries them.
        seeds: int. Models trained; the run is the mean of what they say.
        units: int. Width of branches and fusion.
        dropout: float. In branches and before the head.
        epochs: int.
        batch_size: int. Clips of a training step; of sequences half as many.
        rate: float. Highest learning rate.
        weight_decay: float. Decoupled.
        balance_classes: bool. Weigh classes by their effective number of rows.
        augmentation: ArrayAugmentation. How training rows are varied.
        seed: int. Of the first model. Same seed, same numbers on one machine.
    """

    manifest: str
    out: str
    val: str | None = None
    label: str = "label"
    group: str | None = None
    order: str | None = None
    modalities: tuple[str, ...] | None = None
    fusion: str = "concat"
    scaling: str = "z_score"
    seeds: int = 1
    units: int = 64
    dropout: float = 0.3
    epochs: int = 30
    batch_size: int = 32
    rate: float = 2e-3
    weight_decay: float = 1e-2
    balance_classes: bool = True
    augmentation: ArrayAugmentation = dataclasses.field(default_factory=ArrayAugmentation)
    seed: int = 0


def run(options):
    """Trains, scores the test part if there is one, and fills the run folder.

    Args:
        options: Options.

    Returns:
        dict, what `metrics.json` holds; only `quarantined` where there is no row for a test.

    Raises:
        ValueError: if an option, the arrays or the labels do not fit.
    """
    check(options)
    parts = parts_of(options)
    with locked(options.out):
        trained = fit_seeds(parts, options)
        if not len(parts["test"]):
            return {"quarantined": []}
        return score(trained, parts["test"], out=trained.folder)


def read_rows(options):
    """All rows of the file."""
    return read_corpus(options.manifest, dataclasses.asdict(options))


def parts_of(options):
    """The rows of each part, a dict of `"train"`, `"val"` and `"test"` to Arrays."""
    rows = read_rows(options)
    train, val, test = declared_split(rows.clips) or (rows.clips, (), ())
    parts = {"train": rows.select(train), "val": rows.select(val), "test": rows.select(test)}
    if options.val:
        parts["val"] = read_corpus(options.val, dataclasses.asdict(options))
    return parts


def fit_seeds(parts, options):
    """Trains a model for each seed; several have run folders of their own in that of their mean.

    Args:
        parts: dict, as `parts_of` gives it.
        options: Options.

    Returns:
        Run.
    """
    if options.seeds == 1:
        return fit(parts, options)
    runs = []
    for at in range(options.seeds):
        folder = str(Path(options.out) / f"seed-{at}")
        one = dataclasses.replace(options, seeds=1, seed=options.seed + at, out=folder)
        runs.append(fit(parts, one))
    folder = run_folder(options.out, _config(parts, options))
    runs[0].preprocessor.save(folder / "preprocessor.keras")
    model = mean_of([run.model for run in runs])
    save_model(model, folder / "best.keras")
    return Run(folder, read_json(folder / "config.json"), runs[0].preprocessor, model)


def fit(parts, options):
    """Builds the Preprocessor and the model, fits, and leaves the run folder complete.

    Args:
        parts: dict, as `parts_of` gives it.
        options: Options.

    Returns:
        Run, with the best weights where there is something to validate on, otherwise the last.
    """
    folder, config = Path(options.out), _config(parts, options)
    done = folder / "config.json"
    asked_before = done.is_file() and read_json(done) == json.loads(json.dumps(config))
    train, val = parts["train"], parts["val"]
    if asked_before and not len(val) and (folder / "best.keras").is_file():
        return read_run(folder)
    keras.utils.set_random_seed(options.seed)
    run_folder(folder, config)
    clips = word_clips(train)
    words = array_vocabulary(clips)
    prep = array_preprocessor(train, vocabulary=words, fit=SCALINGS[options.scaling])
    prep.save(folder / "preprocessor.keras")
    model = build(prep, train, options, branches=word_branches(clips, words, options))
    load = {"classes": train.classes, "batch_size": _batch_size(train, options)}
    batches = array_dataset(train, prep, training=options.augmentation, seed=options.seed, **load)
    steps = options.epochs * int(batches.cardinality())
    model.compile(
        optimizer=optimizer(steps, rate=options.rate, weight_decay=options.weight_decay),
        loss=_loss(train, options),
        weighted_metrics=["accuracy"],
    )
    whole = callbacks(folder, patience=options.epochs, resume=asked_before)
    model.fit(
        batches,
        validation_data=array_dataset(val, prep, **load) if len(val) else None,
        epochs=options.epochs,
        # a minute of training is begun again rather than kept at every epoch
        callbacks=whole if len(val) else [NaNGuard(), History(folder / "history.csv"), Progress()],
        shuffle=False,
        verbose=0,
    )
    if not len(val):
        save_model(model, folder / "best.keras")
    return Run(folder, config, prep, model)


def build(prep, rows, options, *, branches=None):
    """The model of a corpus: `contextual` for sequences, `recording` for whole clips."""
    inputs = {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in prep.output.items()
    }
    make = contextual if rows.ordered else recording
    return make(
        inputs,
        classes=len(rows.classes),
        fusion=FUSIONS[options.fusion](options.units),
        branches=branches,
        units=options.units,
        dropout=options.dropout,
    )


def check(options):
    """Raises unless the options can be trained with."""
    if options.fusion not in FUSIONS:
        raise ValueError(f"`fusion` must be one of {sorted(FUSIONS)}. Received: {options.fusion!r}")
    check_scaling(options.scaling)
    if options.seeds < 1:
        raise ValueError(f"`seeds` must be at least 1. Received: seeds={options.seeds}")


def _config(parts, options):
    """What `config.json` holds: the resolved options and what they came to."""
    return {
        **dataclasses.asdict(options),
        "spec": None,
        "modalities": parts["train"].modalities,
        "classes": parts["train"].classes,
        "manifest_sha256": sha256(options.manifest),
        "parts": {name: [row.id for row in rows.clips] for name, rows in parts.items()},
    }


def _loss(rows, options):
    counts = class_counts(rows, rows.classes)
    weights = class_weights(counts).tolist() if options.balance_classes else None
    return CrossEntropy(class_weights=weights, reduction="mean_with_sample_weight")


def _batch_size(rows, options):
    return max(1, options.batch_size // 2) if rows.ordered else options.batch_size
