"""The subword tokens of a `tokenizer.bin`, and text made of their ids."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

BLANK = "\u2581"  # how a subword token spells the blank before it
BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")
SPECIAL = re.compile(r"<[^<>]*>")  # <s>, </s>, <unk>, <<ST_1>>
LONG = 128  # from this first byte on, a second one belongs to the length


def read_subwords(path: str | Path) -> list[bytes]:
    """Reads the table of a tokenizer: each entry its length, then its UTF-8.

    A length below 128 is one byte; any other is `n - 128 + 128 * m` of two bytes n and m.

    Args:
        path: Path of `tokenizer.bin`.

    Returns:
        list of bytes, by id.

    Raises:
        ValueError: if the file ends within an entry.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "tokenizer.bin")
    >>> _ = path.write_bytes(b"\\x03<s>\\x02ab")
    >>> read_subwords(path)
    [b'<s>', b'ab']
    """
    data, at = Path(path).read_bytes(), 0
    found: list[bytes] = []
    while at < len(data):
        head = data[at : at + 2]
        length, at = head[0], at + 1
        if length >= LONG:
            length, at = length - LONG + LONG * (head[1] if head[1:] else 0), at + 1
        entry = data[at : at + length]
        if len(entry) < length or at > len(data):
            raise ValueError(
                f"{path}: entry {len(found)} must have {length} bytes. Received: {len(entry)}"
            )
        found.append(entry)
        at += length
    return found


def join_subwords(ids: Iterable[int], table: Sequence[bytes]) -> str:
    """Joins subword tokens to text.

    Args:
        ids: iterable of int. Special tokens, as `</s>`, are left out.
        table: sequence of bytes, as of `read_subwords`.

    Returns:
        str, without blanks at its ends.

    Raises:
        ValueError: if an id is not in the table.

    Example:

    >>> join_subwords([0, 1, 2, 1], [b"<s>", "\u2581go".encode(), b"<0x21>"])
    'go! go'
    """
    joined = b""
    for each in ids:
        if not 0 <= each < len(table):
            raise ValueError(f"`ids` must be below {len(table)}. Received: {each}")
        entry = table[each]
        name = entry.decode("utf-8", errors="replace")
        if byte := BYTE.fullmatch(name):
            joined += bytes([int(byte[1], 16)])
        elif not SPECIAL.fullmatch(name):
            joined += entry
    return joined.decode("utf-8", errors="replace").replace(BLANK, " ").strip()
