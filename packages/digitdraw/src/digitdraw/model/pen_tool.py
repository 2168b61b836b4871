"""The hand on the board: pen events become strokes, or wipe them away."""

from __future__ import annotations

import math
from functools import lru_cache

from pygame import Rect

from digitdraw.input.pointer import Action, PenEvent
from digitdraw.model.board import Board
from digitdraw.model.placement import Placement
from digitdraw.model.recorder import Recorder

_LEAST_REACH = 12.0  # of the eraser, in canvas pixels


class Hand:
    """Draws or wipes from the moment when the pen is put down until it is lifted.

    Args:
        board: to draw on.
        recorder: takes down what was done.

    Attributes:
        has_eraser: whether every pen wipes, and not only the mouse's right button.
        device: "mouse" or "touch", of the last stroke; "" before the first.
    """

    def __init__(self, board: Board, recorder: Recorder) -> None:
        self._board = board
        self._recorder = recorder
        self._is_wiping = False
        self._wiped = (0.0, 0.0)  # where the eraser was last, in window pixels
        self.has_eraser = False
        self.device = ""

    @property
    def is_down(self) -> bool:
        """Whether a stroke is being drawn, or wiped."""
        return self._is_wiping or self._board.pen_at is not None

    def move(self, pen: PenEvent, area: Rect, now: int) -> bool:
        """Follow the pen; it must be on the board when it is put down.

        Args:
            pen: what it does.
            area: the board's part of the window, in pixels.
            now: the time in milliseconds.

        Returns:
            whether the finished strokes are others than before.
        """
        before = self._board.strokes
        placement = Placement.fit(self._board.canvas, area)
        # Beyond the canvas, the pen slides along its edge.
        left, top, right, bottom = _whole_pixels(self._board.canvas, placement)
        x, y = min(max(pen.x, left), right), min(max(pen.y, top), bottom)
        place = _on_canvas(x, y, placement)
        if pen.action is Action.DOWN:
            self.end()  # that of the last one may never have been told
            self._is_wiping = pen.is_eraser or self.has_eraser
            self._wiped = (x, y)
            if not self._is_wiping:
                self.device = pen.device
                self._recorder.begin_stroke()
                self._board.begin(*place, now)
        # A button is mostly released where the pen was last seen; that adds nothing to the ink.
        elif place != self._board.pen_at:
            self._board.extend(*place, now)
        if self._is_wiping:
            self._wipe(x, y, placement, now)
        if pen.action is Action.UP:
            self.end()
        return self._board.strokes is not before

    def end(self) -> bool:
        """Lift the pen where it is; gives whether there is a new stroke."""
        self._is_wiping = False
        is_drawing = self._board.pen_at is not None
        if is_drawing:
            self._board.end()
            self._recorder.end_stroke()
        return is_drawing

    def _wipe(self, x: float, y: float, placement: Placement, now: int) -> None:
        """Wipe on the way from where the eraser was last, in steps shorter than it is wide."""
        left, top = self._wiped
        self._wiped = (x, y)
        reach = max(self._board.pen_pixels, _LEAST_REACH)
        length = math.hypot(x - left, y - top) / placement.scale
        steps = max(1, math.ceil(length / reach))
        # On the way too, the eraser is where a whole pixel is, so that a replay can put it there.
        way = [
            (round(left + (x - left) * step / steps), round(top + (y - top) * step / steps))
            for step in range(1, steps)
        ]
        for place in self._board.erase(
            [_on_canvas(*place, placement) for place in (*way, (x, y))], reach
        ):
            self._recorder.erase(now, *place)


@lru_cache(maxsize=64)
def _whole_pixels(canvas: tuple[float, float], placement: Placement) -> tuple[int, int, int, int]:
    """Give the window's pixels on a canvas: the first and the last across, and the same down.

    At the edge too, the pen stays where a whole pixel is, so that a replay can put it there.
    """
    right, bottom = placement.to_window(*canvas)
    left, top = math.ceil(placement.left), math.ceil(placement.top)
    return left, top, math.floor(right), math.floor(bottom)


def _on_canvas(x: float, y: float, placement: Placement) -> tuple[float, float]:
    """Turn window pixels into canvas pixels."""
    x, y = placement.to_canvas(x, y)
    # Finer than any screen, and short to write down.
    return round(x, 2), round(y, 2)
