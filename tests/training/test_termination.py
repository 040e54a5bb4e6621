import gc
import signal
import threading
import weakref

import pytest

from mmfusion.training.termination import on_termination


class Keeper:
    """Counts how often it was asked to keep something."""

    def __init__(self):
        self.kept = 0

    def keep(self):
        self.kept += 1


@pytest.fixture(autouse=True)
def handlers():
    """SIGTERM and SIGINT as Python starts with them, and afterwards as they were."""
    numbers = {signal.SIGTERM: signal.SIG_DFL, signal.SIGINT: signal.default_int_handler}
    numbers[signal.SIGHUP] = signal.SIG_DFL
    before = {number: signal.signal(number, first) for number, first in numbers.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (signal.SIGTERM, SystemExit),
        (signal.SIGHUP, SystemExit),
        (signal.SIGINT, KeyboardInterrupt),
    ],
)
def test_keeps_and_leaves(number, error):
    keeper, before = Keeper(), signal.getsignal(number)
    with pytest.raises(error) as caught, on_termination(keeper.keep):
        signal.raise_signal(number)
    assert keeper.kept == 1
    assert signal.getsignal(number) is before
    if error is SystemExit:
        assert caught.value.code == {signal.SIGTERM: 143, signal.SIGHUP: 129}[number]


def test_a_handler_of_others_comes_second():
    keeper, told = Keeper(), []
    signal.signal(signal.SIGTERM, lambda number, frame: told.append(keeper.kept))
    with on_termination(keeper.keep):
        signal.raise_signal(signal.SIGTERM)
    assert told == [1]


def test_an_ignored_signal_stays_ignored():
    keeper = Keeper()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with on_termination(keeper.keep):
        signal.raise_signal(signal.SIGINT)
    assert keeper.kept == 0


def test_the_later_one_takes_the_place_of_an_earlier_one():
    """As when a training broke off and the next one begins in the same process."""
    broken_off, running = Keeper(), Keeper()
    held = on_termination(broken_off.keep)
    held.__enter__()
    with pytest.raises(SystemExit), on_termination(running.keep):
        signal.raise_signal(signal.SIGTERM)
    assert (broken_off.kept, running.kept) == (0, 1)
    held.__exit__(None, None, None)


def test_what_is_kept_is_not_kept_alive():
    keeper = Keeper()
    gone = weakref.ref(keeper)
    with on_termination(keeper.keep):
        del keeper
        gc.collect()
        assert gone() is None
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGTERM)


def test_in_another_thread_nothing_is_done():
    keeper, found = Keeper(), []
    before = signal.getsignal(signal.SIGTERM)

    def inside():
        with on_termination(keeper.keep):
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert found == [before]
