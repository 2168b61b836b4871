"""Checks that the window shows what was drawn and read, after each thing done in a recording."""

from __future__ import annotations

from digitbench.checks.check import Check, CheckContext, FinishedReplay, violation_at
from digitbench.checks.visible import assert_window
from digitbench.replay.outcome import CheckOutcome, Violation, ViolationError
from digitbench.replay.playback import Frame
from digitdraw.app import App


class ScreenCheck(Check):
    """The answer, its bars and boxes, the 28x28, the ink and the status line are those of the app.

    Whether the app's answer is right is not for this check to say.
    """

    name = "screen"
    summary = "the window shows the ink and its answer"
    is_default = True

    def __init__(self, context: CheckContext) -> None:
        super().__init__(context)
        self._last_done = "the start"
        self._count = 0
        self._violation: Violation | None = None

    def observe(self, app: App, frame: Frame) -> None:
        """Look at the window."""
        self._last_done = frame.done or self._last_done
        # One violation causes more, which add nothing.
        is_complete = bool(frame.done) or not frame.steps
        if frame.screen is None or self._violation is not None or not is_complete:
            return
        self._count += 1
        try:
            assert_window(app, frame.screen)
        except ViolationError as error:
            self._violation = violation_at(error, frame, self._last_done)

    def finish(self, replay: FinishedReplay) -> CheckOutcome:  # noqa: ARG002
        """Return the first violation; if the app crashed, one from before that."""
        violations = (self._violation,) if self._violation else ()
        return CheckOutcome(self.name, self._count, violations)
