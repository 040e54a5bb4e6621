"""The folder that one of several workers fills."""

from pathlib import Path

from mmfusion.training.strategy import workers


def worker_folder(run):
    """The run folder of this process: the first worker's is the run itself.

    Args:
        run: Path of the run folder.

    Returns:
        Path; `run/worker-2` for the worker of that number, where there are several.

    Example:

    >>> worker_folder("runs/fights").as_posix()
    'runs/fights'
    """
    _, own = workers()
    return Path(run) / f"worker-{own}" if own else Path(run)
