"""Paths of a manifest, confined to its folder, and what else its cells may hold."""

import os
import re
import unicodedata
from pathlib import Path

from mmfusion.media.captions.suffixes import CAPTION_SUFFIXES

WINDOWS_ROOT = re.compile(r"[A-Za-z]:[\\/]|\\\\")
NAMED = re.compile(r"\S*[^\s.]\.(?=[^.]*[A-Za-z])[A-Za-z0-9]{1,8}")
OTHERS = (  # documents, subtitles and media that hold no captions we can read
    *(".csv", ".doc", ".docx", ".eaf", ".html", ".idx", ".md", ".odt", ".pdf", ".rtf", ".smi"),
    *(".stl", ".sub", ".sup", ".tsv", ".xls", ".xlsx", ".xml", ".mp3", ".mp4", ".wav"),
)


def confined(value: str, root: str, where: str) -> Path:
    """The path below a folder, links followed; anything outside is an error.

    A path of Windows, and a name whose letters are composed otherwise on the disk, are understood
    where there is no file of just this name.

    Args:
        value: str, as it is written.
        root: str, the folder, itself without links.
        where: str, what errors start with.

    Returns:
        Path; there need not be a file.

    Raises:
        ValueError: if the path holds control characters, is absolute, or leads out of the folder.
    """
    if any(ord(letter) < 32 for letter in value):
        raise ValueError(f"{where} must not hold control characters. Received: {value!r}")
    found = _found(value, root)
    joined = os.path.join(root, found)
    resolved = os.path.realpath(joined)
    outside = os.path.isabs(found) or os.path.commonpath((root, resolved)) != root
    if outside or WINDOWS_ROOT.match(value):
        raise ValueError(f"{where} must lie within the manifest's folder. Received: {value!r}")
    return Path(joined)


def names_a_file(value: str, root: str) -> bool:
    """Whether the cell of a transcript names a file, there or not, and is not the words themselves.

    Args:
        value: str.
        root: str, the folder of the manifest.

    Returns:
        bool.

    Example:

    >>> [names_a_file(each, "/") for each in ("a.ass", "my notes.doc", "No. Stop it.")]
    [True, True, False]
    """
    written = value.strip()
    if written.lower().endswith((*CAPTION_SUFFIXES, *OTHERS)) or NAMED.fullmatch(written):
        return True
    printable = len(written) < 256 and written.isprintable()
    return printable and os.path.isfile(os.path.join(root, written))


def _found(value, root):
    """The first of the ways to read a path by which there is something."""
    if value.isascii() and "\\" not in value and value.strip() == value:
        return value
    straight = value.strip().replace("\\", "/")
    ways = [value, straight, *(unicodedata.normalize(form, straight) for form in ("NFC", "NFD"))]
    there = (way for way in ways if os.path.lexists(os.path.join(root, way)))
    return next(there, straight)
