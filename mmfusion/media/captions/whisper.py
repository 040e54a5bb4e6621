"""Words of Whisper's `.json`, as its many programs write it."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from mmfusion.media.captions.cue import Cue

SEGMENTS = (
    "segments",
    "transcription",
    "chunks",
)  # Whisper and WhisperX, whisper.cpp, Hugging Face


def read_whisper(lines: Sequence[str], problems: list[str]) -> Iterator[Cue]:
    """Yields words where the file has them, else segments.

    Args:
        lines: sequence of str.
        problems: list of str, to which is added what cannot be read.
    """
    try:
        found = json.loads("\n".join(lines))
    except json.JSONDecodeError as error:
        problems.append(f"line {error.lineno}: expected JSON. Received: {error.msg}")
        return
    except (RecursionError, ValueError) as error:
        problems.append(f"line 1: expected JSON. Received: {error}")
        return
    segments = _segments(found)
    if segments is None:
        received = sorted(found)[:5] if isinstance(found, dict) else type(found).__name__
        problems.append(f"line 1: expected one of {', '.join(SEGMENTS)}. Received: {received}")
        return
    for number, segment in enumerate(segments, start=1):
        try:
            yield from _cues(segment, f"segment {number}")
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            received = json.dumps(segment)[:80]
            problems.append(
                f"segment {number}: expected a start, an end and a text. Received: {received}"
            )


def _segments(found):
    if isinstance(found, list):
        return found
    if not isinstance(found, dict):
        return None
    segments = next((found[name] for name in SEGMENTS if isinstance(found.get(name), list)), None)
    words = found.get("words")
    if isinstance(words, list) and not any("words" in each for each in segments or () if each):
        return words
    return segments


def _cues(segment: dict[str, Any], where: str) -> list[Cue]:
    start_s, end_s = _times_s(segment)
    words = segment.get("words")
    if not words:
        if start_s is None:
            raise ValueError("no start")
        text = segment["text"] if "text" in segment else segment["word"]
        return [Cue(where, start_s, math.inf if end_s is None else end_s, ((None, str(text)),))]
    spans = [_times_s(word) for word in words]
    cues: list[Cue] = []
    for at, word in enumerate(words):
        begin_s, stop_s = spans[at]
        if begin_s is None:  # a number, which WhisperX cannot place
            begin_s = cues[-1].end_s if cues else start_s
        if stop_s is None:
            stop_s = next((each for each, _ in spans[at + 1 :] if each is not None), end_s)
        text = word["word"] if "word" in word else word["text"]
        cues.append(Cue(where, begin_s, stop_s, ((None, str(text)),)))
    return cues


def _times_s(entry):
    """Start and end, each `None` where the entry has none."""
    if "offsets" in entry:
        return entry["offsets"]["from"] / 1000, entry["offsets"]["to"] / 1000
    start_s, end_s = (
        entry["timestamp"] if "timestamp" in entry else (entry.get("start"), entry.get("end"))
    )
    return (None if start_s is None else float(start_s), None if end_s is None else float(end_s))
