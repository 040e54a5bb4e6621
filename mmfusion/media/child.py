"""The child's side of `sandboxed_map`: take an item, run the function, send the result."""

import contextlib
import pickle
import resource
import signal
import traceback
from multiprocessing.connection import Connection

from mmfusion.media.errors import DecodeError
from mmfusion.orphans import end_with_parent


def serve(descriptor: int, parent: int, is_main: bool = True) -> None:
    """Serves items from a connection until it closes or the parent is gone.

    Args:
        descriptor: int. The child's end of the connection.
        parent: int. The parent's process id.
        is_main: bool. Whether the parent's main thread started this process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends us
    end_with_parent(parent, is_main)
    with contextlib.suppress(EOFError, ConnectionError), Connection(descriptor) as connection:
        try:
            function, memory_bytes = connection.recv()  # imports what the function needs
        except EOFError:
            return
        except Exception as error:
            connection.send_bytes(_pack("bug", error))
            return
        _limit(memory_bytes)
        connection.send_bytes(pickle.dumps(("ready", None)))
        while True:
            item = connection.recv()
            connection.send_bytes(_run(function, item))


def _limit(memory_bytes):
    """Caps the memory beyond what the interpreter has already mapped; leaves no core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError), open("/proc/self/statm") as file:
        mapped = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory_bytes, hard))


def _run(function, item):
    """The packed result of one item: `("done", value or DecodeError)` or `("bug", error)`."""
    try:
        return pickle.dumps(("done", function(item)), protocol=pickle.HIGHEST_PROTOCOL)
    except DecodeError as error:
        return pickle.dumps(("done", error))
    except MemoryError:
        name = getattr(item, "id", item)
        reason = "expected to decode within the memory limit of a child process"
        return pickle.dumps(("done", DecodeError("memory", name, reason)))
    except Exception as error:
        return _pack("bug", error)


def _pack(kind, error):
    error.add_note(f"In a child process:\n{traceback.format_exc()}")
    try:
        packed = pickle.dumps((kind, error))
        pickle.loads(packed)
    except Exception:
        return pickle.dumps((kind, RuntimeError("\n".join([repr(error), *error.__notes__]))))
    return packed
