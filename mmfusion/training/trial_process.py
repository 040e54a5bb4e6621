"""One trial of a search in a process of its own, so that memory never adds up over trials."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from mmfusion.orphans import ParentBond

LOG = "log.txt"


def start_trial(
    train: Callable[[dict[str, Any], str], float], values: dict[str, Any], place: str | Path
) -> tuple[BaseProcess, Connection]:
    """Starts a child that trains one trial.

    Args:
        train: Function that a child can import, of a dict of values and a str path, to a float.
        values: dict.
        place: Path of the trial's folder, made if need be; what the child prints goes to `log.txt`.

    Returns:
        Tuple of the process and the end of the pipe on which its score comes.
    """
    place = Path(place)
    place.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    args = (ParentBond(), train, values, str(place), theirs)
    child = context.Process(target=_run, args=args, daemon=True)
    child.start()
    theirs.close()
    return child, ours


def finished_score(child: BaseProcess, pipe: Connection) -> float | None:
    """The score of a child that has ended, or None where it failed."""
    child.join()
    with pipe:
        try:
            return pipe.recv() if pipe.poll() else None
        except EOFError:
            return None


def _run(bond, train, values, place, pipe):
    """The child's side: by the bond it ends with its parent, however busy it is."""
    with open(Path(place) / LOG, "a", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        pipe.send(float(train(values, place)))
