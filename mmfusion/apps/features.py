"""Features: a manifest of clips to a table of classic features, in a file or a database."""

import dataclasses
import functools
import hashlib
import json

from tqdm.auto import tqdm

from mmfusion.apps.classic.blocks import POINTS
from mmfusion.apps.classic.cnn import CNN_FAMILIES, SIZE_PX, describe_smaller
from mmfusion.apps.classic.families import FAMILIES
from mmfusion.apps.classic.words import WORD_FAMILIES
from mmfusion.apps.runs.scalings import SCALINGS, check_scaling
from mmfusion.apps.scores.table import text_table
from mmfusion.data.clip_features import Reading, clip_features
from mmfusion.data.content import content_key, fingerprint
from mmfusion.data.feature_store import open_store
from mmfusion.data.manifest import read_columns, read_manifest
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS
from mmfusion.media.sandbox import sandboxed_map
from mmfusion.preprocessing.text_cleaning import TextCleaning

NEEDED = {"bert": "checkpoint", "dependencies": "parser"}  # families of words that need an option
KNOWN = {
    "video": {**FAMILIES["video"], **CNN_FAMILIES},
    "audio": FAMILIES["audio"],
    "text": WORD_FAMILIES,
}


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion features`.

    Args:
        manifest: str. Path of the clips.
        out: str. `features.parquet`, `sqlite:///features.db` or `postgresql://user@host/name`.
        video: tuple of str. Families of features of the picture.
        audio: tuple of str. Families of features of the sound.
        text: tuple of str. Families of features of the words.
        backbone: str. The network of the families `cnn` and `cnn-changes`.
        weights: str. Path of its weights, or `imagenet`, which Keras downloads.
        checkpoint: str. Path of the folder of the BERT of the family `bert`.
        parser: str. Name or folder of the spaCy pipeline of the family `dependencies`.
        reading: Reading. How clips are read.
        cleaning: TextCleaning. How words are cleaned.
        scaling: str. `z_score`, `min_max` or `robust`: the numbers that are kept with the features
            to scale them by, fitted to the clips that the manifest calls neither `val` nor `test`.
        workers: int. Child processes that decode; as many as processors if not given.
    """

    manifest: str
    out: str
    video: tuple[str, ...] = ()
    audio: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    backbone: str = "efficientnet-lite0"
    weights: str | None = None
    checkpoint: str | None = None
    parser: str | None = None
    reading: Reading = dataclasses.field(default_factory=Reading)
    cleaning: TextCleaning = dataclasses.field(default_factory=TextCleaning)
    scaling: str = "z_score"
    workers: int | None = None

    def __post_init__(self):
        check_scaling(self.scaling)
        for modality, known in KNOWN.items():
            unknown = set(getattr(self, modality)) - set(known)
            if unknown:
                raise ValueError(
                    f"`{modality}` must be some of {sorted(known)}. Received: {sorted(unknown)}"
                )
        if not self.video and not self.audio and not self.text:
            raise ValueError("Name families by `video`, `audio` or `text`. Received: none")
        for name in set(self.text) & set(NEEDED):
            if not getattr(self, NEEDED[name]):
                raise ValueError(f"The family {name!r} needs a `{NEEDED[name]}`. Received: none")
        if set(self.video) & set(CNN_FAMILIES) and not self.weights:
            raise ValueError(f"The families {sorted(CNN_FAMILIES)} need `weights`. Received: none")


def run(options):
    """Computes what is not yet there; a run that was cut short goes on.

    Args:
        options: Options.

    Returns:
        dict with `n` (clips), `widths` (features by `"<modality>.<family>"`), `computed` (clips
        that were not there yet) and `quarantined`.
    """
    clips = read_manifest(options.manifest)
    with open_store(options.out) as store:
        known = store.begin(read_columns(options.manifest))
        settings = _settings(options)
        keys = {clip.id: _digest({**settings, "clip": content_key(clip)}) for clip in clips}
        todo = [clip for clip in clips if known[clip.id] != keys[clip.id]]
        with tqdm(total=len(clips), unit="clip", disable=None) as progress:
            progress.update(len(clips) - len(todo))
            for at, found in _computed(todo, options):
                _keep(store, todo[at].id, found, keys[todo[at].id])
                progress.update()
        table = store.read(families=())
        for name in options.text:
            further = {NEEDED[name]: getattr(options, NEEDED[name])} if name in NEEDED else {}
            vectors = WORD_FAMILIES[name](table.words, options.cleaning, **further)
            spoken = {at: row for at, row in enumerate(vectors) if table.words[at].strip()}
            store.write_family(f"text.{name}", {table.ids[at]: row for at, row in spoken.items()})
        store.fit_scalings(SCALINGS[options.scaling], without=[POINTS])
        table = store.read()
    return {
        "n": len(table),
        "computed": len(todo),
        "widths": {name: rows.shape[1] for name, rows in table.features.items()},
        "quarantined": table.quarantined,
    }


def table(result):
    """How wide each family is, as text."""
    rows = [[name, width] for name, width in result["widths"].items()]
    return text_table([f"{result['n']} clips", "features"], rows)


def _computed(clips, options):
    compute = functools.partial(
        clip_features,
        reading=options.reading,
        video={name: FAMILIES["video"].get(name) for name in options.video},
        audio={name: FAMILIES["audio"][name] for name in options.audio},
        limits=DEFAULT_LIMITS,
    )
    seen = set(options.video) & set(CNN_FAMILIES)
    if seen:
        compute = _with_network(compute, options, seen)
    return sandboxed_map(compute, clips, workers=options.workers, limits=DEFAULT_LIMITS)


def _with_network(compute, options, seen):
    """Reads frames as large as the network wants them; the other families see them as before."""
    reading = options.reading
    larger = dataclasses.replace(reading, size_px=max(reading.size_px, SIZE_PX))
    settings = {"backbone": options.backbone, "weights": options.weights}
    video = {
        name: functools.partial(CNN_FAMILIES[name], **settings)
        if name in seen
        else functools.partial(describe_smaller, describe, reading.size_px)
        for name, describe in compute.keywords["video"].items()
    }
    return functools.partial(compute, reading=larger, video=video)


def _keep(store, clip_id, found, key):
    if isinstance(found, DecodeError):
        store.quarantine(clip_id, key=key, kind=found.kind, reason=found.reason)
    else:
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
