"""One session of an app beside its model: what rules are made of, and what holds after each."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from hypothesis.stateful import RuleBasedStateMachine

from digitbench.checks.assertions import AnswerCheck, check_board, check_switches
from digitbench.checks.outcome import BrokenError
from digitbench.fuzz.campaign import Lab
from digitbench.fuzz.checked_pilot import WatchedPilot
from digitbench.fuzz.replay_check import check_replay
from digitbench.fuzz.saved_files import Shelf, find_opened
from digitbench.reference.app import Model
from digitbench.reference.board import XY, Ink, ink_of, is_same
from digitbench.replay.sdl_events import Phase
from digitdraw.storage.settings import Settings
from digitnet import Stroke

SIDE = 100

Spot: TypeAlias = tuple[bool, int, int]
"""A place: whether in the board, and not in all of the window, and x and y in hundredths of it."""


class Session(RuleBasedStateMachine):
    """Does to the model what is done to the app, and compares them.

    Args:
        lab: what all sessions share, and what is told of a failure.

    Attributes:
        pilot: uses the app.
        model: what the app should be in.
        steps: what has been done, in words.
    """

    pilot: WatchedPilot
    model: Model

    def __init__(self, lab: Lab) -> None:
        self.steps: list[str] = []
        self._lab = lab
        self._has_failed = False
        self._recorded = 0
        super().__init__()

    def open_app(self, settings: Settings) -> None:
        """Open an app."""
        folder = self._lab.new_folder()
        self._shelf = Shelf(folder)
        self._answers = AnswerCheck(self._lab.recognizer)
        with self.watching():
            self.pilot = WatchedPilot(
                self._lab.recognizer,
                save_dir=folder,
                window=settings.size,
                settings=settings,
                writer=self._lab.writer,
            )
            self.model = Model(
                settings.size,
                pen=settings.pen,
                live=settings.live,
                theme=settings.theme,
                eyes=self,
            )

    @contextmanager
    def doing(self, words: str) -> Iterator[None]:
        """Make a step, and then see that all that must hold does."""
        self.steps.append(words)
        self.model.told = None
        with self.watching():
            yield
            self._check()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Tell the lab of what goes wrong."""
        try:
            yield
        except (Exception, SystemExit) as error:
            self._has_failed = True
            self._lab.note_failure(self, error)
            raise

    def teardown(self) -> None:
        """End the session: the window is right, and the recording is replayed to the same end."""
        if self._has_failed or not self.steps:
            return
        if sys.exc_info()[0] is None:  # else Hypothesis has given the session up
            with self.watching():
                self.pilot.is_slow = False
                self.pilot.catch_up()
                self._check()
                self.pilot.look_again()
                self._check_recording()
        self._lab.note_session(self)

    # What rules are made of.

    def on_board(self, ink: Stroke, width: float = 1.0) -> list[tuple[int, int]]:
        """Put a stroke, in hundredths of the board or of its left part, on the window's pixels."""
        return [self.place((True, round(x * width), round(y))) for x, y, _ in ink.points]

    def in_half(self, half: int, path: Sequence[XY]) -> list[tuple[int, int]]:
        """Put a path within (0, 0) and (1, 1) in the board's left half (0) or its right (1)."""
        area = self.model.layout.board
        side = min(area.width / 2, area.height)
        left = area.left + half * area.width / 2
        return [(round(left + x * side), round(area.top + y * side)) for x, y in path]

    def place(self, spot: Spot) -> tuple[int, int]:
        """Give a place in whole pixels of the window."""
        in_board, x, y = spot
        width, height = self.pilot.surface.get_size()
        if not in_board:
            return width * x // SIDE, height * y // SIDE
        area = self.model.layout.board
        return area.left + area.width * x // SIDE, area.top + area.height * y // SIDE

    def use(self, way: Phase, device: str, at: XY) -> None:
        """Press, move or release, in the app and in the model."""
        place = self.pilot.use(way, device, at)
        self.model.pen(way, device, place, self.pilot.held)

    def trace(self, path: Sequence[XY], device: str) -> None:
        """Press, move along a path, and release."""
        moving = device if device.startswith("finger") else "mouse"
        self.use("down", device, path[0])
        for place in path[1:]:
            self.use("move", moving, place)
        self.use("up", device, path[-1])

    def press_keys(self, keys: str) -> None:
        """Press and release a key."""
        self.pilot.press(keys)
        self.model.key(keys)

    def catch_up(self) -> None:
        """Let the app take all events that wait for a frame."""
        self.pilot.catch_up()

    # What the model looks at.

    def ink(self) -> Ink:
        """Give the finished strokes on the board."""
        self.pilot.catch_up()
        return ink_of(self.pilot.app.board.strokes)

    def gallery(self, change: str) -> Ink | None:
        """Check what was done to the gallery; gives the drawing that was put on the board."""
        self.pilot.catch_up()
        if change == "open":
            self._look_at_files()
            self._shelf.open()
            self._recorded = self._count_recorded()
            return None
        self._look_at_files(change)
        if self._count_recorded() == self._recorded:
            return None
        ink = self.ink()
        if not find_opened(self._shelf.drawings, self.model.layout.board.size, ink):
            raise BrokenError("the gallery put what was never saved on the board")
        self.model.sheet.pen = self.pilot.app.board.pen
        return ink

    def escape(self) -> None:
        """Press the key that closes any page."""
        self.pilot.press("escape")
        self.pilot.catch_up()

    def _count_recorded(self) -> int:
        """Count the strokes that were ever on the board."""
        return len(self.pilot.app.recording().strokes)

    def _check(self) -> None:
        if self.pilot.is_behind:
            return
        app = self.pilot.app
        check_board(app.board, self.model)
        if self.model.is_pen_up:
            self._answers.check(app)
        check_switches(app, self.model)
        self._look_at_files()
        self.pilot.check_rest()

    def _look_at_files(self, change: str = "") -> None:
        model = self.model
        saves, reports, model.saves, model.reports = model.saves, model.reports, [], 0
        saved = self._shelf.look(saves=len(saves), reports=reports, change=change)
        inks = [ink_of(drawing.strokes) for drawing in saved]
        if not all(any(is_same(ink, seen) for seen in inks) for ink in saves):
            raise BrokenError("what was saved is not the ink that was on the board")

    def _check_recording(self) -> None:
        app = self.pilot.app
        check_replay(app.recording(), self.ink(), app.prediction, self._lab.replayer)
