"""Which corpus is read, and what of it."""

import dataclasses

from mmfusion.options.names import NotFiniteName
from mmfusion.options.schema import ARRAYS, only_for, positional


@dataclasses.dataclass(frozen=True, kw_only=True)
class Corpus:
    """The corpus.

    Args:
        manifest: str. CSV or JSONL list of clips, `.npz` file of arrays, or MELD's CSV file.
        features: str. `.npz` file of arrays with a row for each clip of the manifest, joined by
            `id`: modalities beside those of the clip.
        val: str. Corpus of the same kind to validate on; a part of `manifest` if not given.
        label: str. Column, or key of an array, of the class.
        group: str. Column or key of the source (camera, speaker) that must not straddle a split.
        order: str. Column or key of the place within the group: its rows are then one sequence,
            each labelled in the context of the others.
        modalities: tuple of str. Which to read, as video,audio,text or keys of arrays; all that
            there are if not given.
        not_finite: str. Whether features that are NaN or infinite are absent, or an error.
    """

    manifest: str = positional()
    features: str | None = None
    val: str | None = None
    label: str = "label"
    group: str = "group"
    order: str | None = None
    modalities: tuple[str, ...] | None = None
    not_finite: NotFiniteName = only_for(ARRAYS, "mask")
