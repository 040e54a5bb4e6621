import os
import subprocess
import sys
import time

import psutil
import pytest

from mmfusion.files import locked
from mmfusion.orphans import end_with_parent, remove_leftovers

# Sleeps with Python's lock held, so that no thread of the child's own can end it.
HOLDER = """
import ctypes, os
def hold(path):
    with open(path + ".part", "w") as file:
        file.write(str(os.getpid()))
    os.rename(path + ".part", path)
    ctypes.PyDLL(None).sleep(120)
"""
BUSY_ON_IMPORT = """
import multiprocessing, holder, os
if multiprocessing.current_process().name != "MainProcess":
    holder.hold(os.environ["PID_FILE"])
def train(values, place):
    return 0.0
"""
PARENTS = {
    "sandbox": """
import os, holder
from mmfusion.media.sandbox import sandboxed_map
list(sandboxed_map(holder.hold, [os.environ["PID_FILE"]], workers=1))
""",
    "trial": """
if __name__ == "__main__":
    import busy
    from mmfusion.training.trial_process import start_trial
    start_trial(busy.train, {}, "trial")[0].join()
""",
}


def wait_for(found, seconds=60):
    deadline = time.monotonic() + seconds
    while not found() and time.monotonic() < deadline:
        time.sleep(0.02)
    return found()


def has_ended(process):
    return not psutil.pid_exists(process) or (
        psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends children on Linux alone")
@pytest.mark.parametrize("kind", PARENTS)
def test_a_busy_child_ends_with_a_killed_parent(tmp_path, kind):
    for name, code in {"holder": HOLDER, "busy": BUSY_ON_IMPORT, "main": PARENTS[kind]}.items():
        (tmp_path / f"{name}.py").write_text(code)
    told = tmp_path / "pid"
    paths = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    env = {**os.environ, "PID_FILE": str(told), "PYTHONPATH": paths}
    with subprocess.Popen([sys.executable, "main.py"], cwd=tmp_path, env=env) as parent:
        try:
            assert wait_for(told.exists)
        finally:
            parent.kill()
    child = int(told.read_text())
    assert wait_for(lambda: has_ended(child), seconds=20)


def test_a_parent_that_is_gone_already():
    code = "import os; from mmfusion.orphans import end_with_parent; end_with_parent({})"
    for parent, status in (("os.getppid()", 0), ("1 << 22", 1)):
        command = [sys.executable, "-c", code.format(parent)]
        assert subprocess.run(command).returncode == status
    assert end_with_parent.__doc__


@pytest.fixture
def dead():
    """The id of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_leftovers_of_killed_processes_are_removed(tmp_path, dead):
    remove_leftovers(tmp_path / "none")
    ours, inside, other = os.getpid(), tmp_path / "inside", tmp_path / "worker-1"
    for folder in (inside, other, tmp_path / f".export-{dead}-x", tmp_path / f".export-{ours}-x"):
        folder.mkdir()
        (folder / "file").touch()
    (other / ".lock").touch()
    for folder in (tmp_path, inside, other):
        for name in (f".{dead}.tmp.a", f".{ours}.tmp.a", f"{dead}.tmp.a", ".hidden"):
            (folder / name).touch()
    remove_leftovers(tmp_path)
    assert not (tmp_path / f".{dead}.tmp.a").exists()
    assert not (tmp_path / f".export-{dead}-x").exists()
    assert (tmp_path / f".export-{ours}-x" / "file").exists()
    assert (inside / f".{dead}.tmp.a").exists()
    with locked(tmp_path):  # as any run does
        assert not (inside / f".{dead}.tmp.a").exists()
    assert (other / f".{dead}.tmp.a").exists()  # another process may be at work there
    for folder in (tmp_path, inside, other):
        assert {f".{ours}.tmp.a", f"{dead}.tmp.a", ".hidden"} <= {*os.listdir(folder)}
