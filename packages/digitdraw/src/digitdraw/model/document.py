"""The document: the board, what it was read as, and a recording of every edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from digitdraw.model.board import THICKEST, THINNEST, Board
from digitdraw.model.placement import Area, Placement, fitted, on_whole_pixels
from digitdraw.model.reader import Reader, Reading
from digitdraw.model.snapshots import (
    DrawingSnapshot,
    RecordedStroke,
    RecordingSnapshot,
    Segment,
)
from digitnet import Drawing, Point, Stroke
from digitnet.ink import UNLABELLED


class Document:
    """A board whose edits are recorded and whose ink is read.

    Args:
        reader: reads the ink.
        window: (width, height) in pixels.
        area: the part of the window that shows the board.
        pen: the pen's diameter over the board's shorter side.
        settings: what a recording of the session starts with, by the names of its events.

    Attributes:
        now: the time in milliseconds, set by the owner.
        area: the part of the window that shows the board.
        board: the ink.
        reading: what the ink was read as, and its label.
    """

    def __init__(
        self,
        reader: Reader,
        window: tuple[int, int],
        area: Area,
        pen: float,
        settings: Mapping[str, object],
    ) -> None:
        self.now = 0
        self.area = area
        self.board = Board(area.size, pen)
        self.reading = Reading(reader, self.board)
        self._recorder = Recorder(self.board, window, area, self.now)
        for name, value in settings.items():
            self.note_setting(name, value)
        self._device = ""  # of the last stroke

    def begin_stroke(self, x: float, y: float, device: str) -> None:
        """Put the pen of a "mouse" or "touch" device down at (x, y) canvas pixels."""
        self._device = device
        self._recorder.begin_stroke()
        self.board.begin(x, y, self.now)

    def end_stroke(self) -> bool:
        """Lift the pen; return whether this finished a stroke."""
        if self.board.pen_at is None:
            return False
        self.board.end()
        self._recorder.end_stroke()
        self._ink_has_changed()
        return True

    def erase(self, path: Sequence[tuple[float, float]], radius: float) -> None:
        """Erase the strokes within `radius` of a path's points, both in canvas pixels."""
        if erased_at := self.board.erase(path, radius):
            for place in erased_at:
                self._recorder.erase(self.now, *place)
            self._ink_has_changed()

    def edit(self, name: str, change: Callable[[Board], None]) -> None:
        """Change the board, and record the change under this name if it had any effect."""
        before = self.board.strokes
        change(self.board)
        if self.board.strokes != before:
            self._recorder.note(self.now, name)
        self._ink_has_changed()

    def set_pen(self, pen: float) -> None:
        """Set the pen's diameter over the board's shorter side, within its bounds."""
        pen = round(min(max(pen, THINNEST), THICKEST), 4)
        if pen != self.board.pen:
            self.board.pen = pen
            self._recorder.note(self.now, "pen", pen)
            self._ink_has_changed()

    def label(self, digit: str, index: int) -> None:
        """Record the label of one digit of the prediction; "" for "not a digit"."""
        self.reading.set_label(digit, index)
        self._recorder.note(self.now, "label", digit)

    def label_all(self, word: str) -> None:
        """Record the label of the whole drawing; "" for "not a digit"."""
        self.reading.set_word(word)
        self._recorder.note(self.now, "word", word)

    def open(self, drawing: Drawing) -> None:
        """Replace the ink by a drawing, scaled to fit the board."""
        drawing = fitted(drawing, self.area.size)
        self.edit("clear", Board.clear)
        if drawing.pen:
            self.set_pen(drawing.pen)
        for stroke in map(on_whole_pixels, drawing.strokes):
            self._recorder.begin_stroke()
            self.board.add(Stroke(Point(x, y, t + self.now) for x, y, t in stroke.points))
            self._recorder.end_stroke()
        self._ink_has_changed()
        if UNLABELLED not in drawing.tags:
            self.label_all(drawing.word)

    def resize(self, window: tuple[int, int], area: Area) -> None:
        """Adopt another window size, and another part of the window for the board."""
        self.area = area
        self.board.resize(area.size)
        self._recorder.resize(self.now, window, area)

    def note_setting(self, name: str, value: object) -> None:
        """Record that a setting has this value from now on."""
        self._recorder.note(self.now, name, value)

    def note_saved(self) -> None:
        """Record that the drawing was saved."""
        self._recorder.note(self.now, "save")

    def snapshot(self) -> DrawingSnapshot:
        """Return the drawing as it is now, with its answer and label."""
        board, reading = self.board, self.reading
        return DrawingSnapshot(
            board.strokes,
            board.canvas,
            board.pen,
            self._device,
            reading.prediction,
            reading.truth,
            reading.model_hash,
        )

    def session_snapshot(self) -> RecordingSnapshot:
        """Return everything that was done since the start, as it is now."""
        return self._recorder.snapshot(self.snapshot())

    def _ink_has_changed(self) -> None:
        self.reading.ink_has_changed()
        if self.board.is_blank:
            self.board.resize(self.area.size)


class Recorder:
    """Records what is done to a board while it is done; `RecordingSnapshot` describes the result.

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
