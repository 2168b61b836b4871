"""One session of an app next to the reference app: building blocks of rules, and comparisons."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

from hypothesis.stateful import RuleBasedStateMachine

from digitbench.checks.assertions import (
    AnswerChecker,
    assert_board,
    assert_remembered,
    assert_settings,
)
from digitbench.checks.visible import assert_window
from digitbench.fuzz.campaign import Campaign
from digitbench.fuzz.checked_pilot import CheckedPilot
from digitbench.fuzz.replay_check import check_replay
from digitbench.fuzz.saved_files import SavedFiles, is_one_of
from digitbench.fuzz.saved_pictures import check_saved_answer
from digitbench.reference.app import ReferenceApp
from digitbench.reference.board import StrokePaths, paths_of, same_paths
from digitbench.replay.outcome import ViolationError
from digitbench.replay.sdl_events import XY, Phase
from digitdraw.storage.settings import Settings
from digitnet import Drawing, Stroke
from digitnet.ink import UNLABELLED

SIDE = 100

Spot: TypeAlias = tuple[bool, int, int]
"""Whether it is on the board rather than anywhere in the window, and x and y in hundredths."""


class FuzzSession(RuleBasedStateMachine):
    """Does to the reference app what is done to the app, and compares them.

    Args:
        campaign: shared by all sessions; a failure is reported to it.

    Attributes:
        pilot: uses the app.
        reference: what the app should be like.
        steps: what has been done, in words.
        is_long: whether more may have followed a save than the end of the same step.
    """

    pilot: CheckedPilot
    reference: ReferenceApp

    def __init__(self, campaign: Campaign) -> None:
        self.steps: list[str] = []
        self._campaign = campaign
        self._has_failed = False
        self._recorded = 0
        self.is_long = False
        super().__init__()

    def open_app(self, settings: Settings) -> None:
        """Start an app."""
        self._folder = folder = self._campaign.new_folder()
        self._saved_files = SavedFiles(folder)
        self._answers = AnswerChecker(self._campaign.recognizer)
        with self.reporting_failures():
            self.pilot = CheckedPilot(
                self._campaign.recognizer,
                save_dir=folder,
                window=settings.size,
                settings=settings,
                screen=self._campaign.screen,
            )
            self.reference = ReferenceApp(
                settings.size,
                pen=settings.pen,
                live=settings.live,
                theme=settings.theme,
                probe=self,
            )

    @contextmanager
    def doing(self, description: str) -> Iterator[None]:
        """Take a step, and then check everything that must hold."""
        self.steps.append(description)
        self.reference.label = None
        with self.reporting_failures():
            yield
            self._check()

    @contextmanager
    def reporting_failures(self) -> Iterator[None]:
        """Report an error to the campaign."""
        try:
            yield
        except (Exception, SystemExit) as error:
            self._has_failed = True
            self._campaign.count_session(len(self.steps), self._event_count)
            self._campaign.keep_failure(error, self.steps, self._recording())
            raise

    def teardown(self) -> None:
        """End the session: the window is right, and the recording is replayed to the same end."""
        if self._has_failed or not self.steps:
            return
        if sys.exc_info()[0] is None:  # otherwise Hypothesis has abandoned the session
            with self.reporting_failures():
                self.pilot.is_slow = False
                self.pilot.catch_up()
                self._check()
                self.pilot.check_redraw()
                self.pilot.check_memory()
                app = self.pilot.app
                assert_remembered(app.settings, self._folder / "settings.json")
                check_replay(app.recording(), self.ink(), app.prediction, self._campaign.replayer)
        self._campaign.count_session(len(self.steps), self._event_count)

    # Building blocks of rules.

    def on_board(self, ink: Stroke, width: float = 1.0) -> list[tuple[int, int]]:
        """Convert a stroke in hundredths of the board, or of its left part, to window pixels."""
        return [self.locate((True, round(x * width), round(y))) for x, y, _ in ink.points]

    def in_half(self, half: int, path: Sequence[XY]) -> list[tuple[int, int]]:
        """Fit a path within (0, 0) and (1, 1) into the board's left half (0) or right half (1)."""
        area = self.reference.layout.board
        side = min(area.width / 2, area.height)
        left = area.left + half * area.width / 2
        return [(round(left + x * side), round(area.top + y * side)) for x, y in path]

    def locate(self, spot: Spot) -> tuple[int, int]:
        """Return a spot in whole pixels of the window."""
        is_on_board, x, y = spot
        width, height = self.pilot.surface.get_size()
        if not is_on_board:
            return width * x // SIDE, height * y // SIDE
        area = self.reference.layout.board
        return area.left + area.width * x // SIDE, area.top + area.height * y // SIDE

    def use(self, phase: Phase, device: str, at: XY) -> None:
        """Press, move or release, in the app and in the reference app."""
        position = self.pilot.use(phase, device, at)
        self.reference.point(phase, device, position, self.pilot.held)

    def trace(self, path: Sequence[XY], device: str) -> None:
        """Press, move along a path, and release."""
        moving = device if device.startswith("finger") else "mouse"
        self.use("down", device, path[0])
        for position in path[1:]:
            self.use("move", moving, position)
        self.use("up", device, path[-1])

    def press_keys(self, keys: str) -> None:
        """Press and release a key."""
        self.pilot.press(keys)
        self.reference.key(keys)

    def catch_up(self) -> None:
        """Give the app all events that are waiting for a frame."""
        self.pilot.catch_up()

    # What the reference app looks at.

    def ink(self) -> StrokePaths:
        """Return the finished strokes on the board."""
        self.pilot.catch_up()
        return paths_of(self.pilot.app.board.strokes)

    def gallery(self, change: str) -> StrokePaths | None:
        """Check what was done to the gallery; return the drawing that was put on the board."""
        self.pilot.catch_up()
        if change == "open":
            self._check_files()
            self._saved_files.open_gallery()
            self._recorded = self._count_recorded()
            return None
        self._check_files(change)
        if self._count_recorded() == self._recorded:
            return None
        ink = self.ink()
        if not is_one_of(self._saved_files.drawings, self.reference.layout.board.size, ink):
            raise ViolationError("the gallery put a drawing on the board that was never saved")
        self.reference.board.pen = self.pilot.app.board.pen
        return ink

    def escape(self) -> None:
        """Press the key that closes any page."""
        self.pilot.press("escape")
        self.pilot.catch_up()

    @property
    def _event_count(self) -> int:
        return self.pilot.events if hasattr(self, "pilot") else 0  # the app may not start

    def _count_recorded(self) -> int:
        """Count the strokes that were ever on the board."""
        return len(self.pilot.app.recording().strokes)

    def _check(self) -> None:
        self.is_long |= self.pilot.is_behind
        if self.pilot.is_behind:
            return
        app = self.pilot.app
        assert_board(app.board, self.reference)
        if not self.reference.board.is_drawing:
            self._answers.check(app)
        assert_settings(app, self.reference)
        self._check_files()
        self.is_long = False
        self.pilot.check_rest()
        assert_window(app, self.pilot.screen)

    def _check_files(self, change: str = "") -> None:
        app = self.reference
        saves, reports, app.saves, app.reports = app.saves, app.reports, [], 0
        saved = self._saved_files.check(saves=len(saves), reports=reports, change=change)
        inks = [paths_of(drawing.strokes) for drawing in saved]
        if not all(any(same_paths(ink, each) for each in inks) for ink in saves):
            raise ViolationError("what was saved is not the ink that was on the board")
        if len(saved) == 1 and not (self.is_long or app.board.is_drawing or change):
            self._check_answer(saved[0])

    def _check_answer(self, saved: Drawing) -> None:
        """Check that a drawing was just saved with its label, and with what the network saw."""
        app = self.pilot.app
        read_as = app.prediction.text if app.prediction else ""
        word = read_as if app.truth is None else app.truth
        if (saved.word, UNLABELLED in saved.tags) != (word, app.truth is None):
            raise ViolationError.of("what was saved has the word", repr(word), repr(saved.word))
        check_saved_answer(self._folder, saved, app.prediction)

    def _recording(self) -> Drawing | None:
        """Return the session's recording; its word is what its ink should be read as."""
        try:
            recording = self.pilot.app.recording()
            board = self.reference.board
            strokes = tuple(Stroke(path) for path in board.strokes)
            drawing = Drawing(strokes, canvas=board.canvas, pen=board.pen)
            word = self._campaign.recognizer.predict(drawing).text
        except Exception:  # a broken app may fail here as well
            return None
        return replace(recording, word=word, tags=("fuzz",))
