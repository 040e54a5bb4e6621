"""Where a training that was cut short goes on, and how its data comes to the same place."""

from mmfusion.training.backup import resumable
from mmfusion.training.worker_folder import worker_folder


def epochs_done(run, *, strategy=None):
    """Whole epochs of a training that was cut short.

    Args:
        run: Path of the run folder.
        strategy: tf.distribute.Strategy of the training, where several workers must agree.

    Returns:
        int. 0 where nothing was kept, or the training came to its end.
    """
    record = resumable(worker_folder(run) / "checkpoints", strategy)
    return 0 if record is None else record["epoch"] + 1


def advanced(batches, epochs):
    """The batches as they are after so many epochs: shuffled and varied as that epoch would be.

    A dataset draws its random numbers anew each time it is read; this draws without reading.

    Args:
        batches: tf.data.Dataset of one epoch.
        epochs: int. Epochs that were done before.

    Returns:
        The same tf.data.Dataset.

    Example:

    >>> import tensorflow as tf
    >>> shuffled = lambda: tf.data.Dataset.range(9).shuffle(9, seed=0)
    >>> first, second = ([int(x) for x in data] for data in [shuffled()] * 2)
    >>> [int(x) for x in advanced(shuffled(), 1)] == second
    True
    """
    for _ in range(epochs):
        iter(batches)
    return batches
