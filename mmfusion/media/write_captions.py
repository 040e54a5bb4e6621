"""Writers of captions: SubRip, WebVTT and Whisper's JSON. A file appears whole or not at all."""

import html
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mmfusion.files import replacing, write_json
from mmfusion.media.captions.segment import Segment

ARROW = "-->"
MARKUP = {*"&<>\\"}


def write_captions(path: str | Path, segments: Sequence[Segment], **extra: Any) -> None:
    """Writes segments of speech so that `read_captions` reads the same words.

    Args:
        path: Path of the file to write: `.srt`, `.vtt` or `.json`, which has each word as well,
            timed in proportion to its letters.
        segments: sequence of Segment, in order.
        **extra: Further entries of a `.json`, as `language="en"`.

    Raises:
        ValueError: if the file's name ends otherwise.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".json":
        write_json(path, as_whisper(segments) | extra)
        return
    if suffix not in WRITERS:
        known = ", ".join([*WRITERS, ".json"])
        raise ValueError(f"`path` must end in one of {known}. Received: {path}")
    with replacing(path) as temporary:
        temporary.write_text(WRITERS[suffix](segments), encoding="utf-8", newline="\n")


def as_whisper(segments: Sequence[Segment]) -> dict[str, Any]:
    """Segments as Whisper's JSON has them.

    Args:
        segments: sequence of Segment.

    Returns:
        dict with `text` and `segments`, each with `id`, `start`, `end`, `text`, `avg_logprob` and
        `words`.

    Example:

    >>> found = as_whisper([Segment(1.0, 3.0, "Good dogs")])
    >>> found["text"], found["segments"][0]["words"][1]
    ('Good dogs', {'word': 'dogs', 'start': 2.0, 'end': 3.0})
    """
    entries = [
        {
            "id": number,
            "start": _rounded(segment.start_s),
            "end": _rounded(segment.end_s),
            "text": segment.text,
            "avg_logprob": segment.log_probability,
            "words": [
                {"word": word.text, "start": _rounded(word.start_s), "end": _rounded(word.end_s)}
                for word in segment.words
            ],
        }
        for number, segment in enumerate(segments)
    ]
    return {"text": " ".join(segment.text for segment in segments), "segments": entries}


def _srt(segments: Sequence[Segment]) -> str:
    cues = [
        f"{number}\n{_times(each, ',')}\n{_row(each.text)}\n\n"
        for number, each in enumerate(segments, start=1)
    ]
    return "".join(cues) or "\n"  # an empty file is a broken one


def _vtt(segments: Sequence[Segment]) -> str:
    cues = [f"{_times(each, '.')}\n{_row(each.text)}\n\n" for each in segments]
    return "WEBVTT\n\n" + "".join(cues)


def _row(text):
    """One row that no reader takes for tags, times or entities."""
    row = " ".join(text.split())
    if not set(row) & MARKUP:
        return row
    return html.escape(row, quote=False).replace("\\", "&#92;")


def _times(segment, comma):
    return f"{_clock(segment.start_s, comma)} {ARROW} {_clock(segment.end_s, comma)}"


def _clock(seconds, comma):
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{comma}{milliseconds:03}"


def _rounded(seconds):
    return round(seconds, 3)


WRITERS: dict[str, Callable[[Sequence[Segment]], str]] = {".srt": _srt, ".vtt": _vtt}
