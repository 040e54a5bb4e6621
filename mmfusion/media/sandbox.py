"""Untrusted files are decoded in child processes that may crash, hang or run out of memory."""

import collections
import contextlib
import itertools
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from typing import Any

from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits

START_S = 120.0  # a child has this long to import what the function needs
DEPTH = 2  # items a child holds, so that it need not wait for the next
ITEM_BYTES = 32_768
AHEAD = 8  # results for each worker that may wait for a slower item before them
CODE = "import sys; sys.path[:] = {}; from mmfusion.media.child import serve; serve({}, {}, {})"


def sandboxed_map(
    function: Callable,
    items: Iterable[Any],
    *,
    workers: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
    item_bytes: int | None = ITEM_BYTES,
) -> Iterator[tuple[Any, Any]]:
    """Maps a function over items in child processes with limits, in the order of the items.

    Children start afresh: they import what the function needs and nothing of the calling program,
    so TensorFlow is loaded only if the function's own module loads it. One that hangs, crashes or
    is killed is replaced, and only its item is lost. They end with the generator and its process.

    Args:
        function: callable of one item, from a module that can be imported (not `__main__`);
            a `functools.partial` of one will do.
        items: iterable of things that can be pickled: a path, a `Clip`.
        workers: int. Child processes. By default one for each processor.
        limits: `Limits`. `memory_bytes` and `wall_s` are watched here, the others by the function.
        item_bytes: int. The most bytes of a pickled item: paths are small, and data comes by files.
            `None` for rows, whose text may be of any length.

    Yields:
        `(index, result)`. The result is a `DecodeError` if the function raised one, or if it ran
        into a limit here (kinds `"timeout"`, `"memory"`) or took the child down (`"crashed"`).

    Raises:
        ValueError: if an item is larger than `item_bytes`.
        Exception: whatever else the function raises is a bug and ends the map.

    Example:

    >>> import math
    >>> list(sandboxed_map(math.sqrt, [1.0, 4.0], workers=1))
    [(0, 1.0), (1, 2.0)]
    """
    workers = workers or os.cpu_count() or 1
    backlog, due = _Backlog(items), 0
    children: list[_Child] = []
    done: dict[int, Any] = {}
    try:
        while True:
            while due in done:
                yield due, done.pop(due)
                due += 1
            for depth in range(1, DEPTH + 1):
                while entry := backlog.pop(below=due + AHEAD * workers):
                    packed = _packed(entry[1], item_bytes)
                    most = depth if len(packed) <= ITEM_BYTES else 1  # see `_Child.give`
                    child = next((child for child in children if len(child.held) < most), None)
                    if child is None and len(children) < workers:
                        child = _Child(function, limits)
                        children.append(child)
                    if child is None:
                        backlog.put_back([entry])
                        break
                    index, item = entry
                    child.give(index, item, packed)
            if not any(child.held for child in children):
                return
            done.update(_hear(children, backlog))
    finally:
        for child in children:
            child.end()


class _Backlog:
    """Items still to be given out; those of a lost child come back."""

    def __init__(self, items):
        self.source = enumerate(items)
        self.back = []

    def pop(self, below):
        """The next `(index, item)`, or `None` if there is none with an index `below` that."""
        self.back = self.back or list(itertools.islice(self.source, 1))
        return self.back.pop(0) if self.back and self.back[0][0] < below else None

    def put_back(self, entries):
        self.back = sorted([*entries, *self.back], key=lambda entry: entry[0])


class _Child:
    """A child process and the items it holds; it works on the first."""

    def __init__(self, function, limits):
        self.connection, theirs = multiprocessing.Pipe()
        is_main = threading.current_thread() is threading.main_thread()
        code = CODE.format(sys.path, theirs.fileno(), os.getpid(), is_main)
        command = [sys.executable, "-c", code]
        self.process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()
        self.connection.send((function, limits.memory_bytes))
        self.limits = limits
        self.held = collections.deque()
        self.started = False
        self.due_s = time.monotonic() + START_S

    def give(self, index, item, packed):
        """Sends an item. One larger than `ITEM_BYTES` fills the pipe: were the child to send a
        result meanwhile, both ends would wait for ever, so it must hold nothing else."""
        if self.started and not self.held:
            self.due_s = time.monotonic() + self.limits.wall_s
        self.held.append((index, item))
        with contextlib.suppress(ConnectionError):  # it just died, as will be heard next
            self.connection.send_bytes(packed)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.connection.close()


def _packed(item, item_bytes):
    packed = pickle.dumps(item)
    if item_bytes is not None and len(packed) > item_bytes:
        raise ValueError(
            f"`items` must be small, at most {item_bytes} bytes. Received: {len(packed)} bytes"
        )
    return packed


def _hear(children, backlog):
    """Waits for news of the children and yields `(index, result)`. Lost ones are let go."""
    patience_s = max(0.0, min(child.due_s for child in children if child.held) - time.monotonic())
    ready = wait([child.connection for child in children], timeout=patience_s)
    for child in list(children):
        if child.connection in ready:
            kind, result = _receive(child)
        elif child.held and time.monotonic() > child.due_s:
            kind, result = "timeout", f"expected to be done in {child.limits.wall_s:g} s"
        else:
            continue
        if kind == "bug":
            raise result
        if kind in ("crashed", "timeout"):
            children.remove(child)
            child.end()
            yield from _bury(child, kind, result)
            backlog.put_back(child.held)
            continue
        if kind == "done":
            index, _ = child.held.popleft()
            yield index, result
        child.started = True
        child.due_s = time.monotonic() + child.limits.wall_s


def _receive(child):
    try:
        return pickle.loads(child.connection.recv_bytes())
    except (EOFError, OSError):
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=1.0)
        return "crashed", f"its child process ended with status {child.process.returncode}"


def _bury(child, kind, reason):
    """Yields the result of the item that a lost child was working on."""
    if not child.started:
        raise RuntimeError(f"A child process could not start: {reason}")
    if child.held:
        index, item = child.held.popleft()
        yield index, DecodeError(kind, getattr(item, "id", item), reason)
