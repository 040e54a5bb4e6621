"""Captions and transcripts of many formats as words with times."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from mmfusion.media.captions.cue import Cue
from mmfusion.media.captions.cues import read_cues
from mmfusion.media.captions.rows import read_align, read_ctm, read_lyrics
from mmfusion.media.captions.substation import read_substation
from mmfusion.media.captions.suffixes import CAPTION_SUFFIXES
from mmfusion.media.captions.textgrid import read_textgrid
from mmfusion.media.captions.ttml import read_ttml
from mmfusion.media.captions.whisper import read_whisper
from mmfusion.media.captions.words import Word, words_of
from mmfusion.media.container import open_regular
from mmfusion.media.encoding import NAMES, decode
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits

CAPTION_LIMITS = Limits(file_bytes=16 << 20)
NOT_UTF8 = "expected UTF-8"
TIMES = re.compile(r"\s*(\d+:)?\d{1,2}:\d{2}([.,]\d{1,4})?\s*-->\s*\d")
TIMED: dict[str, Callable[..., Iterator[Cue]]] = {
    ".align": read_align,
    ".ass": read_substation,
    ".ctm": read_ctm,
    ".dfxp": read_ttml,
    ".json": read_whisper,
    ".lrc": read_lyrics,
    ".sbv": functools.partial(read_cues, suffix=".sbv"),
    ".srt": functools.partial(read_cues, suffix=".srt"),
    ".ssa": read_substation,
    ".textgrid": read_textgrid,
    ".ttml": read_ttml,
    ".vtt": functools.partial(read_cues, suffix=".vtt"),
}


def read_captions(path: str | Path) -> tuple[list[Word], list[str]]:
    """Reads the words of a caption or transcript file, whatever of it can be read.

    The words of a caption share its time in proportion to their characters, where the file does
    not say when each is spoken. Rows that roll up are read once.

    Args:
        path: Path of a `.srt`, `.vtt`, `.sbv`, `.ass`, `.ssa`, `.ttml`, `.dfxp`, `.lrc`,
            `.TextGrid`, `.ctm` or `.align` file, of Whisper's `.json`, or of a `.txt`, in any
            encoding. A `.txt` that holds SubRip or WebVTT is read as such.

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
    suffix = Path(path).suffix.lower()
    if suffix not in CAPTION_SUFFIXES:
        reason = f"expected one of {', '.join(CAPTION_SUFFIXES)}, found {suffix or 'no suffix'}"
        raise DecodeError("caption", path, reason)
    text, problems = _read_text(path)
    lines = re.split(r"\r\n|\r|\n", text)
    if suffix == ".txt":
        suffix = _of_times(lines, problems)
    if suffix == ".txt":
        return [Word(None, None, word) for word in text.split()], problems
    if suffix == ".ctm":
        cues = read_ctm(lines, problems, Path(path).stem)
    else:
        cues = TIMED[suffix](lines, problems)
    return sorted(words_of(cues, problems), key=lambda word: word.start_s or 0.0), problems


def spoken_words(path: str | Path) -> tuple[list[Word], list[str]]:
    """Reads what `read_captions` reads, but for files of which nothing can be read.

    Args:
        path: Path of the file.

    Returns:
        As `read_captions`.

    Raises:
        DecodeError: as `read_captions`, and naming the first line that cannot be read where none
            can.
    """
    words, problems = read_captions(path)
    unread = [each for each in problems if ": expected " in each and NOT_UTF8 not in each]
    if unread and not words:
        raise DecodeError("caption", path, unread[0])
    return words, problems


def _of_times(lines, problems):
    """The suffix that a `.txt` should have: that of its captions if it holds any."""
    first = next((at for at, line in enumerate(lines, start=1) if TIMES.match(line)), None)
    if first is None:
        return ".txt"
    suffix = ".vtt" if lines[0].startswith("WEBVTT") else ".srt"
    problems.append(f"line {first}: times of a caption, read the file as {suffix}")
    return suffix


def _read_text(path):
    with open(open_regular(path, CAPTION_LIMITS), "rb") as file:
        data = file.read()
    text, encoding = decode(data)
    if data.isascii() or encoding in ("utf-8-sig", "utf-16"):
        return text, []
    first = next(at for at, line in enumerate(data.splitlines(), start=1) if not line.isascii())
    name = NAMES[encoding or "cp1252"]
    return text, [f"line {first}: {NOT_UTF8}, read the file as {name}"]
