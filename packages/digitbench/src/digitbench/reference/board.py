"""What should be on the board: strokes as plain paths, and a full copy of every earlier state.

The app keeps changes and reverses them; here undo goes back to a copy, which is slower, and too
simple to be wrong in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import pygame

from digitbench.replay.outcome import ViolationError
from digitbench.replay.sdl_events import XY
from digitnet import Stroke

StrokePath: TypeAlias = tuple[XY, ...]
StrokePaths: TypeAlias = tuple[StrokePath, ...]
Canvas: TypeAlias = tuple[int, int]

TOLERANCE = 0.25
"""How far a point may be off, in canvas pixels: recordings round, and so does their replay."""

_LEAST_REACH = 12.0  # of the eraser, in canvas pixels


class ReferenceBoard:
    """The ink, every state before it, and what was undone.

    Attributes:
        canvas: (width, height) in pixels, which all coordinates refer to.
        pen: diameter of the pen over the shorter side of the canvas.
        strokes: the finished ones.
    """

    def __init__(self, canvas: Canvas, pen: float) -> None:
        self.canvas = canvas
        self.pen = pen
        self.strokes: StrokePaths = ()
        self._current: list[XY] = []
        # Each with its canvas, and whether an eraser then removed strokes, perhaps in several
        # steps.
        self._past: list[tuple[StrokePaths, Canvas, bool]] = []
        self._future: list[tuple[StrokePaths, Canvas]] = []

    @property
    def reach(self) -> float:
        """How far the eraser reaches, in canvas pixels."""
        return max(self.pen * min(self.canvas), _LEAST_REACH)

    @property
    def current(self) -> StrokePath:
        """The stroke that is being drawn; empty while the pen is up."""
        return tuple(self._current)

    @property
    def is_drawing(self) -> bool:
        """Whether the pen is down."""
        return bool(self._current)

    def begin(self, position: XY) -> None:
        """Put the pen down, in canvas pixels."""
        self.end()
        self._current = [position]

    def extend(self, position: XY) -> None:
        """Move the pen; one that stands still adds nothing."""
        if self._current and position != self._current[-1]:
            self._current.append(position)

    def end(self) -> None:
        """Lift the pen."""
        if self._current:
            strokes, self._current = (*self.strokes, self.current), []
            self.replace(strokes)

    def replace(self, strokes: StrokePaths, *, by_eraser: bool = False) -> None:
        """Hold other strokes, in one step that can be undone."""
        self._past.append((self.strokes, self.canvas, by_eraser))
        self._future.clear()
        self.strokes = strokes

    def clear(self) -> None:
        """Remove all ink."""
        self._current = []
        if self.strokes:
            self.replace(())

    def undo(self, see: Callable[[], StrokePaths]) -> None:
        """Go back one step.

        Args:
            see: returns the strokes of the app, which decide how far to go back where an eraser
                removed strokes in several steps.
        """
        if self._current:
            self._current = []
        elif self._past:
            before, canvas, by_eraser = self._past.pop()
            self._future.append((self.strokes, self.canvas))
            if by_eraser and not same_paths(seen := see(), before):
                _kept(seen, before)
                _kept(self.strokes, seen)
                if len(seen) == len(self.strokes):
                    raise ViolationError("undo restored nothing of what was erased")
                self._past.append((before, canvas, True))
                before = seen
            self.strokes, self.canvas = before, canvas

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._future and not self._current:
            self._past.append((self.strokes, self.canvas, False))
            self.strokes, self.canvas = self._future.pop()

    def erase(self, start: XY, end: XY, slack: float, seen: StrokePaths) -> None:
        """Remove what the eraser met; `seen` decides for strokes that it may have touched.

        Args:
            start: where the eraser was, in canvas pixels.
            end: where it is now.
            slack: how far it may be off, in canvas pixels, as a mouse is at whole pixels.
            seen: the strokes that are left in the app.

        Raises:
            ViolationError: the app left a stroke that it must remove, or removed one that it must
                leave.
        """
        kept = _kept(seen, self.strokes)
        # The eraser moves in steps. The first may be a reach away, and only from there on it is
        # certain to meet what is well within reach: undo may have restored ink before that.
        sure = min(1.0, self.reach / max(float(np.hypot(*np.subtract(end, start))), 1e-9))
        first = tuple(np.add(start, np.multiply(sure, np.subtract(end, start))).tolist())
        for index, path in enumerate(self.strokes):
            if index in kept and (away := distance(path, first, end)) < 0.8 * self.reach - slack:
                raise ViolationError(
                    f"the eraser was {away:.0f} pixels from stroke {index + 1}, and left it"
                )
            if index not in kept and (away := distance(path, start, end)) > self.reach + slack:
                raise ViolationError(
                    f"the eraser was {away:.0f} pixels from stroke {index + 1}, and removed it"
                )
        if len(kept) < len(self.strokes):
            self.replace(tuple(self.strokes[index] for index in kept), by_eraser=True)

    def fit(self, canvas: Canvas) -> None:
        """Change the canvas if there is no ink."""
        if not (self.strokes or self._current):
            self.canvas = canvas

    def scale_in(self, area: pygame.Rect) -> float:
        """Return how many window pixels a canvas pixel has in this area of the window."""
        return min(area.width / self.canvas[0], area.height / self.canvas[1])

    def clamp(self, position: XY, area: pygame.Rect) -> XY:
        """Keep window pixels within the canvas: the pen slides along its edge."""
        at = []
        for value, start, side in zip(position, self._corner_in(area), self.canvas, strict=True):
            end = side * self.scale_in(area) + start
            at.append(min(max(value, math.ceil(start)), math.floor(end)))
        return at[0], at[1]

    def to_canvas(self, position: XY, area: pygame.Rect) -> XY:
        """Convert window pixels to canvas pixels."""
        (x, y), (left, top), scale = position, self._corner_in(area), self.scale_in(area)
        return round((x - left) / scale, 2), round((y - top) / scale, 2)

    def _corner_in(self, area: pygame.Rect) -> XY:
        """Return the upper left corner of the canvas, in window pixels."""
        scale = self.scale_in(area)
        left = area.left + (area.width - self.canvas[0] * scale) / 2
        return left, area.top + (area.height - self.canvas[1] * scale) / 2


def paths_of(strokes: Sequence[Stroke]) -> StrokePaths:
    """Return strokes as plain paths."""
    return tuple(tuple((x, y) for x, y, _ in stroke.points) for stroke in strokes)


def same_paths(one: StrokePaths, other: StrokePaths) -> bool:
    """Whether these are the same strokes, up to rounding."""
    return len(one) == len(other) and all(map(_is_same, one, other))


def distance(path: StrokePath, start: XY, end: XY) -> float:
    """Return the distance between a path and the line from `start` to `end`, to half a pixel."""
    count = 2 + int(np.hypot(end[0] - start[0], end[1] - start[1]))
    line = np.linspace(start, end, count)
    corners = np.array(path)
    least = float(np.hypot(*(line[:, None] - corners[None]).reshape(-1, 2).T).min())
    for a, b in pairwise(corners):
        along = np.clip((line - a) @ (b - a) / max((b - a) @ (b - a), 1e-12), 0, 1)
        least = min(least, float(np.hypot(*(line - a - along[:, None] * (b - a)).T).min()))
    return least


def _is_same(one: StrokePath, other: StrokePath) -> bool:
    if one == other or len(one) != len(other):
        return one == other
    return float(np.abs(np.subtract(one, other)).max()) <= TOLERANCE


def _kept(part: StrokePaths, whole: StrokePaths) -> list[int]:
    """Return the indices in the whole of the strokes of a part, in their order."""
    indices: list[int] = []
    for path in part:
        start = indices[-1] + 1 if indices else 0
        here = [index for index in range(start, len(whole)) if _is_same(path, whole[index])]
        if not here:
            raise ViolationError(
                f"the {len(part)} strokes left are not among the {len(whole)} there were"
            )
        indices.append(here[0])
    return indices
