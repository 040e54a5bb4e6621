"""The callbacks that turn a `fit` into a run folder."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import keras

from mmfusion import defaults
from mmfusion.training.backup import Backup
from mmfusion.training.best_model import BestModel
from mmfusion.training.history import History
from mmfusion.training.nan_guard import NaNGuard
from mmfusion.training.progress import Progress
from mmfusion.training.run_folder import worker_folder
from mmfusion.training.tensorboard import TensorBoard
from mmfusion.training.worker_watchdog import WorkerWatchdog
from mmfusion.training.workers import workers


def callbacks(
    run: str | Path,
    *,
    monitor: str = "val_loss",
    mode: str = "auto",
    patience: int = defaults.PATIENCE,
    resume: bool = True,
    data: Iterable[tuple] | None = None,
    extra: Sequence[keras.callbacks.Callback] = (),
) -> list[keras.callbacks.Callback]:
    """Callbacks for `model.fit` that fill a run folder.

    They write `best.keras`, `history.csv`, `checkpoints/` and `tensorboard/`, stop early, stop on
    NaN, and leave the model with its best weights. A `fit` into a folder whose last one was cut
    short goes on after its last complete epoch. Of several workers the first fills the folder, the
    others `worker-1`, `worker-2` ... in it, and each stops when another one dies.

    Args:
        run: Path of the run folder, made if need be.
        monitor: str. Metric that ranks epochs; without validation data the training one.
        mode: str. `"min"`, `"max"`, or `"auto"`, by the figure's name.
        patience: int. Epochs without a better figure before training stops.
        resume: bool. Go on where an earlier `fit` was cut short.
        data: Batches trained on, searched for the modality to blame where a number breaks.
        extra: Sequence of keras.callbacks.Callback that act before these, as `Plateau`. Those
            with `state()` and `set_state(state)` are resumed as well.

    Returns:
        List of keras.callbacks.Callback. Keras' own progress bar is not needed beside them
        (`fit(verbose=0)`).
    """
    run = worker_folder(run)
    run.mkdir(parents=True, exist_ok=True)
    best = BestModel(run / "best.keras", monitor=monitor, mode=mode, patience=patience)
    history = History(run / "history.csv")
    resumed = {type(each).__name__: each for each in extra if hasattr(each, "set_state")}
    return [
        NaNGuard(data),
        *extra,
        best,
        history,
        TensorBoard(run / "tensorboard"),
        Progress(),
        Backup(run / "checkpoints", {"best": best, "history": history, **resumed}, resume=resume),
        *([WorkerWatchdog()] if len(workers()[0]) > 1 else []),
    ]
