import math
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import Limits
from mmfusion.media.probe import probe
from mmfusion.media.sandbox import sandboxed_map

JOBS = """
import ctypes, os, sys, time
from mmfusion.media.errors import DecodeError

def work(item):
    if item == "segfault":
        ctypes.string_at(0)
    if item == "exit":
        os._exit(3)
    if item == "memory":
        return len(bytearray(1 << 33))
    if item == "hang":
        time.sleep(600)
    if item == "refuse":
        raise DecodeError("empty", item, "nothing in it")
    if item == "bug":
        raise ZeroDivisionError("a bug")
    if item == "modules":
        return "tensorflow" in sys.modules, os.getppid()
    if item == "slow":
        time.sleep(0.3)
    return item

def unpicklable(item):
    return lambda: item
"""


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """A module of functions that misbehave as their item says, importable in children."""
    (tmp_path / "mmfusion_test_jobs.py").write_text(JOBS)
    monkeypatch.syspath_prepend(tmp_path)
    import mmfusion_test_jobs

    yield mmfusion_test_jobs
    del sys.modules["mmfusion_test_jobs"]


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("count", [0, 1, 2, 40])
@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_order(count, workers):
    items = [float(i * i) for i in range(count)]
    expected = [(i, float(i)) for i in range(count)]
    assert list(sandboxed_map(math.sqrt, iter(items), workers=workers)) == expected


def test_slow_items_hold_the_order(jobs):
    items = ["slow", *"abcdefgh", "slow", "i"]
    assert [result for _, result in sandboxed_map(jobs.work, items, workers=2)] == items


def test_only_the_bad_items_are_lost(jobs):
    items = ["a", "segfault", "b", "exit", "memory", "c", "refuse", "hang", "d", "e"]
    limits = Limits(wall_s=1.5)
    results = dict(sandboxed_map(jobs.work, items, workers=2, limits=limits))
    assert list(results) == list(range(10))
    kinds = {
        items[i]: result.kind for i, result in results.items() if isinstance(result, DecodeError)
    }
    assert kinds == {
        "segfault": "crashed",
        "exit": "crashed",
        "memory": "memory",
        "refuse": "empty",
        "hang": "timeout",
    }
    assert [results[i] for i in (0, 2, 5, 8, 9)] == list("abcde")


def test_a_bug_propagates_with_the_childs_traceback(jobs):
    with pytest.raises(ZeroDivisionError, match="a bug") as error:
        list(sandboxed_map(jobs.work, ["a", "bug"], workers=1))
    assert "in work" in "\n".join(error.value.__notes__)


def test_what_cannot_be_pickled_is_an_error(jobs):
    with pytest.raises((AttributeError, pickle.PicklingError), match="pickle"):
        list(sandboxed_map(jobs.unpicklable, ["a"], workers=1))
    with pytest.raises(ValueError, match="`items` must be small"):
        list(sandboxed_map(len, ["x" * 100_000], workers=1))


def test_children_are_light_and_end_with_the_generator(jobs):
    others = _children()  # a test before this one may have left some
    results = sandboxed_map(jobs.work, ["modules"] + ["slow"] * 50, workers=2)
    _, (has_tensorflow, parent) = next(results)
    assert not has_tensorflow
    assert parent == os.getpid()
    children = _children() - others
    assert len(children) == 2
    results.close()
    assert not any(alive(pid) for pid in children)


def _children():
    pids = {int(pid) for pid in os.listdir("/proc") if pid.isdecimal()}
    return {pid for pid in pids if _parent(pid) == os.getpid()}


def _parent(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def test_looking_ahead_is_bounded(jobs):
    taken = []

    def items():
        for i in range(1000):
            taken.append(i)
            yield "slow" if i == 0 else "a"

    results = sandboxed_map(jobs.work, items(), workers=2)
    next(results)
    assert len(taken) < 100
    results.close()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_children_end_with_a_parent_that_is_killed(jobs, tmp_path, end):
    script = f"""
        import sys
        sys.path.insert(0, {str(tmp_path)!r})
        import mmfusion_test_jobs
        from mmfusion.media.sandbox import sandboxed_map
        print("ready", flush=True)
        list(sandboxed_map(mmfusion_test_jobs.work, ["hang"] * 4, workers=2))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout.readline() == b"ready\n"
        children = []
        deadline = time.monotonic() + 30
        while len(children) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
            pids = [pid for pid in os.listdir("/proc") if pid.isdecimal()]
            children = [int(pid) for pid in pids if _parent(pid) == parent.pid]
        assert len(children) == 2
        time.sleep(1.0)
        parent.send_signal(end)
        parent.wait(timeout=10)
    deadline = time.monotonic() + 15
    while any(alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(alive(pid) for pid in children)


def test_real_files(tmp_path, write_media):
    good, bad = write_media(tmp_path / "a.mp4", [0, 40]), tmp_path / "b.mp4"
    bad.touch()
    (_, info), (_, error) = sandboxed_map(probe, [good, bad], workers=1)
    assert info.video.width_px == 64
    assert error.kind == "empty"


@pytest.mark.parametrize("workers", [1, 2])
def test_items_of_any_length_where_they_are_allowed(jobs, workers):
    """Longer than a pipe holds, both ways at once, between short ones."""
    items = ["a", "x" * 40_000, "b", "y" * 3_000_000, "z" * 3_000_000, "c", "", "d" * 100_000] * 2
    results = sandboxed_map(jobs.work, items, workers=workers, item_bytes=None)
    assert [result for _, result in results] == items


def test_a_child_that_dies_of_a_long_item_loses_it_alone(jobs):
    items = ["a", "segfault", "y" * 3_000_000, "exit", "z" * 3_000_000]
    results = [result for _, result in sandboxed_map(jobs.work, items, workers=1, item_bytes=None)]
    assert [result for result in results if isinstance(result, str)] == items[::2]
    assert [result.kind for result in results if not isinstance(result, str)] == ["crashed"] * 2
