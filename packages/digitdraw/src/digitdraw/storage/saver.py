"""Saves on a thread of its own: much ink takes long to draw and to write, and the pen goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from digitdraw.ink.layer import ink_of
from digitdraw.storage.store import Store
from digitnet import DigitnetError, Drawing

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    import numpy as np
    from numpy.typing import NDArray

PATIENCE = 0.05
"""How long saving holds up a frame in the program, in seconds: a pause that nobody notices."""


class Say(Protocol):
    """Shows a line in the window."""

    def __call__(self, text: str, *, is_warning: bool = False) -> None:
        """Show a line, as a warning if it is one."""


class Snapshot(Protocol):
    """What can be made into a drawing on any thread."""

    def drawing(self) -> Drawing:
        """Build the drawing."""


class _Job(NamedTuple):
    path: Future[Path]
    ending: str  # of the line that tells where it was saved


class Saver:
    """Saves one thing after the other, and says where each is, or why it is not there.

    Args:
        store: takes what is saved.
        say: tells a line in the window.
        patience: how long a frame may wait for it in seconds; None for as long as it takes.

    Attributes:
        pending: what has not been reported yet.
    """

    def __init__(self, store: Store, say: Say, patience: float | None) -> None:
        self._store = store
        self._say = say
        self._patience = patience
        self._thread: ThreadPoolExecutor | None = None
        self.pending: deque[_Job] = deque()

    def save(self, snapshot: Snapshot, seen: Sequence[NDArray[np.uint8]], hint: str) -> Path | None:
        """Save a drawing.

        Args:
            snapshot: of the drawing, which is built on that thread.
            seen: its digits as the network saw them, each uint8 (28, 28).
            hint: is said behind the place where it was saved.

        Returns:
            the picture's path; None if it could not be saved, or still is being saved.
        """
        moment = _moment()

        def work() -> Path:
            drawing = snapshot.drawing()
            return self._store.save(drawing, ink_of(drawing), seen, moment)

        return self._do(work, hint)

    def save_report(self, snapshot: Snapshot) -> Path | None:
        """Save a whole session; returns what `save` does."""
        moment = _moment()
        return self._do(
            lambda: self._store.save_report(snapshot.drawing(), moment),
            "; 'digitbench run' replays it",
        )

    def tell(self) -> Path | None:
        """Say what has been saved since this was last called, and give the last one's path."""
        path = None
        while self.pending and self.pending[0].path.done():
            job = self.pending.popleft()
            try:
                path = job.path.result()
            except DigitnetError as error:
                path = None
                self._say(f"Not saved: {error}", is_warning=True)
            else:
                self._say(f"Saved as {path}{job.ending}")
        return path

    def finish(self) -> list[str]:
        """Wait until all is saved; gives what is not, and why, a line each."""
        errors = []
        while self.pending:
            try:
                self.pending.popleft().path.result()
            except DigitnetError as error:
                errors.append(f"not saved: {error}")
        return errors

    def _do(self, work: Callable[[], Path], ending: str) -> Path | None:
        # Here and not above: the first frame need not wait for what the first save needs.
        from concurrent.futures import ThreadPoolExecutor, wait

        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="save")
        self.pending.append(_Job(self._thread.submit(work), ending))
        if wait([self.pending[-1].path], self._patience).not_done:
            self._say("Saving …")
        return self.tell()


def _moment() -> datetime:
    return datetime.now().astimezone()
