"""Where Moonshine's weights lie."""

from pathlib import Path

from mmfusion.files import cache_folder
from mmfusion.pretrained.moonshine import FILES

VERSION = "moonshine-0.0.49"


def moonshine_folder() -> Path:
    """The folder in the user's cache that holds Moonshine.

    Returns:
        Path.

    Raises:
        FileNotFoundError: saying how to get them, if they are not there.
    """
    folder = cache_folder() / "weights" / VERSION
    if not all((folder / name).is_file() for name in FILES):
        raise FileNotFoundError(
            f"Moonshine's weights are missing: mmfusion weights get moonshine. Received: {folder}"
        )
    return folder
