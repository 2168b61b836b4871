"""Replays recordings and makes the checks of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, replace

from digitbench.checks.check import Check, CheckContext, FinishedReplay
from digitbench.checks.expectations import Expectations
from digitbench.checks.registry import CHECKS, DEFAULT_CHECKS
from digitbench.replay.playback import Frame
from digitbench.replay.replayer import Replayed, Replayer, Setup
from digitbench.replay.timeline import EXPECT, Step
from digitdraw.app import App
from digitnet import Drawing, Recognizer


class Inspector:
    """Replays recordings as a `Replayer` does, and checks each.

    What a recording itself expects is always checked. The time limit of a recording includes its
    checks, and a crash at what they do after its end is a crash of the app.

    Args:
        recognizer: shared by all apps.
        setup: how recordings are replayed.
        checks: names of `CHECKS` to make.
    """

    def __init__(
        self, recognizer: Recognizer, setup: Setup, checks: Collection[str] = DEFAULT_CHECKS
    ) -> None:
        self._context = CheckContext(recognizer, setup)
        self._checks = tuple(check for name, check in CHECKS.items() if name in checks)
        self._replayer = Replayer(recognizer, **asdict(setup))

    def inspect(self, drawing: Drawing) -> Replayed:
        """Replay a recording and check it; if it crashes, with what was checked before that."""
        has_expectations = any(event[1] == EXPECT for event in drawing.events)
        wanted: tuple[type[Check], ...] = (Expectations,) if has_expectations else ()
        checks = [check(self._context) for check in wanted + self._checks]
        board: Drawing | None = None

        def observe(app: App, frame: Frame) -> None:
            for check in checks:
                check.observe(app, frame)

        def extra_steps(app: App) -> Iterator[Step]:
            nonlocal board
            board = app.board.drawing()
            for check in checks:
                yield from check.extra_steps(app)

        replayed = self._replayer.replay(drawing, observe if checks else None, extra_steps)
        finished = FinishedReplay(drawing, replayed, None if replayed.error else board)
        found = [check.finish(finished) for check in checks]
        return replace(replayed, checks=tuple(outcome for outcome in found if outcome))
