"""What is still done when a process is asked to leave."""

import contextlib
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


@contextlib.contextmanager
def on_termination(method: Callable[[], None]) -> Iterator[None]:
    """Calls a method first when SIGTERM, SIGHUP or SIGINT comes; then follows what would have come.

    SIGTERM that nobody handles leaves with 143 and SIGHUP with 129, as in a shell. Only the main
    thread can handle signals: in another one nothing is done.

    Args:
        method: Bound method of nothing. Its object is not kept alive.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    first = weakref.WeakMethod(method)
    del method
    ours = {number: _Leave(first, number) for number in SIGNALS}
    for number, leave in ours.items():
        if leave.then not in (signal.SIG_IGN, None):
            signal.signal(number, leave)
    try:
        yield
    finally:
        for number, leave in ours.items():
            held: Any = signal.getsignal(number)
            if held is leave:
                signal.signal(number, leave.then)


class _Leave:
    """A handler of one signal; it takes the place of an earlier one of its kind."""

    def __init__(self, first, number):
        self.first = first
        then = signal.getsignal(number)
        self.then = then.then if isinstance(then, _Leave) else then

    def __call__(self, number, frame):
        method = self.first()
        if method is not None:
            method()
        if callable(self.then):
            self.then(number, frame)
        else:
            sys.exit(128 + number)
