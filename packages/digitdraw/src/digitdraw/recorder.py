"""A whole session as one recording, which digitbench replays to the same answer.

The strokes are all that were ever drawn; what was undone, erased or cleared is told by events:

    [t, "resize", width, height]    the window, in pixels; the first tells its size at the start
    [t, "pen", width]               another pen, over the board's shorter side
    [t, "erase", x, y]              the eraser touched strokes here, in canvas pixels
    [t, "undo"], [t, "redo"], [t, "clear"], [t, "save"], [t, "label", "7"]

Positions are where they were in the window, on the canvas that the board had at the start.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pygame import Rect

from digitdraw.board import Board
from digitdraw.board_view import Placement
from digitnet import Drawing, Stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray


class _Drawn(NamedTuple):
    """A stroke as it was drawn: on which canvas, in which part of the window, from which time.

    It shares its points with the board, and is turned into the recording's when that is asked for.
    """

    stroke: Stroke
    canvas: tuple[float, float]
    area: Rect
    start: float


class Recorder:
    """Writes down what is done.

    Args:
        window: (width, height) at the start, in pixels.
        area: the board's part of it.
        pen: the pen's diameter over the board's shorter side.
        now: the time in milliseconds.
    """

    def __init__(self, window: tuple[int, int], area: Rect, pen: float, now: int) -> None:
        self._canvas = (float(area.width), float(area.height))
        self._area = area.copy()
        self._pen = pen
        self._start = now
        self._strokes: list[_Drawn] = []
        self._events: list[list[Any]] = []
        self._last = -1.0
        self.note(now, "resize", *window)

    def note(self, now: int, name: str, *values: object) -> None:
        """Write down that something was done at `now` milliseconds."""
        self._last = max(now - self._start, self._last + 1)
        self._events.append([self._last, name, *values])

    def resize(self, now: int, window: tuple[int, int], area: Rect) -> None:
        """Write down that the window has another size, and the board another part of it."""
        self._area = area.copy()
        self.note(now, "resize", *window)

    def erase(self, now: int, board: Board, x: float, y: float) -> None:
        """Write down that strokes were wiped away at (x, y) pixels of the board's canvas."""
        self.note(now, "erase", *self._place(board.canvas, self._area, np.array([x, y])).tolist())

    def add_stroke(self, board: Board) -> None:
        """Write down the newest stroke on a board."""
        stroke = board.strokes[-1]
        # What comes in one frame has one time, but must be replayed in its order.
        start = min(float(self._start), stroke.points[0].t - self._last - 1)
        self._strokes.append(_Drawn(stroke, board.canvas, self._area, start))
        self._last = max(point.t for point in stroke.points) - start

    def _place(
        self, canvas: tuple[float, float], area: Rect, xy: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Turn pixels of a canvas into those of the first one, both float (…, 2)."""
        now, start = (Placement.fit(one, area) for one in (canvas, self._canvas))
        there = xy * now.scale + (now.left, now.top)
        return np.round((there - (start.left, start.top)) / start.scale, 2)

    def _recorded(self, drawn: _Drawn) -> Stroke:
        """Put a stroke on the canvas and the clock of the recording."""
        # A clock that was set back while the pen was down stands still instead.
        times = accumulate((point.t - drawn.start for point in drawn.stroke.points), max)
        places = self._place(drawn.canvas, drawn.area, drawn.stroke.xy).tolist()
        return Stroke((x, y, t) for (x, y), t in zip(places, times, strict=True))

    def recording(self, end: Drawing) -> Drawing:
        """Give the session up to now as a recording; `end` tells word, answer and all the rest."""
        return replace(
            end,
            strokes=tuple(map(self._recorded, self._strokes)),
            canvas=self._canvas,
            pen=self._pen,
            events=tuple(tuple(event) for event in self._events),
        )
