"""Callbacks and what else fit needs."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    backup=["Backup"],
    best_model=["BestModel"],
    callbacks=["callbacks"],
    history=["History", "read_history"],
    moving_average=["MovingAverage"],
    nan_guard=["NaNGuard"],
    optimizers=["optimizer"],
    plateau=["Plateau"],
    progress=["Progress"],
    resume=["advanced", "epochs_done"],
    run_folder=["environment", "run_folder"],
)
