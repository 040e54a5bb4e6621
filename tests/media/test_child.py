import multiprocessing
import pickle
import resource
import subprocess
import sys

import pytest

from mmfusion.media.child import _run
from mmfusion.media.errors import DecodeError

CODE = """
import os, sys
from mmfusion.media.child import serve
serve({}, os.getppid())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_serves_until_the_connection_closes():
    ours, theirs = multiprocessing.Pipe()
    command = [sys.executable, "-c", CODE.format(theirs.fileno())]
    with subprocess.Popen(command, pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        ours.send((resource.getrlimit, 1 << 30))
        assert ours.recv() == ("ready", None)
        ours.send(resource.RLIMIT_AS)
        kind, (soft, _) = ours.recv()
        assert kind == "done"
        assert 1 << 30 < soft < 1 << 34
        ours.close()
        assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(
    ("function", "item", "kind", "result"),
    [(len, "abc", "done", 3), (int, "x", "bug", ValueError), (len, 1, "bug", TypeError)],
)
def test_run(function, item, kind, result):
    found_kind, found = pickle.loads(_run(function, item))
    assert found_kind == kind
    assert found == result or isinstance(found, result)


def test_memory_is_told_as_such():
    def hungry(item):
        raise MemoryError

    kind, error = pickle.loads(_run(hungry, "a.mp4"))
    assert kind == "done"
    assert isinstance(error, DecodeError)
    assert (error.kind, error.path) == ("memory", "a.mp4")
