"""Models kept on the way, for an ensemble of one training, and the mean of their weights."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mmfusion.training.best_model import save_model


class Snapshots(keras.callbacks.Callback):
    """Writes the model after some epochs as `epoch-0009.keras`.

    Args:
        folder: Path of the folder, made if need be.
        epochs: Collection of int, counted from 0: the ends of the cycles of `schedules.cycles`, or
            the last epochs for a mean of weights.
    """

    def __init__(self, folder: str | Path, epochs: Collection[int]) -> None:
        super().__init__()
        self.folder = Path(folder)
        self.epochs = frozenset(epochs)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if epoch in self.epochs:
            save_model(self.model, self.folder / f"epoch-{epoch:04d}.keras")


def snapshots(folder: str | Path) -> list[Path]:
    """Paths of the models that `Snapshots` wrote, in the order of their epochs."""
    return sorted(Path(folder).glob("epoch-*.keras"))


def average_weights(model: keras.Model, paths: Sequence[str | Path]) -> None:
    """Sets a model to the mean of the weights of several files: stochastic weight averaging.

    Moving statistics of batch normalisation are averaged with them.

    Args:
        model: keras.Model.
        paths: Sequence of paths of `.keras` files of the same architecture.

    Raises:
        ValueError: if there is no file.

    Reference:
        [Izmailov et al., 2018](https://arxiv.org/abs/1803.05407)
    """
    if not paths:
        raise ValueError("Weights of at least one model are needed. Received: none")
    total: Any = None
    for path in paths:
        kept = keras.saving.load_model(path, compile=False)
        weights = [np.asarray(weight, "float64") for weight in kept.get_weights()]
        total = weights if total is None else [a + b for a, b in zip(total, weights, strict=True)]
    model.set_weights([weight / len(paths) for weight in total])
