"""Features: a list of clips to a table of hand-crafted features, in a file or a database."""

import dataclasses
import functools
import hashlib
import json
import logging
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from mmfusion.baselines.cnn_features import CNN_SETS, SIZE_PX, describe_smaller
from mmfusion.baselines.feature_matrices import POINTS
from mmfusion.baselines.feature_sets import SETS
from mmfusion.baselines.text_features import WORD_SETS
from mmfusion.data.clip_features import clip_features
from mmfusion.data.content import content_key, fingerprint, fingerprints
from mmfusion.data.feature_location import open_store
from mmfusion.data.manifest import read_columns, read_manifest
from mmfusion.data.missing_files import warn_of_missing
from mmfusion.experiments.table import text_table
from mmfusion.experiments.tables import SCALINGS
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS
from mmfusion.media.sandbox import sandboxed_map
from mmfusion.options.checks import check_options
from mmfusion.options.features import NEEDED, FeaturesOptions

logger = logging.getLogger(__name__)


def run(options: FeaturesOptions) -> dict[str, Any]:
    """Computes what is not yet there; a run that was cut short goes on.

    Args:
        options: FeaturesOptions.

    Returns:
        dict with `n` (clips), `widths` (features by `"<modality>.<set>"`), `computed`
        (clips that were not there yet) and `quarantined`.
    """
    check_options(options)
    clips = read_manifest(options.manifest)
    warn_of_missing(options.manifest, clips)
    with open_store(options.out) as store:
        known = store.begin(read_columns(options.manifest))
        settings = _settings(options)
        digests = fingerprints(clips, workers=options.workers)
        keys = {
            clip.id: _digest({**settings, "clip": content_key(clip, digests)}) for clip in clips
        }
        todo = [clip for clip in clips if known[clip.id] != keys[clip.id]]
        with tqdm(total=len(clips), unit="clip", disable=None) as progress:
            progress.update(len(clips) - len(todo))
            for at, found in _computed(todo, options):
                _keep(store, todo[at].id, found, keys[todo[at].id])
                progress.update()
        table = store.read(sets=())
        for name in options.text:
            extra = {NEEDED[name]: getattr(options, NEEDED[name])} if name in NEEDED else {}
            vectors = WORD_SETS[name](table.words, options.cleaning, **extra)
            spoken = {at: row for at, row in enumerate(vectors) if table.words[at].strip()}
            store.write_set(f"text.{name}", {table.ids[at]: row for at, row in spoken.items()})
        store.fit_scalings(SCALINGS[options.scaling], without=[POINTS])
        table = store.read()
    return {
        "n": len(table),
        "computed": len(todo),
        "widths": {name: rows.shape[1] for name, rows in table.features.items()},
        "quarantined": table.quarantined,
    }


def table(result: dict[str, Any]) -> str:
    """Width of each feature set, as text."""
    rows = [[name, width] for name, width in result["widths"].items()]
    return text_table([f"{result['n']} clips", "features"], rows)


def _computed(clips, options):
    compute = functools.partial(
        clip_features,
        reading=options.reading,
        video={name: SETS["video"].get(name) for name in options.video},
        audio={name: SETS["audio"][name] for name in options.audio},
        limits=DEFAULT_LIMITS,
    )
    seen = set(options.video) & set(CNN_SETS)
    if seen:
        compute = _with_network(compute, options, seen)
    return sandboxed_map(
        compute, clips, workers=options.workers, limits=DEFAULT_LIMITS, item_bytes=None
    )


def _with_network(compute, options, seen):
    """Reads frames as large as the network wants them; the other families see them as before."""
    reading = options.reading
    larger = dataclasses.replace(reading, size_px=max(reading.size_px, SIZE_PX))
    settings = {"backbone": options.backbone, "weights": options.weights}
    video = {
        name: functools.partial(CNN_SETS[name], **settings)
        if name in seen
        else functools.partial(describe_smaller, describe, reading.size_px)
        for name, describe in compute.keywords["video"].items()
    }
    return functools.partial(compute, reading=larger, video=video)


def _keep(store, clip_id, found, key):
    if isinstance(found, DecodeError):
        store.quarantine(clip_id, key=key, kind=found.kind, reason=found.where)
    else:
        for name in [name for name, each in found.features.items() if not np.isfinite(each).all()]:
            logger.warning("clip %r: %r is NaN or infinite, left out", clip_id, name)
            del found.features[name]
        store.write(clip_id, found.features, key=key, words=found.words)


def _settings(options):
    """What the features of any clip depend on, but for the clip."""
    return {
        "reading": dataclasses.asdict(options.reading),
        "video": sorted(options.video),
        "audio": sorted(options.audio),
        "network": [options.backbone, fingerprint(options.weights)],
    }


def _digest(content):
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
