"""Checks of paths, names and labels that need no TensorFlow, so that an error comes at once."""

from pathlib import Path
from typing import Any

from mmfusion.data.corpora.meld import is_meld
from mmfusion.data.manifest import read_manifest
from mmfusion.data.npz import NpzFile
from mmfusion.data.read_arrays import label_names
from mmfusion.data.rows import read_header
from mmfusion.options.corpus import Corpus
from mmfusion.options.network import Network
from mmfusion.options.reading import did_you_mean
from mmfusion.options.schema import ARRAYS, CLIPS, settings
from mmfusion.specs import MODALITIES

KINDS = {CLIPS: "a list of clips", ARRAYS: "a file of arrays"}
BRANCHES = {  # of clips, by modality
    "audio": ("conv_lstm", "crnn", "mel_cnn"),
    "video": (
        "conv2d",
        "conv2plus1d",
        "conv3d",
        "lip_reading",
        "motion_maps",
        "sequential_cnn",
        "two_stream",
    ),
}


def is_arrays(path: str | Path) -> bool:
    """Whether a path names a corpus that comes as arrays, not a list of clips."""
    return Path(path).suffix == ".npz" or is_meld(path)


def check_options(options: Any) -> None:
    """Raises unless the paths, the columns and the fields of a command fit its corpus.

    Args:
        options: An options dataclass.

    Raises:
        FileNotFoundError: if a file or a folder is missing.
        ValueError: if a column is missing, or a field is of no use to the corpus.
    """
    corpus = getattr(options, "corpus", None)
    manifest = corpus.manifest if corpus else getattr(options, "manifest", None)
    if manifest is None:
        return
    for path in (manifest, corpus and corpus.val, (corpus or options).__dict__.get("features")):
        if path and not Path(path).is_file():
            raise FileNotFoundError(f"No corpus at this path. Received: {path}")
    check_applicable(options, manifest)
    if corpus:
        check_columns(corpus)
    if corpus and hasattr(options, "network"):
        _check_network(options.network, corpus)
    if corpus and hasattr(options, "scoring") and options.scoring.positive is not None:
        _check_positive(corpus, options.scoring.positive)


def check_applicable(options: Any, manifest: str) -> None:
    """Raises where a field was set that a corpus of this kind has no use for."""
    kind = ARRAYS if is_arrays(manifest) else CLIPS
    mixed = kind == CLIPS and bool(_value(options, ("corpus", "features")))
    for setting in settings(type(options)):
        used = setting.applies_to in (None, kind) or (mixed and setting.applies_to == ARRAYS)
        if not used and _value(options, setting.path) != setting.default:
            received = _value(options, setting.path)
            raise ValueError(
                f"{setting.flag} applies to {setting.applies_to}, and {manifest} is {KINDS[kind]}. "
                f"Received: {setting.name}={received!r}"
            )


def check_columns(corpus: Corpus) -> None:
    """Raises a `ValueError` that names the nearest column where one is missing."""
    known = columns(corpus.manifest)
    meld = is_meld(corpus.manifest)
    required = {"label": None if meld else corpus.label, "order": corpus.order}
    required["group"] = None if corpus.group == "group" else corpus.group
    if not is_arrays(corpus.manifest) and corpus.label == "label":
        del required["label"]  # a column that is empty in every row is reported by its rows
    for name, column in required.items():
        if column and column not in known:
            raise ValueError(
                f"{corpus.manifest}: no column {column!r} for `{name}`"
                f"{did_you_mean(column, known)} Received: columns {sorted(known)}"
            )
    features = columns(corpus.features) if corpus.features else []
    allowed = [*features, *(known if is_arrays(corpus.manifest) and not meld else MODALITIES)]
    for modality in corpus.modalities or ():
        if modality not in allowed:
            raise ValueError(
                f"`modalities` must be some of {', '.join(allowed)}. "
                f"Received: {modality!r}{did_you_mean(modality, allowed)}"
            )


def columns(path: str | Path) -> list[str]:
    """Names of the columns of a list of clips, or of the arrays of an `.npz` file.

    Args:
        path: Path of the file.

    Returns:
        List of str; of a JSONL file those of its first row.

    Raises:
        ValueError: if the file cannot be read.
    """
    path = Path(path)
    try:
        if path.suffix == ".npz":
            return list(NpzFile(path))
        return read_header(path)
    except ValueError as error:
        raise ValueError(f"{path}: its columns cannot be read. Received: {error}") from error


def classes_of(corpus: Corpus) -> set[str]:
    """The names of the classes of a corpus, read from its labels alone."""
    path = Path(corpus.manifest)
    if path.suffix == ".npz":
        arrays = NpzFile(path)
        if "class_names" in arrays:
            return {str(name) for name in arrays["class_names"]}
        return set(label_names(arrays[corpus.label], None, path)[1])
    if is_meld(path):
        return set()  # its own reader reports them
    clips = read_manifest(path, label=corpus.label)
    return {clip.label for clip in clips if clip.label is not None}


def _check_network(network: Network, corpus: Corpus) -> None:
    paths = {"word_vectors": network.word_vectors, "text_encoder": network.text_encoder}
    for name, path in paths.items():
        if path and not Path(path).exists():
            raise FileNotFoundError(f"`{name}`: nothing at this path. Received: {path}")
    if is_arrays(corpus.manifest):
        return
    kept = corpus.modalities or MODALITIES
    for modality in network.towers:
        if modality != "video" or modality not in kept:
            raise ValueError(f"`towers` must name video, if it is read. Received: {modality!r}")
    features = (*(columns(corpus.features) if corpus.features else ()), *network.towers)
    for modality, name in network.branches.items():
        if modality in features:
            continue
        if modality not in BRANCHES or modality not in kept:
            some = sorted(BRANCHES.keys() & set(kept))
            raise ValueError(
                f"`branches` must name some of {some}. "
                f"Received: {modality!r}{did_you_mean(modality, some)}"
            )
        if name not in BRANCHES[modality]:
            known = ", ".join(BRANCHES[modality])
            raise ValueError(f"`branches` of {modality} must be one of {known}. Received: {name!r}")


def _check_positive(corpus: Corpus, positive: str) -> None:
    known = classes_of(corpus)
    if known and positive not in known:
        raise ValueError(
            f"`positive` must be one of {sorted(known)}. "
            f"Received: {positive!r}{did_you_mean(positive, known)}"
        )


def _value(options: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        options = getattr(options, name, None)
    return options
