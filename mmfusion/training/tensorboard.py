"""The figures of each epoch for TensorBoard."""

from pathlib import Path
from typing import Any

import keras


class TensorBoard(keras.callbacks.TensorBoard):
    """Writes the figures of each epoch; nothing is done after a batch.

    Keras' own makes ready the figures of each batch, which took a hundredth of a training, even
    where only those of epochs are written.

    Args:
        folder: Path of the folder.
    """

    def __init__(self, folder: str | Path) -> None:
        super().__init__(str(folder), write_graph=False)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Nothing."""
