"""What the header of a WAV file promises, which FFmpeg cuts to the size of the file."""

import struct
from pathlib import Path

UNKNOWN = (0, 0xFFFFFFFF)  # sizes that a recorder writes before it knows
CHUNK_BYTES = 8
MOST_CHUNKS = 64


def promised_s(path: str | Path) -> float:
    """Length of a WAV file by its header.

    Args:
        path: Path of the file.

    Returns:
        float. Seconds; 0 if the header does not say, or is of another kind.
    """
    with open(path, "rb") as file:
        if file.read(4) != b"RIFF":
            return 0.0
        file.seek(12)
        bytes_a_second = 0
        for _ in range(MOST_CHUNKS):
            head = file.read(CHUNK_BYTES)
            if len(head) < CHUNK_BYTES:
                break
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                known = size not in UNKNOWN and bytes_a_second
                return size / bytes_a_second if known else 0.0
            body = file.tell()
            if name == b"fmt ":
                described = file.read(12)
                if len(described) == 12:
                    bytes_a_second = struct.unpack("<8xI", described)[0]
            file.seek(body + size + size % 2)  # chunks start at even bytes
    return 0.0
