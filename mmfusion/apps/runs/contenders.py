"""How `compare` trains one fusion of some modalities on one fold, of arrays or of clips."""

import dataclasses

from mmfusion.apps import train
from mmfusion.apps.arrays import fit as fit_arrays
from mmfusion.apps.arrays import train as train_arrays
from mmfusion.apps.arrays.words import text_encoder
from mmfusion.data.array_batches import array_dataset
from mmfusion.data.cache import prepared
from mmfusion.data.manifest import read_manifest
from mmfusion.data.pipeline import dataset
from mmfusion.data.split import split
from mmfusion.data.time_grid import fit_spec

VALIDATION_SHARES = 7, 1
KEYS = "label", "group", "order", "modalities", "text_encoder", "cleaning", "epochs", "seed"


def arrays(options):
    """Rows of arrays.

    Args:
        options: Options of `mmfusion compare`.

    Returns:
        Tuple of the rows, the names of the modalities, and a function of the rows to train on,
        those to score, a fusion, the modalities and a folder: it gives the model, batches like
        those trained on, and the batches to score.

    Raises:
        ValueError: if an option or the arrays do not fit.
    """
    if options.cleaning:
        raise ValueError(f"`cleaning` is for clips, not arrays. Received: {options.cleaning}")
    encoder = text_encoder(options.text_encoder)
    rows = train_arrays.read_rows(_asked(train_arrays.Options, options), encoder)

    def fit(rest, test, fusion, modalities, *, folder):
        asked = _asked(train_arrays.Options, options, out=str(folder), fusion=fusion)
        part = rows.only(modalities)
        parts = {"train": part.select(rest), "val": part.select([]), "test": part.select(test)}
        trained = fit_arrays.fit(parts, asked, encoder)
        load = {"classes": trained.classes, "batch_size": asked.batch_size}
        batches, data = (
            array_dataset(parts[name], trained.preprocessor, **load) for name in ("train", "test")
        )
        return trained.model, batches, data

    return rows.clips, tuple(rows.modalities), fit


def clips(options):
    """Clips of a manifest. Arguments and result as of `arrays`."""
    if options.text_encoder:
        raise ValueError(f"`text_encoder` is for arrays, not clips. Received: {options.manifest}")
    asked = _asked(train.Options, options)
    rows = read_manifest(asked.manifest, label=asked.label, group=asked.group)
    rows = [clip for clip in rows if clip.label is not None]
    records = prepared(rows, fit_spec(rows, **train.clock_fields(asked)))

    def fit(rest, test, fusion, modalities, *, folder):
        asked = _asked(train.Options, options, out=str(folder), fusion=fusion)
        spec = dataclasses.replace(records.spec, modalities=modalities)
        held = dataclasses.replace(records, spec=spec)
        fitted, val = split(rest, VALIDATION_SHARES, seed=asked.seed)
        trained = train.fit(held, {"train": fitted, "val": val, "test": test}, asked)
        load = {"classes": trained.classes, "batch_size": trained.config["batch_size"]}
        batches, data = (
            dataset(held.select(part), trained.preprocessor, **load) for part in (fitted, test)
        )
        return trained.model, batches, data

    return rows, records.spec.modalities, fit


def _asked(cls, options, **further):
    """The options of a training, where `compare` was given them."""
    known = {field.name for field in dataclasses.fields(cls)}
    given = {name: getattr(options, name) for name in KEYS}
    given = {name: value for name, value in given.items() if value is not None and name in known}
    return cls(**{"manifest": options.manifest, "out": "", **given, **further})
