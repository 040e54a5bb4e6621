"""Callbacks and what else fit needs."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    rooms=["ensemble", "schedules"],
    backup=["Backup"],
    best_model=["BestModel"],
    callbacks=["callbacks"],
    history=["History", "read_history"],
    leaving=["before_leaving"],
    moving_average=["MovingAverage"],
    multi_worker=["by_clip"],
    nan_guard=["NaNGuard"],
    optimizers=["optimizer", "sparing"],
    peers=["Peers"],
    plateau=["Plateau"],
    progress=["Progress"],
    rate_test=["rate_plot", "rate_test"],
    resume=["advanced", "epochs_done"],
    run_folder=["environment", "run_folder"],
    search_space=["search_space"],
    snapshots=["Snapshots", "average_weights", "snapshots"],
    strategy=["strategy", "workers"],
    tensorboard=["TensorBoard"],
    tuning=["oracle", "tune"],
    worker_folder=["worker_folder"],
)
