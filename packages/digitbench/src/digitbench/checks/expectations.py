"""Checks the answers that a recording itself expects, with its events ``[t, "expect", "7"]``."""

from __future__ import annotations

from digitbench.checks.check import Check, CheckContext, FinishedReplay
from digitbench.replay.outcome import CheckOutcome, Violation
from digitbench.replay.playback import Frame
from digitbench.replay.timeline import EXPECT
from digitbench.text import reading
from digitdraw.app import App


class Expectations(Check):
    """At each time that an answer is expected, the app shows it.

    This is always checked, so it is not in the registry.
    """

    name = EXPECT
    summary = "answers that the recording expects are shown at their time"

    def __init__(self, context: CheckContext) -> None:
        super().__init__(context)
        self._last_done = "the start"
        self._count = 0
        self._violations: list[Violation] = []

    def observe(self, app: App, frame: Frame) -> None:
        """Compare the answer shown with an expected one."""
        if not frame.steps or frame.steps[0][0] != EXPECT:
            self._last_done = frame.done or self._last_done
            return
        wanted = frame.steps[0][1]
        self._count += 1
        if wanted != (app.prediction.text if app.prediction else ""):
            expected = wanted or "no digit"
            got = reading(app.prediction) if app.board.strokes else "the board is blank"
            message = f"expected {expected}, {got}"
            self._violations.append(Violation(message, expected, got, frame.at, self._last_done))

    def finish(self, replay: FinishedReplay) -> CheckOutcome | None:  # noqa: ARG002
        """Return the unmet expectations; None if there were no expectations."""
        if not self._count:
            return None
        return CheckOutcome(self.name, self._count, tuple(self._violations))
