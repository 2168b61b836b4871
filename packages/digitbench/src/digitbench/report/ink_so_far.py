"""How much of each recorded stroke is on the board while a recording is replayed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitbench.replay.timeline import Step
from digitdraw.model.board import Board
from digitnet import Drawing, Stroke

GONE = -1
"""The state of a stroke that was undone, erased or cleared, or that the board did not take."""


class InkSoFar:
    """Follows the strokes of a recording onto a board.

    The board keeps a stroke as the same object wherever undo and redo take it, which tells its
    strokes apart.

    Args:
        drawing: the recording.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._recorded = drawing.strokes
        self._placed: list[Stroke | None] = []
        self._ended = 0  # strokes of the board
        self._points = 0  # of the stroke that is being drawn

    def follow(self, board: Board, steps: Sequence[Step]) -> None:
        """Note what the board made of the steps of one moment."""
        for name, *_ in steps:
            if name == "down":
                self._points = 1
            elif name == "move":
                self._points += 1
            elif name == "up":
                self._points = 0
                number, stroke = board.ended or (0, None)
                self._placed.append(stroke if number > self._ended else None)
                self._ended = number

    def state(self, board: Board) -> tuple[int, ...]:
        """Return the percentage of each stroke so far that is on the board, or `GONE`."""
        present = {id(stroke) for stroke in board.strokes}
        # A window that was resized or an app that crashed may have ended the stroke being drawn.
        states = [100 if id(stroke) in present else GONE for stroke in self._placed]
        if self._points and len(states) < len(self._recorded):
            states.append(self._share() if board.pen_at else GONE)
        return tuple(states)

    def _share(self) -> int:
        """Return the percentage of the length of the current stroke that is drawn."""
        steps = np.hypot(*np.diff(self._recorded[len(self._placed)].xy, axis=0).T)
        total = float(steps.sum())
        return round(100 * float(steps[: self._points - 1].sum()) / total) if total else 100
