"""Features: a manifest of clips to a table of classic features, in a file or a database."""

import dataclasses
import functools
import hashlib
import json

from tqdm.auto import tqdm

from mmfusion.apps.families import FAMILIES
from mmfusion.apps.table import text_table
from mmfusion.apps.word_families import WORD_FAMILIES
from mmfusion.data.clip_features import Reading, clip_features
from mmfusion.data.content import content_key
from mmfusion.data.manifest import read_columns, read_manifest
from mmfusion.data.store import open_store
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS
from mmfusion.media.sandbox import sandboxed_map
from mmfusion.preprocessing.text_cleaning import TextCleaning


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion features`.

    Args:
        manifest: str. Path of the clips.
        out: str. `features.parquet`, `sqlite:///features.db` or `postgresql://user@host/name`.
        video: tuple of str. Families of features of the picture.
        audio: tuple of str. Families of features of the sound.
        text: tuple of str. Families of features of the words.
        reading: Reading. How clips are read.
        cleaning: TextCleaning. How words are cleaned.
        workers: int. Child processes that decode; as many as processors if not given.
    """

    manifest: str
    out: str
    video: tuple[str, ...] = ()
    audio: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    reading: Reading = dataclasses.field(default_factory=Reading)
    cleaning: TextCleaning = dataclasses.field(default_factory=TextCleaning)
    workers: int | None = None

    def __post_init__(self):
        for modality, known in {**FAMILIES, "text": WORD_FAMILIES}.items():
            unknown = set(getattr(self, modality)) - set(known)
            if unknown:
                raise ValueError(
                    f"`{modality}` must be some of {sorted(known)}. Received: {sorted(unknown)}"
                )
        if not self.video and not self.audio and not self.text:
            raise ValueError("Name families by `video`, `audio` or `text`. Received: none")


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
        keys = {clip.id: _key(clip, options) for clip in clips}
        todo = [clip for clip in clips if known[clip.id] != keys[clip.id]]
        with tqdm(total=len(clips), unit="clip", disable=None) as progress:
            progress.update(len(clips) - len(todo))
            for at, found in _computed(todo, options):
                _keep(store, todo[at].id, found, keys[todo[at].id])
                progress.update()
        table = store.read(families=())
        for name in options.text:
            vectors = WORD_FAMILIES[name](table.words, options.cleaning)
            spoken = {at: row for at, row in enumerate(vectors) if table.words[at].strip()}
            store.write_family(f"text.{name}", {table.ids[at]: row for at, row in spoken.items()})
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
        video={name: FAMILIES["video"][name] for name in options.video},
        audio={name: FAMILIES["audio"][name] for name in options.audio},
        limits=DEFAULT_LIMITS,
    )
    return sandboxed_map(compute, clips, workers=options.workers, limits=DEFAULT_LIMITS)


def _keep(store, clip_id, found, key):
    if isinstance(found, DecodeError):
        store.quarantine(clip_id, key=key, kind=found.kind, reason=found.reason)
    else:
        store.write(clip_id, found.features, key=key, words=found.words)


def _key(clip, options):
    """Digest of what the features of a clip depend on."""
    settings = {
        "reading": dataclasses.asdict(options.reading),
        "video": sorted(options.video),
        "audio": sorted(options.audio),
        "content": content_key(clip),
    }
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
