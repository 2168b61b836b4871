"""A whole session as one recording, which digitbench replays to the same answer.

The strokes are all that were ever drawn; what was undone, erased or cleared is told by events:

    [t, "resize", width, height]    the window, in pixels; the first tells its size at the start
    [t, "pen", width]               another pen, over the board's shorter side
    [t, "erase", x, y]              the eraser touched strokes here, in canvas pixels
    [t, "undo"], [t, "redo"], [t, "clear"], [t, "save"], [t, "label", "7"]

Positions are where they were in the window, on the canvas that the board had at the start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple

from pygame import Rect

from digitdraw.model.board import Board
from digitdraw.model.placement import Placement
from digitnet import Drawing, Point, Stroke


class _Stretch(NamedTuple):
    """A part of a stroke within which nothing else was done."""

    first: int  # of its points
    earliest: float  # time that its points can have in the recording
    area: Rect  # of the window, where the board was


class _Drawn(NamedTuple):
    """A stroke as it was drawn, on which canvas.

    It shares its points with the board, and is turned into the recording's when that is asked for.
    """

    stroke: Stroke
    canvas: tuple[float, float]
    stretches: tuple[_Stretch, ...]


class Recorder:
    """Writes down what is done to a board, and while it is done.

    Args:
        board: blank.
        window: (width, height) at the start, in pixels.
        area: the board's part of it.
        now: the time in milliseconds.
    """

    def __init__(self, board: Board, window: tuple[int, int], area: Rect, now: int) -> None:
        self._board = board
        self._canvas = (float(area.width), float(area.height))
        self._area = area.copy()
        self._pen = board.pen
        self._start = now
        self._strokes: list[_Drawn] = []
        self._events: list[list[Any]] = []
        self._stretches: list[_Stretch] = []  # of the stroke that is being drawn
        self._last = -1.0
        self.note(now, "resize", *window)

    def note(self, now: int, name: str, *values: object) -> None:
        """Write down that something was done at `now` milliseconds."""
        drawn = self._board.length
        if drawn:  # what is done while a stroke is drawn comes between two of its points
            self._last = self._end_of(self._board.points(self._stretches[-1].first, drawn))
        self._last = max(float(now - self._start), self._last + 1)
        self._events.append([self._last, name, *values])
        if drawn:
            self._stretches.append(_Stretch(drawn, self._last + 1, self._area))

    def resize(self, now: int, window: tuple[int, int], area: Rect) -> None:
        """Write down that the window has another size, and the board another part of it."""
        self._area = area.copy()
        self.note(now, "resize", *window)

    def erase(self, now: int, x: float, y: float) -> None:
        """Write down that strokes were wiped away at (x, y) pixels of the board's canvas."""
        here, start = self._placements(self._board.canvas, self._area)
        place = start.to_canvas(*here.to_window(x, y))
        self.note(now, "erase", *(round(side, 2) for side in place))

    def begin_stroke(self) -> None:
        """Write down that a stroke begins; one that is dropped is as if it had never begun."""
        # What comes in one frame has one time, but must be replayed in its order.
        self._stretches = [_Stretch(0, self._last + 1, self._area)]

    def end_stroke(self) -> None:
        """Write down the stroke that has begun: the newest one on the board."""
        stroke = self._board.strokes[-1]
        stretches = tuple(self._stretches)
        self._strokes.append(_Drawn(stroke, self._board.canvas, stretches))
        self._last = self._end_of(stroke.points[stretches[-1].first :])

    def _end_of(self, points: Sequence[Point]) -> float:
        """Give the recording's time of the last of the points that the newest stretch has."""
        last = max(map(itemgetter(2), points), default=self._start)
        return max(self._stretches[-1].earliest, float(last - self._start))

    def _placements(self, canvas: tuple[float, float], area: Rect) -> tuple[Placement, Placement]:
        """Place a canvas in a part of the window, and the first one, which is the recording's."""
        return Placement.fit(canvas, area), Placement.fit(self._canvas, area)

    def _recorded(self, drawn: _Drawn) -> Stroke:
        """Put a stroke on the canvas and the clock of the recording."""
        points: list[tuple[float, float, float]] = []
        ends = [stretch.first for stretch in drawn.stretches[1:]] + [len(drawn.stroke.points)]
        for stretch, end in zip(drawn.stretches, ends, strict=True):
            part = slice(stretch.first, end)
            here, start = self._placements(drawn.canvas, stretch.area)
            there = drawn.stroke.xy[part] * here.scale + (here.left, here.top)
            places = ((there - (start.left, start.top)) / start.scale).round(2).tolist()
            # A clock that was set back while the pen was down stands still instead.
            times = accumulate(
                (point.t - self._start for point in drawn.stroke.points[part]),
                max,
                initial=stretch.earliest,
            )
            next(times)  # which is the initial value
            points += [(x, y, t) for (x, y), t in zip(places, times, strict=True)]
        return Stroke(points)

    def so_far(self) -> Callable[[Drawing], Drawing]:
        """Give what makes a recording of the session up to now.

        It takes the drawing at the end, for word, answer and all the rest. What it does grows with
        the ink, and may be done on any thread.
        """
        strokes, events = tuple(self._strokes), tuple(map(tuple, self._events))

        def recording(end: Drawing) -> Drawing:
            return replace(
                end,
                strokes=tuple(map(self._recorded, strokes)),
                canvas=self._canvas,
                pen=self._pen,
                events=events,
            )

        return recording
