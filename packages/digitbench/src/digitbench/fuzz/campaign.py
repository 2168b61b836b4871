"""What all sessions of a run share, what has been counted, and what was found."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from digitbench.checks.outcome import BrokenError
from digitbench.fuzz.replay_check import KeepingReplayer
from digitbench.run.suite import bundled_recordings
from digitdraw.ui.text import Writer
from digitnet import Drawing, Recognizer, Stroke, read_drawings

if TYPE_CHECKING:
    from digitbench.fuzz.session import Session


@dataclass(frozen=True)
class Failure:
    """A session that went wrong.

    Attributes:
        message: what did not hold, in one line.
        steps: all that was done, in words.
        recording: the session; None where the app could not give it.
    """

    message: str
    steps: tuple[str, ...]
    recording: Drawing | None


class Lab:
    """Counts sessions, steps and events until the first failure, and keeps the shortest failure.

    Args:
        recognizer: shared by all apps.
        folder: for all that apps save; must be empty.

    Attributes:
        sessions: how many were made, and so are the next two.
        steps: the same.
        events: the same.
        failure: the shortest so far; None while there is none.
        is_complete: whether the run went on to its end, and was not stopped.
        files: to drop on a window, by kind.
    """

    def __init__(self, recognizer: Recognizer, folder: Path) -> None:
        self.recognizer = recognizer
        self.writer = Writer()
        self.sessions = self.steps = self.events = 0
        self.failure: Failure | None = None
        self.is_complete = False
        self._folder = folder
        self.files = {kind: folder / kind for kind in ("picture", "text", "folder", "nothing")}
        Image.new("L", (28, 28), 255).save(self.files["picture"], "PNG")
        self.files["text"].write_text("This is no picture.")
        self.files["folder"].mkdir()

    @cached_property
    def replayer(self) -> KeepingReplayer:
        """Replays the sessions' recordings."""
        return KeepingReplayer(self.recognizer, save_dir=self._folder / "replayed")

    @cached_property
    def digits(self) -> list[list[list[tuple[float, float]]]]:
        """A recorded drawing of each digit, as paths within (0, 0) and (1, 1)."""
        found: dict[str, Drawing] = {}
        for file in bundled_recordings():
            for drawing in read_drawings(file):
                if len(drawing.word) == 1 and drawing.canvas and not drawing.events:
                    found.setdefault(drawing.word, drawing)
        return [_in_unit(found[digit]) for digit in "0123456789"]

    def new_folder(self) -> Path:
        """Make a folder for a session to save in."""
        return Path(tempfile.mkdtemp(dir=self._folder))

    def note_session(self, session: Session) -> None:
        """Count a session that has ended."""
        if self.failure is None:
            self.sessions += 1
            self.steps += len(session.steps)
            self.events += session.pilot.events

    def note_failure(self, session: Session, error: BaseException) -> None:
        """Keep a failed session, if it is no longer than any before."""
        if self.failure is None:
            self.note_session(session)
        if self.failure is None or len(session.steps) <= len(self.failure.steps):
            message = (
                str(error) if isinstance(error, BrokenError) else f"{type(error).__name__}: {error}"
            )
            self.failure = Failure(message, tuple(session.steps), self._record(session))

    def _record(self, session: Session) -> Drawing | None:
        """Give a session's recording; its word is what its ink should be read as."""
        try:
            recording = session.pilot.app.recording()
            sheet = session.model.sheet
            strokes = tuple(Stroke(path) for path in sheet.strokes)
            right = self.recognizer.predict(Drawing(strokes, canvas=sheet.canvas, pen=sheet.pen))
        except Exception:  # an app that is broken may break here as well
            return None
        return replace(recording, word=right.text, tags=("fuzz",))


def _in_unit(drawing: Drawing) -> list[list[tuple[float, float]]]:
    width, height = drawing.canvas or (1.0, 1.0)
    side = max(width, height)
    return [
        [(x / side, y / side) for x, y, _ in (*stroke.points[:-1:4], stroke.points[-1])]
        for stroke in drawing.strokes
    ]
