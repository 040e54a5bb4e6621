"""The time grid that fits a corpus, by how long its clips are."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mmfusion.data.cleaning import check_cleaning
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS
from mmfusion.media.probe import probe
from mmfusion.media.sandbox import sandboxed_map
from mmfusion.media.subtitles import spoken_words
from mmfusion.specs import Clip, ClipSpec

STEPS_A_SECOND, FEWEST_STEPS, MOST_STEPS = 8, 4, 64
USUAL_SECONDS, MOST_SECONDS = 2.0, 10.0


def fit_spec(
    clips: Sequence[Clip], *, seconds: float | None = None, steps: int | None = None, **fields: Any
) -> ClipSpec:
    """A spec whose time grid fits the clips, where it is not set.

    Args:
        clips: Sequence of `Clip`.
        seconds: float. By default the length that holds 19 clips in 20, at most 10 s.
        steps: int. By default eight a second, from 4 to 64.
        **fields: Further fields of the spec.

    Returns:
        ClipSpec.

    Raises:
        ValueError: if a field is out of range, or a step of cleaning is unknown.
    """
    check_cleaning(fields.get("cleaning", ()))
    if seconds is None:
        seconds = min(typical_seconds(clips) or USUAL_SECONDS, MOST_SECONDS)
    if steps is None:
        steps = min(max(round(seconds * STEPS_A_SECOND), FEWEST_STEPS), MOST_STEPS)
    return ClipSpec(seconds=seconds, steps=steps, **fields)


PROBED_CLIPS = 200


def clip_seconds(clip: Clip) -> float | None:
    """Length of a clip by its row, file or captions; `None` if untimed words are all there is.

    Args:
        clip: Clip.

    Returns:
        float or `None`.

    Raises:
        DecodeError: if a file cannot be read.
    """
    if clip.end_s is not None:
        return clip.end_s - clip.start_s
    if path := clip.video or clip.audio:
        return max(0.0, probe(path).duration_s - clip.start_s)
    if clip.transcript:
        ends = [word.end_s for word in spoken_words(clip.transcript)[0] if word.end_s is not None]
        return max(ends) - clip.start_s if ends else None
    return None


def typical_seconds(clips: Sequence[Clip], *, workers: int = 2) -> float | None:
    """The length that holds 19 clips in 20, from up to 200 clips spread over the corpus.

    Args:
        clips: Sequence of `Clip`.
        workers: int. Child processes.

    Returns:
        float, to the next half second, or `None` if no clip has a length.
    """
    some = clips[:: max(1, len(clips) // PROBED_CLIPS)]
    found = sandboxed_map(
        clip_seconds, some, workers=workers, limits=DEFAULT_LIMITS, item_bytes=None
    )
    lengths = [seconds for _, seconds in found if seconds and not isinstance(seconds, DecodeError)]
    if not lengths:
        return None
    return max(0.5, float(np.ceil(2 * np.percentile(lengths, 95) - 0.1) / 2))
