"""A whole session as one recording, which digitbench replays to the same answer.

Its strokes are all that were ever drawn; events say what was undone, erased or cleared:

    [t, "resize", width, height]    the window, in pixels; the first is its size at the start
    [t, "pen", width]               another pen, over the board's shorter side
    [t, "erase", x, y]              the eraser touched strokes here, in canvas pixels
    [t, "undo"], [t, "redo"], [t, "clear"], [t, "save"], [t, "label", "7"]

Positions are where they were in the window, on the canvas that the board had at the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from digitdraw.model.board import Board
from digitdraw.model.placement import Area, Placement
from digitdraw.model.snapshots import (
    DrawingSnapshot,
    RecordedStroke,
    RecordingSnapshot,
    Segment,
)
from digitnet import Point


class Recorder:
    """Records what is done to a board while it is done.

    Args:
        board: blank.
        window: (width, height) at the start, in pixels.
        area: the part of it that shows the board.
        now: the time in milliseconds.
    """

    def __init__(self, board: Board, window: tuple[int, int], area: Area, now: int) -> None:
        self._board = board
        self._canvas = (float(area.width), float(area.height))
        self._area = area
        self._pen = board.pen
        self._start = now
        self._strokes: list[RecordedStroke] = []
        self._events: list[tuple[Any, ...]] = []
        self._segments: list[Segment] = []  # of the stroke that is being drawn
        self._last = -1.0
        self.note(now, "resize", *window)

    def note(self, now: int, name: str, *values: object) -> None:
        """Record an event at `now` milliseconds."""
        drawn = self._board.length
        if drawn:  # an event during a stroke comes between two of its points
            self._last = self._end_of(self._board.points(self._segments[-1].first, drawn))
        self._last = max(float(now - self._start), self._last + 1)
        self._events.append((self._last, name, *values))
        if drawn:
            self._segments.append(Segment(drawn, self._last + 1, self._area))

    def resize(self, now: int, window: tuple[int, int], area: Area) -> None:
        """Record another window size, and another part of the window for the board."""
        self._area = area
        self.note(now, "resize", *window)

    def erase(self, now: int, x: float, y: float) -> None:
        """Record that strokes were erased at (x, y) pixels of the board's canvas."""
        here = Placement.fit(self._board.canvas, self._area)
        there = Placement.fit(self._canvas, self._area)
        place = there.to_canvas(*here.to_window(x, y))
        self.note(now, "erase", *(round(side, 2) for side in place))

    def begin_stroke(self) -> None:
        """Record that a stroke begins; one that is dropped leaves no trace."""
        # Everything in one frame has the same time, but must be replayed in its order.
        self._segments = [Segment(0, self._last + 1, self._area)]

    def end_stroke(self) -> None:
        """Record the stroke that has begun: the newest one on the board."""
        stroke = self._board.strokes[-1]
        segments = tuple(self._segments)
        self._strokes.append(RecordedStroke(stroke, self._board.canvas, segments))
        self._last = self._end_of(stroke.points[segments[-1].first :])

    def snapshot(self, end: DrawingSnapshot) -> RecordingSnapshot:
        """Return the session so far, which ends with this drawing."""
        return RecordingSnapshot(
            tuple(self._strokes), tuple(self._events), self._canvas, self._pen, self._start, end
        )

    def _end_of(self, points: Sequence[Point]) -> float:
        """Return the recording's time of the last of the newest segment's points."""
        last = max(map(itemgetter(2), points), default=self._start)
        return max(self._segments[-1].earliest, float(last - self._start))
