"""Folders of numbered versions, as TensorFlow Serving reads them: `saved_models/fights/3/`."""

from pathlib import Path

from mmfusion.serving.card import CARD

SAVED_MODEL = "saved_model.pb"


def versions(folder: str | Path) -> list[Path]:
    """The version folders in a folder, lowest number first.

    Args:
        folder: Path; it need not exist.

    Returns:
        List of Path.
    """
    found = [path for path in Path(folder).glob("*") if path.name.isdecimal() and path.is_dir()]
    return sorted(found, key=lambda path: int(path.name))


def newest(path: str | Path) -> Path:
    """The version folder a path stands for: itself, its newest version, or that of its export.

    Args:
        path: Path of a version folder, of a folder of versions, or of a run folder that holds an
            `export` folder of versions.

    Returns:
        Path.

    Raises:
        FileNotFoundError: if there is no exported model.
    """
    path = Path(path)
    if (path / SAVED_MODEL).is_file() or (path / CARD).is_file():
        return path
    found = versions(path) or versions(path / "export")
    if not found:
        raise FileNotFoundError(f"An exported model (<version>/{SAVED_MODEL}) expected in {path}")
    return found[-1]
