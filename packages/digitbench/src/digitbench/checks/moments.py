"""What must hold of the app after each thing that was done, and what a recording expects then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from digitbench.checks.assertions import AnswerCheck, check_board, check_switches
from digitbench.checks.outcome import EXPECT, MOMENTS, Broken, BrokenError, Checked
from digitbench.reference.follower import AstrayError, Follower
from digitbench.replay.replayer import Frame
from digitbench.replay.timeline import Happening, deeds
from digitbench.report.wording import reading
from digitdraw.app import App
from digitnet import Drawing, Recognizer

_MOST_UNDONE = 20
"""Steps that are taken back at the end; a session of thousands would take too long."""


class Moments:
    """Watches a replay.

    After each stroke and each event the ink must be what all that was done so far implies, by a
    model of the app, and the answer the one that the recogniser gives for that ink afresh. At the
    end all is taken back step by step and done again, the board is cleared and brought back, and
    the window is laid on its side: none of it may lose ink or answer.

    Args:
        recognizer: the app's.
        window: (width, height) at the start, in pixels.
        is_thorough: False to look only at what the recording itself expects.

    Attributes:
        end: the ink at the recording's end; None before it.
    """

    def __init__(
        self, recognizer: Recognizer, window: tuple[int, int], *, is_thorough: bool
    ) -> None:
        self.end: Drawing | None = None
        self._answers = AnswerCheck(recognizer)
        self._window = window
        self._is_thorough = is_thorough
        self._follower: Follower | None = None
        self._strokes = 0
        self._last = "the start"
        self._looks = 0
        self._broken: list[Broken] = []
        self._expected = 0
        self._unmet: list[Broken] = []

    @property
    def checked(self) -> Iterator[Checked]:
        """What was looked at, and what of it does not hold."""
        if self._is_thorough:
            yield Checked(MOMENTS, self._looks, tuple(self._broken))
        if self._expected:
            yield Checked(EXPECT, self._expected, tuple(self._unmet))

    def watch(self, app: App, frame: Frame) -> None:
        """Look at the app after a moment."""
        if not frame.happenings and self._is_thorough:
            self._follower = Follower(app, self._window)
        for name, *values in frame.happenings:
            if name == EXPECT:
                self._meet(app, frame.at, values[0])
                return
        done = deeds(frame.happenings, self._strokes)
        self._strokes += sum(name == "up" for name, *_ in frame.happenings)
        if done:
            self._last = ", ".join(done)
        # One thing that went wrong makes more go wrong, of which there is nothing to be learned.
        if self._follower and not self._broken:
            self._look(self._follower, app, frame, is_over=bool(done))

    def encore(self, app: App) -> Iterator[Happening]:
        """Give what is done once the recording is over."""
        self.end = app.board.drawing()
        undone = 0
        while self._may_go_on and app.board.can_undo and undone < _MOST_UNDONE:
            undone += 1
            yield ("undo",)
        rest = [("redo",)] * undone + [("clear",), ("undo",), ("resize", *self._window[::-1])]
        for happening in rest:
            if self._may_go_on:
                yield happening

    @property
    def _may_go_on(self) -> bool:
        return self._follower is not None and not self._broken

    def _look(self, follower: Follower, app: App, frame: Frame, *, is_over: bool) -> None:
        try:
            follower.follow(frame)
            if is_over:
                self._looks += 1
                check_board(app.board, follower.model)
                if follower.model.is_pen_up:
                    self._answers.check(app)
                check_switches(app, follower.model)
        except AstrayError:
            self._follower = None
        except BrokenError as error:
            broken = Broken(str(error), error.expected, error.got, frame.at, self._last)
            if self.end is not None:
                broken = replace(broken, at=None, after=f"{self._last} by digitbench")
            self._broken.append(broken)

    def _meet(self, app: App, now: int, wanted: str) -> None:
        """See that the app shows what the recording expects."""
        self._expected += 1
        if wanted != (app.prediction.text if app.prediction else ""):
            expected = wanted or "no digit"
            got = reading(app.prediction) if app.board.strokes else "the board is blank"
            message = f"expected {expected}, {got}"
            self._unmet.append(Broken(message, expected, got, now, self._last))
