"""Writes preprocessing and model as one SavedModel with a card, ready for TensorFlow Serving."""

import datetime
import inspect
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

import mmfusion
from mmfusion.data.cleaning import part_cleaning
from mmfusion.files import naming_full_disk, sha256, write_json
from mmfusion.layers.text.bert import WordPieceTokenizer
from mmfusion.media import plain_reader
from mmfusion.orphans import remove_leftovers
from mmfusion.serving.card import CARD, FORMAT
from mmfusion.serving.versions import versions
from mmfusion.specs import ClipSpec, scope_name


def export(
    path: str | Path,
    preprocessor: keras.Model,
    model: keras.Model,
    *,
    classes: Sequence[str],
    spec: ClipSpec | None = None,
    card: Mapping[str, Any] | None = None,
) -> Path:
    """Writes `path/<next version>/`: a SavedModel from aligned clips to probabilities, and a card.

    The version appears whole or not at all. Its signature `serving_default` takes the
    Preprocessor's inputs by name, with a free batch dimension, and returns `"probabilities"`,
    float32 `(B, K)`, and `"label"`, string `(B,)`, the name of the likeliest class. The card holds
    `"read_clip"`, code that makes these inputs from a file with numpy and PyAV alone, and in
    `"cleaning"` what must be done to them `"before"`, as the graph cannot.

    Args:
        path: Path of the folder of versions, as `saved_models/fights`.
        preprocessor: keras.Model from a dict of aligned tensors to a dict of preprocessed tensors.
        model: keras.Model from (some of) those to probabilities `(B, K)`.
        classes: Sequence of K class names.
        spec: ClipSpec. Without it the Predictor takes arrays but no files.
        card: dict of further fields of `card.json`, as `{"metrics": {...}, "training": {...}}`.

    Returns:
        Path of the version folder.

    Raises:
        OSError: one line with `path`, if the disk is full; nothing is left of the version.
        ValueError: if `classes` does not fit the model, or `card` names a field of the card's own.
    """
    path, classes = Path(path), tuple(classes)
    if len(set(classes)) != len(classes) or len(classes) != model.output_shape[-1]:
        raise ValueError(
            f"`classes` must be {model.output_shape[-1]} different names. Received: {classes}"
        )
    described = _card(preprocessor, classes, spec)
    clash = sorted(set(card or {}) & {*described, "sha256"})
    if clash:
        raise ValueError(f"`card` must leave the export's own fields alone. Received: {clash}")
    path.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path)
    temporary = Path(tempfile.mkdtemp(prefix=f".export-{os.getpid()}-", dir=path))
    try:
        with naming_full_disk(path):
            _write_saved_model(temporary, preprocessor, model, classes)
        digests = _digests(temporary)
        write_json(temporary / CARD, {**described, **(card or {}), "sha256": digests})
        temporary.chmod(0o755)
        number = max((int(version.name) for version in versions(path)), default=0) + 1
        return temporary.rename(path / str(number))
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_saved_model(folder, preprocessor, model, classes):
    names = tf.constant(classes)
    wanted = sorted(model.input)

    def serve(aligned):
        ready = preprocessor(aligned, training=False)
        probabilities = model({name: ready[name] for name in wanted}, training=False)  # (B, K)
        return {
            "probabilities": tf.cast(probabilities, tf.float32),
            "label": tf.gather(names, tf.argmax(probabilities, axis=-1)),
        }

    archive = keras.export.ExportArchive()
    archive.track(preprocessor)
    archive.track(model)
    archive.add_endpoint("serve", serve, input_signature=[_signature(preprocessor)])
    archive.write_out(folder, verbose=False)


def _signature(preprocessor):
    return {
        name: tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype, name=scope_name(name))
        for name, tensor in sorted(preprocessor.input.items())
    }


def _card(preprocessor, classes, spec):
    inputs = {
        name: {"dtype": spec.dtype.name, "shape": [None, *spec.shape[1:]]}
        for name, spec in _signature(preprocessor).items()
    }
    return {
        "format": FORMAT,
        "classes": list(classes),
        "modalities": [name for name in inputs if f"{name}_mask" in inputs],
        **(_reading(spec) if spec else {"spec": None}),
        "inputs": inputs,
        "outputs": {
            "label": {"dtype": "string", "shape": [None]},
            "probabilities": {"dtype": "float32", "shape": [None, len(classes)]},
        },
        "packages": _packages(preprocessor),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": {
            "keras": keras.__version__,
            "mmfusion": mmfusion.__version__,
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
        },
    }


def _reading(spec):
    """How the inputs are made from a file: the grid, the cleaning and code that does it."""
    before, in_graph = part_cleaning(spec)
    return {
        "spec": spec.to_dict(),
        "cleaning": {"before": list(before), "in_graph": list(in_graph)},
        "read_clip": inspect.getsource(plain_reader),
    }


def _packages(preprocessor):
    """What must be imported for the SavedModel to be loaded, beside TensorFlow."""
    read = any(isinstance(layer, WordPieceTokenizer) for layer in preprocessor.layers)
    return ["tensorflow_text"] if read else []


def _digests(folder):
    """Digest of each file by its path in the folder; each is on disk for good afterwards."""
    digests = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with open(file, "rb") as opened:
            os.fsync(opened.fileno())
        digests[file.relative_to(folder).as_posix()] = sha256(file)
    return digests
