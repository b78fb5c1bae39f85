"""Processes that draw side by side for whoever waits at a command line."""

import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def processes(count: int) -> Iterator[Executor | None]:
    """Lend so many processes; none for one, which draws in this thread.

    Ctrl-C reaches every process of a terminal. These leave it to the one that waits for them, which
    collects what they have begun.

    Args:
        count: at least 1.
    """
    if count == 1:
        yield None
        return
    with ProcessPoolExecutor(count, initializer=leave_interrupts) as executor:
        yield executor


def leave_interrupts() -> None:
    """Take no notice of Ctrl-C in this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
