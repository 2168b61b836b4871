"""What all sessions of a campaign share: resources, counts, and the shortest failure."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PIL import Image

from digitbench.fuzz.replay_check import KeepingReplayer
from digitbench.replay.outcome import ViolationError
from digitbench.replay.screen import Screen
from digitbench.run.suite import bundled_recordings
from digitnet import Drawing, Recognizer, read_drawings


@dataclass(frozen=True)
class Failure:
    """A session that failed.

    Attributes:
        message: what does not hold, in one line.
        steps: what was done, in words.
        recording: the session; None if the app could not provide it.
    """

    message: str
    steps: tuple[str, ...]
    recording: Drawing | None


class Campaign:
    """Counts sessions, steps and events until the first failure, and keeps the shortest failure.

    Args:
        recognizer: shared by all apps.
        folder: for everything that apps save; must be empty.

    Attributes:
        sessions: how many there were.
        steps: how many there were, in all sessions.
        events: how many there were, in all sessions.
        failure: the shortest so far; None while there is none.
        is_complete: whether the campaign ran to its end and was not stopped.
        files: to drop on a window, by kind.
    """

    def __init__(self, recognizer: Recognizer, folder: Path) -> None:
        self.recognizer = recognizer
        self.screen = Screen()
        self.sessions = self.steps = self.events = 0
        self.failure: Failure | None = None
        self.is_complete = False
        self._folder = folder
        self.files = {kind: folder / kind for kind in ("picture", "text", "folder", "nothing")}
        Image.new("L", (28, 28), 255).save(self.files["picture"], "PNG")
        self.files["text"].write_text("This is not a picture.")
        self.files["folder"].mkdir()

    @cached_property
    def replayer(self) -> KeepingReplayer:
        """Replays the recordings of sessions."""
        return KeepingReplayer(self.recognizer, save_dir=self._folder / "replayed")

    @cached_property
    def digits(self) -> list[list[list[tuple[float, float]]]]:
        """A bundled drawing of each digit, as paths within (0, 0) and (1, 1)."""
        found: dict[str, Drawing] = {}
        for file in bundled_recordings():
            for drawing in read_drawings(file):
                if len(drawing.word) == 1 and drawing.canvas and not drawing.events:
                    found.setdefault(drawing.word, drawing)
        return [_in_unit_square(found[digit]) for digit in "0123456789"]

    def new_folder(self) -> Path:
        """Create a folder for a session to save in."""
        return Path(tempfile.mkdtemp(dir=self._folder))

    def count_session(self, steps: int, events: int) -> None:
        """Count a session that has ended, unless there has been a failure."""
        if self.failure is None:
            self.sessions += 1
            self.steps += steps
            self.events += events

    def keep_failure(
        self, error: BaseException, steps: Sequence[str], recording: Drawing | None
    ) -> None:
        """Keep a failed session if it is no longer than those before."""
        if self.failure is None or len(steps) <= len(self.failure.steps):
            message = str(error)
            if not isinstance(error, ViolationError):
                message = f"{type(error).__name__}: {error}"
            self.failure = Failure(message, tuple(steps), recording)


def _in_unit_square(drawing: Drawing) -> list[list[tuple[float, float]]]:
    width, height = drawing.canvas or (1.0, 1.0)
    side = max(width, height)
    return [
        [(x / side, y / side) for x, y, _ in (*stroke.points[:-1:4], stroke.points[-1])]
        for stroke in drawing.strokes
    ]
