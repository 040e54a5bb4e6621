"""Fit to arrays: rows to a run folder with a model, or with several whose mean the run is."""

import dataclasses
import functools
from pathlib import Path

import keras

from mmfusion.apps.arrays.words import array_vocabulary, word_branches, word_clips
from mmfusion.apps.runs.fit import class_counts
from mmfusion.apps.runs.fusions import FUSIONS
from mmfusion.apps.runs.run import Run, read_run
from mmfusion.apps.runs.scalings import SCALINGS
from mmfusion.data.array_batches import array_dataset
from mmfusion.data.array_preprocessor import array_preprocessor
from mmfusion.features.bert import BertEncoder
from mmfusion.files import read_json, sha256, share
from mmfusion.losses.class_weights import class_weights
from mmfusion.losses.cross_entropy import CrossEntropy
from mmfusion.models.contextual import contextual
from mmfusion.models.fine_tuning import unfreeze_text_encoder
from mmfusion.models.mean import mean_of
from mmfusion.models.recording import recording
from mmfusion.specs import SENTENCES_SUFFIX
from mmfusion.training.best_model import save_model
from mmfusion.training.callbacks import callbacks
from mmfusion.training.history import History
from mmfusion.training.nan_guard import NaNGuard
from mmfusion.training.optimizers import optimizer
from mmfusion.training.progress import Progress
from mmfusion.training.run_folder import asked_before, run_folder

SLOWER = 0.05  # the rate of fine-tuning, as a share of that before


def fit_seeds(parts, options, encoder=None):
    """Trains a model for each seed; several have run folders of their own in that of their mean.

    Args:
        parts: dict of `"train"`, `"val"` and `"test"` to Arrays.
        options: Options of `mmfusion train`.
        encoder: BertEncoder that has read these rows, or `None`.

    Returns:
        Run.
    """
    if options.seeds == 1:
        return fit(parts, options, encoder)
    runs = []
    for at in range(options.seeds):
        out = str(Path(options.out) / f"seed-{at}")
        one = dataclasses.replace(options, seeds=1, seed=options.seed + at, out=out)
        runs.append(fit(parts, one, encoder))
        share(runs[0].folder / "preprocessor.keras", runs[-1].folder / "preprocessor.keras")
    folder = run_folder(options.out, _config(parts, options))
    share(runs[0].folder / "preprocessor.keras", folder / "preprocessor.keras")
    model = mean_of([run.model for run in runs])
    save_model(model, folder / "best.keras")
    return Run(folder, read_json(folder / "config.json"), runs[0].preprocessor, model)


def fit(parts, options, encoder=None):
    """Builds the Preprocessor and the model, fits, and leaves the run folder complete.

    Arguments as of `fit_seeds`.

    Returns:
        Run, with the best weights where there is something to validate on, otherwise the last.
    """
    folder, config = Path(options.out), _config(parts, options)
    resume = asked_before(folder, config)
    train, val = parts["train"], parts["val"]
    if resume and not len(val) and (folder / "best.keras").is_file():
        return read_run(folder)
    keras.utils.set_random_seed(options.seed)
    run_folder(folder, config)
    clips = word_clips(train)
    words = array_vocabulary(clips)
    further = {"fit": SCALINGS[options.scaling], "sentences": encoder and encoder.vectors}
    prep = array_preprocessor(train, vocabulary=words, **further)
    save_model(prep, folder / "preprocessor.keras")
    model = build(prep, train, options, branches=word_branches(clips, words, options))
    whole = callbacks(folder, patience=options.epochs, resume=resume)
    # a minute of training is begun again rather than kept at every epoch
    simple = [NaNGuard(), History(folder / "history.csv"), Progress()]
    _learn(model, prep, parts, options, callbacks=whole if len(val) else simple)
    if options.fine_tune:
        prep, model = _fine_tuned(model, prep, parts, options)
        save_model(prep, folder / "preprocessor.keras")
    if options.fine_tune or not len(val):
        save_model(model, folder / "best.keras")
    return Run(folder, config, prep, model)


def _learn(model, prep, parts, options, *, callbacks):
    train, val = parts["train"], parts["val"]
    load = {"classes": train.classes, "batch_size": _batch_size(train, options)}
    batches = array_dataset(train, prep, training=options.augmentation, seed=options.seed, **load)
    steps = options.epochs * int(batches.cardinality())
    model.compile(
        optimizer=optimizer(steps, learning_rate=options.rate, weight_decay=options.weight_decay),
        loss=_loss(train, options),
        weighted_metrics=["accuracy"],
    )
    model.fit(
        batches,
        validation_data=array_dataset(val, prep, **load) if len(val) else None,
        epochs=options.epochs,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )


def _fine_tuned(model, prep, parts, options):
    """The Preprocessor and the model after further epochs, in which BERT learns as well."""
    prep, model = unfreeze_text_encoder(prep, model, BertEncoder(options.text_encoder))
    options = dataclasses.replace(
        options,
        epochs=options.fine_tune,
        rate=SLOWER * options.rate,
        batch_size=max(1, options.batch_size // 4),
    )
    best = keras.callbacks.EarlyStopping(patience=options.epochs, restore_best_weights=True)
    further = [NaNGuard(), History(Path(options.out) / "fine_tuning.csv"), Progress()]
    _learn(model, prep, parts, options, callbacks=further + [best] * bool(len(parts["val"])))
    return prep, model


def build(prep, rows, options, *, branches=None):
    """The model of a corpus: `contextual` for sequences, `recording` for whole clips."""
    inputs = {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in prep.output.items()
    }
    branches = {
        name: functools.partial(branch, sentences=inputs.get(name + SENTENCES_SUFFIX))
        for name, branch in (branches or {}).items()
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
