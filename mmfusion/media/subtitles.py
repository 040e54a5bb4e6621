"""Captions of `.srt`, `.vtt`, `.align` and `.txt` files as words with times."""

from __future__ import annotations

import dataclasses
import html
import itertools
import re
from pathlib import Path

from mmfusion.media.container import open_regular
from mmfusion.media.encoding import NAMES, decode
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits

CAPTION_LIMITS = Limits(file_bytes=16 << 20)
ALIGN_HZ = 25_000  # GRID's `.align` files count time in 1/25000 s
SILENCES = ("sil", "sp")
TIME_OF_DAY = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
TIMES = re.compile(rf"^\s*{TIME_OF_DAY}\s*-->\s*{TIME_OF_DAY}")
TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")  # <i>, <v Anna>, <00:00:01.000>, {\an8}


@dataclasses.dataclass(frozen=True)
class Word:
    """One spoken word.

    Args:
        start_s: float, or `None` in a text without times.
        end_s: float, or `None` in a text without times.
        text: str.
    """

    start_s: float | None
    end_s: float | None
    text: str


def read_captions(path: str | Path) -> tuple[list[Word], list[str]]:
    """Reads the words of a caption or transcript file, whatever of it can be read.

    The words of a caption share its time in proportion to their characters.

    Args:
        path: Path of a `.srt`, `.vtt`, `.align` or `.txt` file in UTF-8, UTF-16 or Windows-1252.

    Returns:
        list of `Word` ordered by time (a `.txt` has no times), and list of str, one for each thing
        that could not be taken as it stood, with its line number.

    Raises:
        DecodeError: if the file cannot be opened, or has another suffix.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "hello.srt")
    >>> _ = path.write_text("1\\n00:00:01,000 --> 00:00:03,000\\n<i>Good dogs</i>\\n")
    >>> mm.media.read_captions(path)[0]
    [Word(start_s=1.0, end_s=2.0, text='Good'), Word(start_s=2.0, end_s=3.0, text='dogs')]
    """
    readers = {".align": _read_align, ".srt": _read_cues, ".txt": _read_plain, ".vtt": _read_cues}
    suffix = Path(path).suffix.lower()
    if suffix not in readers:
        reason = f"expected one of {', '.join(readers)}, found {suffix or 'no suffix'}"
        raise DecodeError("caption", path, reason)
    text, problems = _read_text(path)
    lines = re.split(r"\r\n|\r|\n", text)
    words = readers[suffix](lines, problems)
    return sorted(words, key=lambda word: word.start_s or 0.0), problems


def _read_text(path):
    with open(open_regular(path, CAPTION_LIMITS), "rb") as file:
        data = file.read()
    text, encoding = decode(data)
    if data.isascii() or encoding in ("utf-8-sig", "utf-16"):
        return text, []
    first = next(at for at, line in enumerate(data.splitlines(), start=1) if not line.isascii())
    name = NAMES[encoding or "cp1252"]
    return text, [f"line {first}: expected UTF-8, read the file as {name}"]


def _read_plain(lines, _):
    return [Word(None, None, text) for line in lines for text in line.split()]


def _read_align(lines, problems):
    words, end_s = [], 0.0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            start, stop, text = line.split()
            start_s, stop_s = int(start) / ALIGN_HZ, int(stop) / ALIGN_HZ
        except ValueError:
            problems.append(f"line {number}: expected `start end word`. Received: {line[:80]!r}")
            continue
        if text in SILENCES:
            continue
        if _check(number, start_s, stop_s, end_s, problems):
            words.append(Word(start_s, max(start_s, stop_s), text))
            end_s = max(end_s, stop_s)
    return words


def _read_cues(lines, problems):
    """Cues of SubRip and WebVTT: a line with an arrow, then text up to an empty line."""
    words, end_s = [], 0.0
    arrows = [i for i, line in enumerate(lines) if "-->" in line]
    for i, after in itertools.pairwise([*arrows, len(lines)]):
        match = TIMES.match(lines[i])
        if not match:
            received = lines[i].strip()[:80]
            problems.append(
                f"line {i + 1}: expected two times around `-->`. Received: {received!r}"
            )
            continue
        start_s, stop_s = _seconds(*match.groups()[:4]), _seconds(*match.groups()[4:])
        if _check(i + 1, start_s, stop_s, end_s, problems):
            words += _spread(start_s, max(start_s, stop_s), _cue_text(lines[i + 1 : after]))
            end_s = max(end_s, stop_s)
    return words


def _seconds(hours, minutes, seconds, fraction):
    whole_s = 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
    return whole_s + int(fraction) / 10 ** len(fraction)


def _check(number, start_s, stop_s, end_s, problems):
    """Whether a cue has a place in time; notes what is odd about it."""
    if start_s < 0:
        problems.append(f"line {number}: expected a time of at least 0. Received: {start_s} s")
        return False
    if stop_s < start_s:
        problems.append(f"line {number}: ends before it starts. Received: {start_s} s, {stop_s} s")
    elif start_s < end_s:
        problems.append(f"line {number}: overlaps the one before, which ends at {end_s} s")
    return True


def _cue_text(lines):
    """The text of a cue without tags, up to an empty line or the number of the next cue."""
    text = list(itertools.takewhile(str.strip, lines))
    if len(text) == len(lines) and text and text[-1].strip().isdecimal():
        text.pop()
    return html.unescape(TAG.sub("", " ".join(text)))


def _spread(start_s, stop_s, text):
    """Shares a cue's time among its words in proportion to their characters."""
    texts = text.split()
    ends = list(itertools.accumulate(map(len, texts), initial=0))
    scale_s = (stop_s - start_s) / ends[-1] if texts else 0.0
    times_s = [start_s + scale_s * end for end in ends]
    return [
        Word(*pair, text) for pair, text in zip(itertools.pairwise(times_s), texts, strict=True)
    ]
