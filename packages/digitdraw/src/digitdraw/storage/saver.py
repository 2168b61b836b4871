"""Saves on a separate thread: a lot of ink takes long to render and write, and drawing goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from digitdraw.ink.layer import render_drawing
from digitdraw.storage.store import Store
from digitnet import DigitnetError, Drawing

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    import numpy as np
    from numpy.typing import NDArray

PATIENCE = 0.05
"""How long saving may hold up a frame of the app, in seconds: too short to notice."""


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
    hint: str  # ends the line that reports where it was saved


class Saver:
    """Saves drawings one after the other, and reports each success or failure in the window.

    Args:
        store: the store to save to.
        say: shows a line in the window.
        patience: how long a frame may wait, in seconds; None for as long as saving takes.

    Attributes:
        pending: saves that have not been reported yet.
    """

    def __init__(self, store: Store, say: Say, patience: float | None) -> None:
        self._store = store
        self._say = say
        self._patience = patience
        self._thread: ThreadPoolExecutor | None = None
        self.pending: deque[_Job] = deque()

    def save(
        self, snapshot: Snapshot, thumbnails: Sequence[NDArray[np.uint8]], hint: str
    ) -> Path | None:
        """Save a drawing.

        Args:
            snapshot: of the drawing, which is built on the saving thread.
            thumbnails: its digits as the network saw them, each uint8 (28, 28).
            hint: is appended to the line that reports where it was saved.

        Returns:
            the picture's path; None if saving failed or has not finished yet.
        """
        moment = _moment()

        def work() -> Path:
            drawing = snapshot.drawing()
            return self._store.save(drawing, render_drawing(drawing), thumbnails, moment)

        return self._run(work, hint)

    def save_report(self, snapshot: Snapshot) -> Path | None:
        """Save a whole session; returns what `save` does."""
        moment = _moment()
        return self._run(
            lambda: self._store.save_report(snapshot.drawing(), moment),
            "; 'digitbench run' replays it",
        )

    def report_finished(self) -> Path | None:
        """Report the saves that have finished; return the last path, None if that one failed."""
        path = None
        while self.pending and self.pending[0].path.done():
            job = self.pending.popleft()
            try:
                path = job.path.result()
            except DigitnetError as error:
                path = None
                self._say(f"Not saved: {error}", is_warning=True)
            else:
                self._say(f"Saved as {path}{job.hint}")
        return path

    def finish(self) -> list[str]:
        """Wait until everything is saved; return a line for each failure."""
        errors = []
        while self.pending:
            try:
                self.pending.popleft().path.result()
            except DigitnetError as error:
                errors.append(f"not saved: {error}")
        return errors

    def _run(self, work: Callable[[], Path], hint: str) -> Path | None:
        # Imported here: the first frame does not need it.
        from concurrent.futures import ThreadPoolExecutor, wait

        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="save")
        self.pending.append(_Job(self._thread.submit(work), hint))
        if wait([self.pending[-1].path], self._patience).not_done:
            self._say("Saving …")
        return self.report_finished()


def _moment() -> datetime:
    return datetime.now().astimezone()
