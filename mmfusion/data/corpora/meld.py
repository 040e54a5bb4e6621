"""MELD: the utterances of a series' dialogues, each labelled with its emotion."""

import csv
import io
from pathlib import Path

import numpy as np

from mmfusion.data.arrays import Arrays, Row
from mmfusion.data.spellings import Spellings
from mmfusion.preprocessing.encoding import decode_text, mend_mojibake
from mmfusion.specs import MASK_SUFFIX

GROUP, ORDER, TEXT = "Dialogue_ID", "Utterance_ID", "Utterance"


def is_meld(path: str | Path) -> bool:
    """Whether a path is a CSV file with the columns of MELD."""
    path = Path(path)
    if path.suffix != ".csv" or not path.is_file():
        return False
    with open(path, "rb") as file:
        first = decode_text(file.readline())
    return {GROUP, ORDER, TEXT} <= {column.strip().strip('"') for column in first.split(",")}


def read_meld(path: str | Path, *, label: str = "Emotion") -> Arrays:
    """Reads a CSV file of MELD, each dialogue as one sequence of utterances.

    What is left of Windows-1252, and what was once decoded wrongly, is mended.

    Args:
        path: Path of the file.
        label: str. Column of the class, `Emotion` (seven) or `Sentiment` (three).

    Returns:
        Arrays, ordered, of the words `text`; a label that is empty or NaN is `None`.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the row, if a column is missing or no number.

    Reference:
        [Poria et al., 2019](https://aclanthology.org/P19-1050)
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"No corpus at this path. Received: {path}")
    rows = list(csv.DictReader(io.StringIO(decode_text(path.read_bytes()), newline="")))
    places, clips, spellings = [], [], Spellings(f"{path}: {label}")
    for number, row in enumerate(rows, start=2):
        try:
            dialogue, place = int(row[GROUP]), int(row[ORDER])
            clips.append(Row(f"{dialogue}_{place}", spellings[row[label]], str(dialogue)))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{path}, row {number}: whole numbers in {GROUP!r} and {ORDER!r} and a {label!r} "
                f"expected. Received: {row}"
            ) from error
        places.append(place)
    words = np.array([mend_mojibake(row[TEXT] or "") for row in rows], str)
    names = tuple(sorted({clip.label for clip in clips if clip.label is not None}))
    spoken = {"text": words, "text" + MASK_SUFFIX: words != ""}
    unordered = Arrays(path, spoken, tuple(clips), names)
    return unordered.in_sequence(np.array([clip.group for clip in clips]), np.array(places))
