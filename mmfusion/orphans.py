"""What a killed process would leave behind: children that run on, and temporary files."""

import ctypes
import os
import re
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
PARENT_POLL_S = 0.5
TEMPORARY = re.compile(r"\.(?:(\d+)\.tmp\..+|export-(\d+)-.+)")  # with the process id
LOCK = ".lock"


class ParentBond:
    """Ends the process that unpickles it, when the one that made it has ended.

    As the first argument of a `multiprocessing.Process` it holds while the others are imported.
    """

    def __init__(self) -> None:
        self.parent = os.getpid()
        self.is_main = threading.current_thread() is threading.main_thread()

    def __reduce__(self) -> tuple[Callable[..., None], tuple[int, bool]]:
        return end_with_parent, (self.parent, self.is_main)


def end_with_parent(parent: int, is_main: bool = True) -> None:
    """Ends this process at once when its parent has ended, or if it has ended already.

    On Linux the kernel does so, however busy this process is.

    Args:
        parent: int. The parent's process id.
        is_main: bool. Whether its main thread made this process: the kernel takes the end of the
            thread for that of the parent, so for another one this process only looks itself.
    """
    if is_main and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:  # it ended before the kernel was asked
        os._exit(1)
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def remove_leftovers(folder: str | Path, *, deep: bool = False) -> None:
    """Removes temporary files and folders of processes that are no more.

    Args:
        folder: Path. It need not exist.
        deep: bool. Whether folders in it are searched as well, but those with a lock of their own.
    """
    for place, names, files in os.walk(folder):
        for name in [*names, *files]:
            found = TEMPORARY.fullmatch(name)
            if found and not _runs(int(found[1] or found[2])):
                _remove(Path(place, name))
        inside = [each for each in names if not TEMPORARY.fullmatch(each)]
        names[:] = [each for each in inside if deep and not Path(place, each, LOCK).exists()]


def _remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _runs(process):
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _follow(parent):
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_S)
    os._exit(1)
