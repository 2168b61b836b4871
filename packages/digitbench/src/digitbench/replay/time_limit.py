"""Time limits for work that may hang."""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import threading
from collections.abc import Iterator
from typing import TextIO

_REPEAT = 1.0  # seconds until work that survived an interruption is interrupted again


class TimedOut(BaseException):
    """The time limit was exceeded.

    Not an `Exception`, so that code which survives errors does not survive this.

    Args:
        seconds: the limit.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not done after {seconds:g} seconds")


def can_interrupt() -> bool:
    """Whether `interrupted_after` works here: on POSIX, in the main thread."""
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and hasattr(signal, "setitimer")


@contextlib.contextmanager
def interrupted_after(seconds: float | None) -> Iterator[None]:
    """Interrupt the body, as Ctrl-C does, if it takes longer.

    Python does so between two bytecodes, or while it waits, and only where `can_interrupt`. Native
    code that never returns runs on, and so does code that catches even `BaseException`.

    Args:
        seconds: the limit; None for none.

    Raises:
        TimedOut: wherever the body was.
    """
    if seconds is None:
        yield
        return
    is_over = False

    def interrupt(*_: object) -> None:
        if not is_over:  # the timer may fire just as the body ends
            raise TimedOut(seconds)

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT)
    try:
        yield
    finally:
        is_over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def ended_after(seconds: float | None, dump: TextIO) -> Iterator[None]:
    """End this process if the body takes longer, even in native code, on every system.

    Args:
        seconds: the limit; None for none.
        dump: file to which Python writes where the process was.
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
    """Whether a process that left this dump was ended by `ended_after`."""
    return dump.startswith("Timeout (")
