"""What a clip holds, as a digest: the same content under another name is found out."""

import hashlib
import json
from pathlib import Path

from mmfusion.files import sha256
from mmfusion.specs import Clip

PATHS = ("audio", "transcript", "video")


def fingerprint(path: str | Path | None) -> str | None:
    """A file's digest; what is not a plain file is left for decoding to refuse.

    Args:
        path: Path, or `None`.

    Returns:
        str, or `None` for `None`.
    """
    if path is None:
        return None
    try:
        return sha256(path) if Path(path).is_file() else "not a file"
    except OSError as error:
        return f"unreadable: {error.errno}"


def content_key(clip: Clip) -> str:
    """Digest of what a clip holds, whatever its files and the clip itself are called.

    Args:
        clip: Clip.

    Returns:
        str, 64 hex digits.

    Example:

    >>> one, other = mm.Clip("a", text="fire"), mm.Clip("b", text="fire", label="alarm")
    >>> content_key(one) == content_key(other)
    True
    """
    content = {name: getattr(clip, name) for name in ("text", "start_s", "end_s")}
    content |= {name: fingerprint(getattr(clip, name)) for name in PATHS}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
