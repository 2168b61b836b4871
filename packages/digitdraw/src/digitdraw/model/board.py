"""The board: its strokes, and undo, redo, erase and clear.

Coordinates are canvas pixels: the pixels of the board at the moment the first stroke began. Later
resizing of the window changes how the canvas is shown, not the ink; ink that undo brings back
returns on its own canvas.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from digitnet.ink import Box, Drawing, Point, Stroke

THINNEST, THICKEST = 0.015, 0.15
"""Bounds of the pen's diameter over the board's shorter side."""


@dataclass(frozen=True)
class _Change:
    """One step to undo: the strokes from an index on, before and after it.

    All of them are on the same canvas: a board adopts another one only while it is blank.
    """

    canvas: tuple[float, float]
    index: int
    removed: tuple[Stroke, ...]
    added: tuple[Stroke, ...]

    @property
    def inverse(self) -> _Change:
        return replace(self, removed=self.added, added=self.removed)


class Board:
    """What has been drawn.

    Attributes:
        canvas: (width, height) in pixels of what the ink is on; `resize` changes it while the board
            is blank, undo and redo restore that of the ink they bring back.
        pen: the pen's diameter over the canvas's shorter side.
        number: of the stroke that was begun last, counted from 1; 0 before the first.
        ended: the number of the stroke that ended last, and that stroke; None before the first.
    """

    def __init__(self, canvas: tuple[float, float], pen: float = 0.05) -> None:
        self.canvas = canvas
        self.pen = pen
        self.number = 0
        self.ended: tuple[int, Stroke] | None = None
        self._strokes: tuple[Stroke, ...] = ()
        self._current: list[Point] = []
        self._unfinished: Stroke | None = None  # of the points so far, once it was asked for
        self._undone: list[_Change] = []
        self._done: list[_Change] = []

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The finished strokes in order; the same tuple until they change."""
        return self._strokes

    @property
    def current(self) -> tuple[Point, ...]:
        """The points of the stroke that is being drawn; empty while the pen is up."""
        return tuple(self._current)

    @property
    def unfinished(self) -> Stroke | None:
        """The stroke that is being drawn, as far as it goes; None while the pen is up.

        It stays the same object until it gets longer, also when the pen is lifted: what was made
        of it, such as an answer, is still right then.
        """
        if self._current and self._unfinished is None:
            self._unfinished = Stroke(self._current)
        return self._unfinished if self._current else None

    @property
    def length(self) -> int:
        """The number of points in the stroke that is being drawn; 0 while the pen is up."""
        return len(self._current)

    def points(self, start: int, end: int) -> list[Point]:
        """Return a slice of the stroke that is being drawn, at a cost independent of its length."""
        return self._current[start:end]

    @property
    def pen_at(self) -> tuple[float, float] | None:
        """Where the pen is drawing, in canvas pixels; None while it is up."""
        return self._current[-1][:2] if self._current else None

    @property
    def is_blank(self) -> bool:
        """Whether there is no ink, not even a stroke that has just begun."""
        return not self._strokes and not self._current

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return bool(self._undone)

    @property
    def pen_pixels(self) -> float:
        """The pen's diameter in canvas pixels."""
        return self.pen * min(self.canvas)

    def begin(self, x: float, y: float, now: int) -> None:
        """Put the pen down at (x, y) canvas pixels, `now` milliseconds on any clock."""
        self.end()
        self.number += 1
        self._current = [Point(x, y, now)]
        self._unfinished = None

    def extend(self, x: float, y: float, now: int) -> None:
        """Move the pen; does nothing while it is up."""
        if self._current:
            self._current.append(Point(x, y, now))
            self._unfinished = None

    def end(self) -> None:
        """Lift the pen; a stroke of a single point is a dot."""
        if stroke := self.unfinished:
            self._current = []
            self.ended = (self.number, stroke)
            self.add(stroke)

    def add(self, stroke: Stroke) -> None:
        """Add a finished stroke, in canvas pixels."""
        stroke.bounds  # noqa: B018 - computed now, so that erasing need not compute thousands
        self._change(len(self._strokes), removed=(), added=(stroke,))

    def clear(self) -> None:
        """Remove all strokes, as one step to undo."""
        self._current = []
        if self._strokes:
            self._change(0, removed=self._strokes, added=())

    def erase(
        self, path: Sequence[tuple[float, float]], radius: float
    ) -> list[tuple[float, float]]:
        """Remove the strokes within a radius of each point of a path.

        Each point that removes something is a step to undo.

        Args:
            path: at least one point, (x, y) in canvas pixels.
            radius: in canvas pixels.

        Returns:
            the points that removed something.
        """
        # Look at all strokes only once, however many points the path has.
        left, right = min(x for x, _ in path) - radius, max(x for x, _ in path) + radius
        top, bottom = min(y for _, y in path) - radius, max(y for _, y in path) + radius
        nearby = [
            stroke for stroke in self._strokes if _overlaps(stroke.bounds, left, top, right, bottom)
        ]
        erased_at = []
        for point in path:
            touched = {id(stroke) for stroke in nearby if _is_near(stroke, *point, radius)}
            if touched:
                nearby = [stroke for stroke in nearby if id(stroke) not in touched]
                self._remove(touched)
                erased_at.append(point)
        return erased_at

    def _remove(self, ids: Collection[int]) -> None:
        """Remove the strokes with these identities, as one step."""
        first = next(n for n, stroke in enumerate(self._strokes) if id(stroke) in ids)
        removed = self._strokes[first:]
        self._change(first, removed, added=tuple(s for s in removed if id(s) not in ids))

    def resize(self, canvas: tuple[float, float]) -> None:
        """Adopt another canvas if the board is blank."""
        if self.is_blank:
            self.canvas = canvas

    def undo(self) -> None:
        """Undo the last step, or drop the stroke that is being drawn."""
        if self._current:
            self._current = []
        elif self._done:
            change = self._done.pop()
            self._undone.append(change)
            self._apply(change.inverse)

    def redo(self) -> None:
        """Redo the step that was undone last."""
        if self._undone and not self._current:
            change = self._undone.pop()
            self._done.append(change)
            self._apply(change)

    def drawing(self) -> Drawing:
        """Return the finished strokes as a drawing, with times on the board's clock.

        Raises:
            InkError: there are more points than a drawing may have.
        """
        return Drawing(self._strokes, canvas=self.canvas, pen=self.pen)

    def _change(self, index: int, removed: tuple[Stroke, ...], added: tuple[Stroke, ...]) -> None:
        change = _Change(self.canvas, index, removed, added)
        self._undone.clear()
        self._done.append(change)
        self._apply(change)

    def _apply(self, change: _Change) -> None:
        end = change.index + len(change.removed)
        self._strokes = (*self._strokes[: change.index], *change.added, *self._strokes[end:])
        self.canvas = change.canvas


def _overlaps(box: Box, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether a box and a rectangle share a point."""
    x, y, width, height = box
    return x <= right and y <= bottom and x + width >= left and y + height >= top


def _is_near(stroke: Stroke, x: float, y: float, radius: float) -> bool:
    """Whether a stroke's centre line comes within a radius of a point, in canvas pixels."""
    if not _overlaps(stroke.bounds, x - radius, y - radius, x + radius, y + radius):
        return False
    path = stroke.xy - (x, y)
    starts, vectors = path[:-1], path[1:] - path[:-1]
    lengths = (vectors**2).sum(axis=1).clip(min=1e-12)
    along = (-(starts * vectors).sum(axis=1) / lengths).clip(0, 1)
    nearest = starts + vectors * along[:, None]
    # A dot has no segment, only an end.
    return any(((points**2).sum(axis=1) <= radius**2).any() for points in (nearest, path[-1:]))
