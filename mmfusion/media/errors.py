"""`DecodeError`: why one file could not be read, in a form that a quarantine list can hold."""

from pathlib import Path

KINDS = {
    "caption": "the caption file cannot be read as text",
    "corrupt": "it has the right format, yet nothing in it can be decoded",
    "crashed": "the decoder took its child process down",
    "empty": "zero bytes",
    "forbidden": "a playlist, an image or another format that is not opened",
    "limit_bytes": "larger than `Limits.file_bytes`",
    "limit_frames": "more frames than `Limits.frames`",
    "limit_pixels": "a frame of more pixels than `Limits.pixels`",
    "limit_seconds": "longer than `Limits.seconds`",
    "memory": "decoding needed more than `Limits.memory_bytes`",
    "missing": "no such file, or no permission to read it",
    "no_streams": "neither video nor audio in it",
    "not_a_file": "a directory, a FIFO, a device or a symlink loop",
    "not_media": "not a video or audio format at all",
    "timeout": "decoding took longer than `Limits.wall_s`",
}


class DecodeError(ValueError):
    """One file could not be read.

    Args:
        kind: str. One of `KINDS`, for counting and filtering.
        path: Path of the file.
        reason: str. What was expected and what was found.

    Raises:
        KeyError: if `kind` is not one of `KINDS`.

    Example:

    >>> DecodeError("empty", "clips/a.mp4", "the file has zero bytes")
    DecodeError('empty', 'clips/a.mp4', 'the file has zero bytes')
    """

    def __init__(self, kind: str, path: str | Path, reason: str) -> None:
        if kind not in KINDS:
            raise KeyError(f"`kind` must be one of {sorted(KINDS)}. Received: kind={kind!r}")
        super().__init__(kind, str(path), reason)
        self.kind = kind
        self.path = str(path)
        self.reason = reason

    @property
    def where(self) -> str:
        """The reason with the file that it is of, for lists of clips that have several."""
        return f"{self.path}: {self.reason}"

    def __str__(self) -> str:
        return f"{self.where} [{self.kind}]"
