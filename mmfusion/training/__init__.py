"""Callbacks and what else fit needs."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    rooms=["ensemble", "schedules"],
    backup=["Backup", "advanced", "epochs_done", "is_finished"],
    best_model=["BestModel"],
    callbacks=["callbacks"],
    history=["History", "read_history"],
    learning_rate_range_test=["learning_rate_range_test", "range_test_plot"],
    moving_average=["MovingAverage"],
    multi_worker=["by_clip"],
    nan_guard=["NaNGuard"],
    optimizers=["optimizer", "exclude_from_weight_decay"],
    plateau=["Plateau"],
    progress=["Progress"],
    run_folder=["environment", "run_folder", "worker_folder"],
    search_space=["search_space"],
    snapshots=["Snapshots", "average_weights", "snapshots"],
    strategy=["strategy"],
    tensorboard=["TensorBoard"],
    termination=["on_termination"],
    tuning=["oracle", "tune"],
    worker_watchdog=["WorkerWatchdog"],
    workers=["workers"],
)
