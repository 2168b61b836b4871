"""The drawing's state: strokes, undo, redo, erase, clear. It knows no screen.

Coordinates are canvas pixels: those of the board at the moment when the first stroke began. A
window that is resized later changes how the canvas is shown, not the ink; and ink that undo brings
back comes back on its own canvas.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from digitnet.ink import Box, Drawing, Point, Stroke


@dataclass(frozen=True)
class _Change:
    """One step that can be undone: the strokes from a place on, before and after it.

    All of them are on the same canvas: a board takes another one only while it is blank.
    """

    canvas: tuple[float, float]
    at: int
    removed: tuple[Stroke, ...]
    added: tuple[Stroke, ...]

    @property
    def reverse(self) -> _Change:
        return replace(self, removed=self.added, added=self.removed)


class Board:
    """What has been drawn.

    Attributes:
        canvas: (width, height) in pixels of what the ink is on; `resize` changes it while the board
            is blank, and undo and redo bring back that of the ink which they bring back.
        pen: the pen's diameter over the canvas's shorter side.
        number: of the stroke that was begun last, counted from 1; 0 before the first.
        ended: the number of the stroke that was ended last, and the stroke; None before the first.
    """

    def __init__(self, canvas: tuple[float, float], pen: float = 0.05) -> None:
        self.canvas = canvas
        self.pen = pen
        self.number = 0
        self.ended: tuple[int, Stroke] | None = None
        self._strokes: tuple[Stroke, ...] = ()
        self._current: list[Point] = []
        self._undone: list[_Change] = []
        self._done: list[_Change] = []

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The finished strokes in their order; the same tuple until they change."""
        return self._strokes

    @property
    def current(self) -> tuple[Point, ...]:
        """The points of the stroke that is being drawn; empty while the pen is up."""
        return tuple(self._current)

    @property
    def length(self) -> int:
        """How many points the stroke that is being drawn has; 0 while the pen is up."""
        return len(self._current)

    def points(self, start: int, end: int) -> list[Point]:
        """Give some points of the stroke that is being drawn, however long it is."""
        return self._current[start:end]

    @property
    def pen_at(self) -> tuple[float, float] | None:
        """Where the pen that draws is, in canvas pixels; None while it is up."""
        return self._current[-1][:2] if self._current else None

    @property
    def is_blank(self) -> bool:
        """Whether there is no ink, not even a stroke that has just begun."""
        return not self._strokes and not self._current

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._undone)

    @property
    def pen_pixels(self) -> float:
        """The pen's diameter in canvas pixels."""
        return self.pen * min(self.canvas)

    def begin(self, x: float, y: float, now: int) -> None:
        """Put the pen down at (x, y) canvas pixels, `now` milliseconds by any clock."""
        self.end()
        self.number += 1
        self._current = [Point(x, y, now)]

    def extend(self, x: float, y: float, now: int) -> None:
        """Move the pen; nothing happens while it is up."""
        if self._current:
            self._current.append(Point(x, y, now))

    def end(self) -> None:
        """Lift the pen; a stroke of a single point is a dot."""
        if self._current:
            stroke = Stroke(self._current)
            self._current = []
            self.ended = (self.number, stroke)
            self.add(stroke)

    def add(self, stroke: Stroke) -> None:
        """Put a finished stroke on the board, in canvas pixels."""
        stroke.bounds  # noqa: B018 - found now, so that no eraser has to find those of thousands
        self._change(len(self._strokes), removed=(), added=(stroke,))

    def clear(self) -> None:
        """Take all strokes away; one step to undo."""
        self._current = []
        if self._strokes:
            self._change(0, removed=self.strokes, added=())

    def erase(self, way: Sequence[tuple[float, float]], reach: float) -> list[tuple[float, float]]:
        """Take away the strokes that come within `reach` canvas pixels of the places of a way.

        Each place that takes something away is a step that can be undone.

        Args:
            way: at least one place, (x, y) in canvas pixels.
            reach: in canvas pixels.

        Returns:
            the places that took something away.
        """
        # One look at all strokes, however many steps the way has.
        left, right = min(x for x, _ in way) - reach, max(x for x, _ in way) + reach
        top, bottom = min(y for _, y in way) - reach, max(y for _, y in way) + reach
        around = [
            stroke
            for stroke in self._strokes
            if _is_across(stroke.bounds, left, top, right, bottom)
        ]
        places = []
        for place in way:
            met = [stroke for stroke in around if _is_near(stroke, *place, reach)]
            if met:
                gone = set(map(id, met))
                around = [stroke for stroke in around if id(stroke) not in gone]
                self._take_away(gone)
                places.append(place)
        return places

    def _take_away(self, gone: Collection[int]) -> None:
        """Take the strokes of these identities away, as one step."""
        first = next(n for n, stroke in enumerate(self._strokes) if id(stroke) in gone)
        removed = self.strokes[first:]
        self._change(
            first, removed, added=tuple(stroke for stroke in removed if id(stroke) not in gone)
        )

    def resize(self, canvas: tuple[float, float]) -> None:
        """Take another canvas if the board is blank."""
        if self.is_blank:
            self.canvas = canvas

    def undo(self) -> None:
        """Take the last step back, or drop the stroke that is being drawn."""
        if self._current:
            self._current = []
        elif self._done:
            change = self._done.pop()
            self._undone.append(change)
            self._apply(change.reverse)

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._undone and not self._current:
            change = self._undone.pop()
            self._done.append(change)
            self._apply(change)

    def drawing(self) -> Drawing:
        """Give the finished strokes as a drawing, in the time of the board's clock.

        Raises:
            InkError: there are more points than a drawing may have.
        """
        return self.so_far()()

    def so_far(self) -> Callable[[], Drawing]:
        """Give what makes that drawing of the strokes up to now, on any thread."""
        return partial(Drawing, self.strokes, canvas=self.canvas, pen=self.pen)

    def _change(self, at: int, removed: tuple[Stroke, ...], added: tuple[Stroke, ...]) -> None:
        change = _Change(self.canvas, at, removed, added)
        self._undone.clear()
        self._done.append(change)
        self._apply(change)

    def _apply(self, change: _Change) -> None:
        end = change.at + len(change.removed)
        self._strokes = (*self._strokes[: change.at], *change.added, *self._strokes[end:])
        self.canvas = change.canvas


def _is_across(box: Box, left: float, top: float, right: float, bottom: float) -> bool:
    """Say whether a box shares a point with a rectangle."""
    x, y, width, height = box
    return x <= right and y <= bottom and x + width >= left and y + height >= top


def _is_near(stroke: Stroke, x: float, y: float, reach: float) -> bool:
    """Say whether a stroke's middle line comes within `reach` of a point, in canvas pixels."""
    if not _is_across(stroke.bounds, x - reach, y - reach, x + reach, y + reach):
        return False
    path = stroke.xy - (x, y)
    starts, ways = path[:-1], path[1:] - path[:-1]
    lengths = (ways**2).sum(axis=1).clip(min=1e-12)
    along = (-(starts * ways).sum(axis=1) / lengths).clip(0, 1)
    nearest = starts + ways * along[:, None]
    # A dot has no segment, only an end.
    return any(((places**2).sum(axis=1) <= reach**2).any() for places in (nearest, path[-1:]))
