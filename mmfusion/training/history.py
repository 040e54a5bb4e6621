"""The figures of each epoch as a CSV file."""

import csv
from pathlib import Path
from typing import Any

import keras

from mmfusion.files import replacing


class History(keras.callbacks.Callback):
    """Writes `history.csv`: a row for each epoch, the whole file anew, so it is never torn.

    Args:
        path: Path of the file.
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.path = Path(path)
        self._rows: list[dict[str, float]] = []

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._rows = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._rows.append({"epoch": epoch} | {name: float(x) for name, x in (logs or {}).items()})
        columns = {name: None for row in self._rows for name in row}  # in order of appearance
        with replacing(self.path) as temporary, open(temporary, "w", newline="") as file:
            writer = csv.DictWriter(file, list(columns))
            writer.writeheader()
            writer.writerows(self._rows)

    def state(self) -> list[dict[str, float]]:
        """What a resumed run must know, as JSON can hold it."""
        return list(self._rows)

    def set_state(self, state: list[dict[str, float]]) -> None:
        """The inverse of `state`."""
        self._rows = list(state)


def read_history(path: str | Path) -> dict[str, list[float]]:
    """Reads a `history.csv`.

    Args:
        path: Path of the file.

    Returns:
        dict of column to its floats by epoch, NaN where a row has none.
    """
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    columns = rows[0] if rows else ()
    return {name: [float(row[name] or "nan") for row in rows] for name in columns}
