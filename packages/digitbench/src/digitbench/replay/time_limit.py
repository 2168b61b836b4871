"""A time limit on what a process does, whatever it hangs in."""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import threading
from collections.abc import Iterator
from typing import TextIO

_AGAIN = 1.0  # seconds until what went on after the first interruption is interrupted again


class TimedOut(BaseException):
    """Time is up; no `Exception`, so that what goes on after errors does not go on after it.

    Args:
        seconds: that there were.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not done after {seconds:g} seconds")


def can_interrupt() -> bool:
    """Whether `interrupted_after` works here: on POSIX, in the main thread."""
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and hasattr(signal, "setitimer")


@contextlib.contextmanager
def interrupted_after(seconds: float | None) -> Iterator[None]:
    """Interrupt what is done within, as Ctrl-C does, if it takes longer.

    Python does so between two of its own steps, or while it waits, and only where `can_interrupt`.
    Native code that never returns goes on, and so may what catches even `BaseException`.

    Args:
        seconds: that there are; None for as many as it takes.

    Raises:
        TimedOut: from where it was.
    """
    if seconds is None:
        yield
        return
    is_over = False

    def interrupt(*_: object) -> None:
        if not is_over:  # else it came at the very end
            raise TimedOut(seconds)

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        is_over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def ended_after(seconds: float | None, dump: TextIO) -> Iterator[None]:
    """End this process if what is done within takes longer, whatever it is, on every system.

    Args:
        seconds: that there are; None for as many as it takes.
        dump: the file into which Python writes where it was.
    """
    if seconds is None:
        yield
        return
    faulthandler.dump_traceback_later(seconds, file=dump, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def has_ended(dump: str) -> bool:
    """Whether a process that left this behind was ended by `ended_after`."""
    return dump.startswith("Timeout (")
