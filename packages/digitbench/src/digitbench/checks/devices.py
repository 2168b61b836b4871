"""Checks that mouse and touch lead to the same ink and answer.

A mouse is at whole pixels of the window, a finger anywhere. So points and pictures may differ, but
each stroke must be the same to a pixel of the window, and so must the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from digitbench.checks.check import Check, FinishedReplay
from digitbench.replay.events import Device
from digitbench.replay.outcome import CheckOutcome, Violation
from digitbench.replay.timeline import Step
from digitbench.text import last_line
from digitdraw.app import App
from digitdraw.model.placement import Placement
from digitdraw.ui.layout import arrange
from digitnet import Drawing, Prediction

_TOLERANCE = 0.5 + 0.1  # window pixels: of a mouse, and of rounding to hundredths in recordings


class Devices(Check):
    """A recording drawn with the other device comes to the same end."""

    name = "devices"
    summary = "mouse and touch agree"

    def finish(self, replay: FinishedReplay) -> CheckOutcome | None:
        """Replay the recording with the other device, and compare."""
        if replay.board is None:
            return None
        drawing, setup = replay.drawing, self.context.setup
        first = setup.device_of(drawing)
        second: Device = "mouse" if first == "touch" else "touch"
        boards: list[Drawing] = []

        def keep_board(app: App) -> Iterator[Step]:
            boards.append(app.board.drawing())
            return iter(())

        again = self.context.replayer.replay(
            replace(drawing, device=second), extra_steps=keep_board
        )
        if again.error or not boards:
            crash = last_line(again.error)
            violation = Violation(f"by {second} the app crashed: {crash}", "no crash", crash)
            return CheckOutcome(self.name, 1, (violation,))
        windows = [setup.window]
        windows += [(round(e[2]), round(e[3])) for e in drawing.events if e[1] == "resize"]
        violations = tuple(
            Violation(f"by {second} {what} {got}, by {first} {expected}", expected, got)
            for what, expected, got in _differences(
                (replay.board, boards[0]), (replay.replayed.prediction, again.prediction), windows
            )
        )
        return CheckOutcome(self.name, 1, violations)


def _differences(
    boards: tuple[Drawing, Drawing],
    answers: tuple[Prediction | None, Prediction | None],
    windows: Iterable[tuple[int, int]],
) -> Iterator[tuple[str, str, str]]:
    """Yield what differs, and its value with the one device and with the other.

    Args:
        boards: the ink at the end, with each device.
        answers: what was read, with each device.
        windows: (width, height) in pixels of those that the recording was drawn in.
    """
    one, two = (answer.text if answer else "" for answer in answers)
    if one != two:
        yield "it is read as", one or "no digit", two or "no digit"
    one, two = (f"{len(board.strokes)} strokes" for board in boards)
    if one != two:
        yield "the board holds", one, two
        return
    areas = [arrange(*window).board for window in windows]
    scale = min(Placement.fit(boards[0].canvas or area.size, area).scale for area in areas)
    for number, strokes in enumerate(zip(*(each.strokes for each in boards), strict=True), start=1):
        corners = [(*stroke.xy.min(axis=0), *stroke.xy.max(axis=0)) for stroke in strokes]
        if float(np.abs(np.subtract(*corners)).max()) * scale > _TOLERANCE:
            one, two = (" ".join(f"{value:.1f}" for value in each) for each in corners)
            yield f"stroke {number} reaches from and to", one, two
