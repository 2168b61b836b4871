"""Checks the app after each thing done in a recording."""

from __future__ import annotations

from collections.abc import Iterator

from digitbench.checks.assertions import AnswerChecker, assert_board, assert_settings
from digitbench.checks.check import Check, CheckContext, FinishedReplay, violation_at
from digitbench.reference.follower import CannotFollowError, Follower
from digitbench.replay.outcome import CheckOutcome, Violation, ViolationError
from digitbench.replay.playback import Frame
from digitbench.replay.timeline import EXPECT, Step
from digitdraw.app import App

_MOST_UNDONE = 20
"""Steps to undo at the end; undoing a session of thousands would take too long."""


class Moments(Check):
    """After each stroke and each event, ink and answer are right.

    The ink must be what everything done so far implies, according to a reference app, and the
    answer must be the one that the recogniser gives for that ink from scratch. At the end all is
    undone step by step and redone, the board is cleared and restored, and the window is turned on
    its side: none of this may lose ink or answer.
    """

    name = "moments"
    summary = "after each stroke, undo, clear and so on, ink and answer are right"
    is_default = True

    def __init__(self, context: CheckContext) -> None:
        super().__init__(context)
        self._answers = AnswerChecker(context.recognizer)
        self._follower: Follower | None = None
        self._last_done = "the start"
        self._count = 0
        self._violation: Violation | None = None

    def observe(self, app: App, frame: Frame) -> None:
        """Take the reference app through the frame, and compare."""
        if not frame.steps:
            self._follower = Follower(app, self.context.setup.window)
        elif frame.steps[0][0] == EXPECT:
            return
        self._last_done = frame.done or self._last_done
        # One violation causes more, which add nothing.
        if self._follower is None or self._violation is not None:
            return
        try:
            self._follower.follow(frame)
            if frame.done:
                self._compare(app, self._follower)
        except CannotFollowError:
            self._follower = None
        except ViolationError as error:
            self._violation = violation_at(error, frame, self._last_done)

    def extra_steps(self, app: App) -> Iterator[Step]:
        """Undo and redo what was done, clear and restore the board, and turn the window."""
        undone = 0
        while self._is_following and app.board.can_undo and undone < _MOST_UNDONE:
            undone += 1
            yield ("undo",)
        width, height = self.context.setup.window
        rest = [("redo",)] * undone + [("clear",), ("undo",), ("resize", height, width)]
        for step in rest:
            if self._is_following:
                yield step

    def finish(self, replay: FinishedReplay) -> CheckOutcome:  # noqa: ARG002
        """Return the first violation; if the app crashed, one from before that."""
        violations = (self._violation,) if self._violation else ()
        return CheckOutcome(self.name, self._count, violations)

    @property
    def _is_following(self) -> bool:
        return self._follower is not None and self._violation is None

    def _compare(self, app: App, follower: Follower) -> None:
        self._count += 1
        assert_board(app.board, follower.reference)
        if not follower.reference.board.is_drawing:
            self._answers.check(app)
        assert_settings(app, follower.reference)
