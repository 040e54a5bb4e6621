"""Opens whatever a path names as a corpus: a list of clips, arrays, or clips with features."""

import dataclasses
import functools
import logging
import unicodedata
from collections.abc import Mapping
from typing import Any

from mmfusion.data.arrays import Arrays
from mmfusion.data.corpora.meld import is_meld, read_meld
from mmfusion.data.encode_sentences import encode_sentences
from mmfusion.data.manifest import read_columns, read_manifest
from mmfusion.data.missing_files import is_there, missing_files, warn_of_missing
from mmfusion.data.read_arrays import read_arrays
from mmfusion.data.time_grid import fit_spec
from mmfusion.experiments.array_corpus import ArrayCorpus
from mmfusion.experiments.clip_corpus import ClipCorpus
from mmfusion.experiments.corpus import Corpus
from mmfusion.features.backbones import load_backbone
from mmfusion.features.bert import BertEncoder
from mmfusion.layers.video.frame_tower import FrameTower
from mmfusion.options import corpus as options
from mmfusion.options.checks import columns, is_arrays
from mmfusion.options.grid import Decoding, Grid
from mmfusion.options.verbs import TrainOptions
from mmfusion.specs import MODALITIES, Clip, ClipSpec

logger = logging.getLogger(__name__)

KEYS = "label", "group", "order", "modalities"


def open_corpus(
    which: options.Corpus,
    grid: Grid | ClipSpec = Grid(),
    *,
    decoding: Decoding = Decoding(),
    encoder: BertEncoder | None = None,
    tower: str | None = None,
) -> Corpus:
    """Opens a corpus; nothing is decoded yet.

    Args:
        which: Corpus options.
        grid: Grid to fit the spec of clips by, or the ClipSpec that a model was trained with.
        decoding: Decoding.
        encoder: BertEncoder that reads its words, or `None`.
        tower: str. Name of the frozen network that reads the frames of clips, or `None`.

    Returns:
        Corpus.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if no row has a label, or a column does not fit.
    """
    kept = {name: getattr(which, name) for name in KEYS}
    if is_arrays(which.manifest):
        rows = read_rows(which)
        labelled = [row for row in rows.clips if row.label is not None]
        _report_unlabelled(which, len(labelled), len(rows))
        rows = rows.select(labelled) if len(labelled) < len(rows) else rows
        rows = encode_sentences(rows, encoder) if encoder else rows
        return ArrayCorpus(rows, kept, encoder)
    clips = read_manifest(which.manifest, label=which.label, group=which.group)
    count, clips = len(clips), [clip for clip in clips if clip.label is not None]
    if not clips:
        raise ValueError(f"{which.manifest}: no clip has a {which.label!r}. Name one by --label")
    _report_unlabelled(which, len(clips), count)
    _check_files(clips, which)
    features = _features(which, [clip.id for clip in clips])
    if which.order:
        clips = _in_order(clips, which, which.order)
    spec = grid if isinstance(grid, ClipSpec) else _spec(clips, grid, which)
    return ClipCorpus(
        which.manifest,
        tuple(clips),
        spec,
        {**kept, "features": bool(features)},
        decoding,
        features,
        encoder,
        FrameTower(load_backbone(tower, size_px=spec.size_px), name="tower") if tower else None,
    )


def open_both(options: TrainOptions) -> tuple[Corpus, Corpus | None]:
    """Opens the corpus of a training, and the one to validate on; nothing is decoded yet.

    Args:
        options: TrainOptions.

    Returns:
        Tuple of Corpus and Corpus, or `None` where `val` names none.
    """
    folder = options.network.text_encoder
    encoder = BertEncoder(folder) if folder else None
    tower = options.network.towers.get("video")
    load = functools.partial(open_corpus, decoding=options.decoding, encoder=encoder, tower=tower)
    corpus = load(options.corpus, options.grid)
    if not options.corpus.val:
        return corpus, None
    which = dataclasses.replace(options.corpus, manifest=options.corpus.val, val=None)
    return corpus, load(which, corpus.spec or options.grid)


def read_rows(which: options.Corpus) -> Arrays:
    """Reads a corpus of arrays.

    Args:
        which: Corpus options. The label of MELD's CSV file is `Emotion` where another is not
            named; its dialogues are sequences of the words `text`, whatever else is named.

    Returns:
        Arrays.
    """
    if is_meld(which.manifest):
        label = "Emotion" if which.label == "label" else which.label
        return read_meld(which.manifest, label=label)
    known = columns(which.manifest)
    group = which.group if which.group != "group" or "group" in known else None
    return read_arrays(
        which.manifest,
        modalities=which.modalities,
        label=which.label,
        group=group,
        order=which.order,
        not_finite=which.not_finite,
    )


def _report_unlabelled(which: options.Corpus, labelled: int, count: int) -> None:
    if labelled < count:
        logger.warning(
            "%s: %d of %d rows have no %r and are left out",
            *(which.manifest, count - labelled, count, which.label),
        )


def _check_files(clips: list[Clip], which: options.Corpus) -> None:
    """Reports missing files; where no clip has all of its own, there is nothing to go on with."""
    wanted = which.modalities or MODALITIES
    if not any(is_there(clip, wanted) for clip in clips):
        raise FileNotFoundError(f"{which.manifest}: {missing_files(clips, wanted)}")
    warn_of_missing(which.manifest, clips, wanted)


def _features(which: options.Corpus, ids: list[str]) -> Arrays | None:
    """The features beside the clips, by their `id`, or `None`."""
    if not which.features:
        return None
    known = columns(which.features)
    if "id" not in known:
        raise ValueError(
            f"{which.features}: an array `id` must name the clip of each row. "
            f"Received: arrays {known}"
        )
    wanted = which.modalities and [name for name in which.modalities if name in known]
    if wanted == []:
        return None
    rows = read_arrays(which.features, modalities=wanted, label=None, not_finite=which.not_finite)
    clash = sorted({*rows.modalities} & {*MODALITIES})
    if clash:
        raise ValueError(f"{which.features}: names that clips have themselves. Received: {clash}")
    return _named_as(rows, ids)


def _named_as(rows: Arrays, ids: list[str]) -> Arrays:
    """The features under the ids of their clips, which Unicode may compose otherwise."""
    plain = {unicodedata.normalize("NFC", name): name for name in ids}
    found = [plain.get(unicodedata.normalize("NFC", row.id.strip()), row.id) for row in rows.clips]
    known = set(found)
    without = [name for name in ids if name not in known]
    if len(without) == len(ids):
        raise ValueError(f"{rows.path}: no `id` is that of a clip. Received: {found[:3]}")
    if without:
        logger.warning(
            "%s: %d of %d clips have no features, first %r",
            *(rows.path, len(without), len(ids), without[0]),
        )
    clips = (dataclasses.replace(row, id=name) for row, name in zip(rows.clips, found, strict=True))
    return dataclasses.replace(rows, clips=tuple(clips))


def _spec(clips: list[Clip], grid: Grid, which: options.Corpus) -> ClipSpec:
    wanted = which.modalities or MODALITIES
    modalities = tuple(name for name in MODALITIES if name in wanted)
    return fit_spec(clips, **dataclasses.asdict(grid), modalities=modalities)


def _in_order(clips: list[Clip], which: options.Corpus, order: str) -> list[Clip]:
    """The clips of each group in the order of their places."""
    places: Mapping[str, Mapping[str, Any]] = read_columns(which.manifest)
    for clip in clips:
        place = places[clip.id].get(order, "")
        if not clip.group or not place.lstrip("-").replace(".", "", 1).isdigit():
            raise ValueError(
                f"{which.manifest}, clip {clip.id!r}: `order` needs a group and a number in "
                f"{order!r}. Received: group={clip.group!r}, {order}={place!r}"
            )
    return sorted(clips, key=lambda clip: (clip.group, float(places[clip.id][order])))
