"""What an H.264 packet says of itself without being decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator

import av

START_CODE = re.compile(rb"\x00\x00\x01(.)", re.DOTALL)
UNIT, REFERENCE = 0x1F, 0x60  # of a unit's first byte: its type, and whether others refer to it
SLICES, WHOLE, MESSAGES = (1, 2, 5), 5, 6  # types: slices, those of an IDR frame, SEI messages
RECOVERY = 6  # type of the message that says how many frames it takes to become right


def length_bytes(extradata: bytes | None) -> int:
    """How many bytes hold the length of a unit; 0 if units follow start codes."""
    extradata = extradata or b""
    return (extradata[4] & 3) + 1 if len(extradata) > 4 and extradata[0] == 1 else 0


def is_reference(packet: av.Packet, width: int) -> bool:
    """Whether other frames may refer to this one: its first slice's `nal_ref_idc` is not zero.

    Args:
        packet: `av.Packet`, one frame.
        width: int, as `length_bytes` returns it.
    """
    for data, at in _units(memoryview(packet), width):
        if data[at] & UNIT in SLICES:
            return bool(data[at] & REFERENCE)
    return True


def is_entry(packet: av.Packet, width: int) -> bool:
    """Whether frames from this one on, as they are shown, decode right without what comes before.

    True for an IDR frame, and for one with a recovery point of no frames (an open group of
    pictures). A keyframe in name, from which an intra refresh starts, is none.

    Args:
        packet: `av.Packet`, one frame.
        width: int, as `length_bytes` returns it.
    """
    for data, at in _units(memoryview(packet), width):
        kind = data[at] & UNIT
        if kind == MESSAGES and (recovery := _message(data, at + 1)) is not None:
            return recovery
        if kind in SLICES:
            return kind == WHOLE
    return False


def _message(data, at):
    """Whether a recovery point is exact at once; `None` for other messages."""
    while at + 2 < len(data) and data[at] != 0x80:  # 0x80 ends the messages of a unit
        kind, size = data[at], data[at + 1]
        if kind == RECOVERY:
            return bool(data[at + 2] & 0x80)  # a count of 0 is coded as one set bit
        at += 2 + size
        if kind == 0xFF or size == 0xFF:  # long ones are none of ours
            return None
    return None


def _units(data, width) -> Iterator[tuple[memoryview, int]]:
    """Where the first byte of each unit stands."""
    if not width:
        yield from ((data, match.start(1)) for match in START_CODE.finditer(data))
        return
    at = 0
    while at + width < len(data):
        yield data, at + width
        at += width + int.from_bytes(data[at : at + width], "big")
