"""`card.json`: what an export says of itself, and the digests that show whether it is whole."""

from pathlib import Path
from typing import Any

from mmfusion.files import read_json, sha256

CARD = "card.json"
FORMAT = 1
FIELDS = {
    "classes": list,
    "inputs": dict,
    "modalities": list,
    "sha256": dict,
    "spec": dict | None,
}


def read_card(version: str | Path) -> dict[str, Any]:
    """Reads the card of a version folder and checks every file it vouches for.

    Args:
        version: Path of the version folder.

    Returns:
        dict, what `card.json` says.

    Raises:
        ValueError: if the SavedModel is not one of ours, is torn, or is of another format.
    """
    version = Path(version)
    if not (version / CARD).is_file():
        raise ValueError(f"{version}: no {CARD}, so mmfusion did not export this SavedModel")
    card = read_json(version / CARD)
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        received = card.get("format") if isinstance(card, dict) else type(card).__name__
        raise ValueError(f"{version / CARD}: format {FORMAT} expected. Received: {received}")
    wrong = [name for name, kind in FIELDS.items() if not isinstance(card.get(name, ...), kind)]
    if wrong:
        raise ValueError(f"{version / CARD}: fields are missing or of a wrong type: {wrong}")
    for name, digest in card["sha256"].items():
        if not (version / name).is_file():
            raise ValueError(f"{version / name}: missing, so the SavedModel is not whole")
        if sha256(version / name) != digest:
            raise ValueError(f"{version / name}: torn or altered since the export (sha256 differs)")
    return card
