"""Keeps a layer up to date with a board, redrawing only where ink was added or removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pygame
from pygame import Rect

from digitdraw.ink.curve import settled, split_smooth, thin
from digitdraw.ink.layer import InkLayer, spacing, stroke_curve
from digitdraw.model.board import Board
from digitnet import Point, Stroke

_STAMPS_PER_FRAME = 12_000  # a number's ink fits, so it never flickers; more would be a pause
_STROKE_COST = 40  # stamps that take as long as the fixed work for each stroke
_POINTS_PER_STEP = 100  # of a line, before its stamps are counted again


class GrowingLine:
    """A line that is drawn while its points arrive.

    Args:
        ink: the layer to draw on.
        radius: half the line's width in pixels.
        origin: where the canvas's top left corner is, in pixels of the layer.
        scale: pixels of the layer per pixel of the canvas.

    Attributes:
        point_count: how many points it has so far.
        stamp_count: how many stamps have been drawn for it.
        area: everything that it may have drawn on.
    """

    def __init__(
        self, ink: InkLayer, radius: float, origin: tuple[float, float], scale: float
    ) -> None:
        self._ink = ink
        self._radius = radius
        self._origin = complex(*origin)
        self._scale = scale
        self._thinned: list[complex] = []
        self._last = 0j
        self._settled = -1  # index of the thinned point up to which the ink is final
        self._tail: list[complex] = []  # the curve after that point
        self._newest: Rect | None = None  # the part that was drawn last
        self.point_count = 0
        self.stamp_count = 0
        self.area = Rect(0, 0, 0, 0)

    def extend(self, points: Sequence[Point]) -> Rect:
        """Add at least one point; return the part of the layer that has changed."""
        scale, origin = self._scale, self._origin
        places = [complex(x, y) * scale + origin for x, y, _ in points]
        thin(places, self._thinned)
        self._last = places[-1]
        self.point_count += len(points)
        return self._draw(settled(self._thinned))

    def finish(self) -> Rect:
        """End the line at its last point; return the part of the layer that has changed."""
        return self._draw(len(self._thinned))

    def draw_tail(self, surface: pygame.Surface, corner: tuple[int, int]) -> None:
        """Draw what is not on the layer yet on a copy of it; see `InkLayer.draw_over`."""
        if self._tail:
            self._ink.draw_over(surface, corner, self._tail, self._radius)

    def _draw(self, fixed: int) -> Rect:
        """Draw what is new, with the part after the point `fixed`, which may change, as tail."""
        start = max(self._settled, 0)
        before = max(start - 2, 0)
        path = self._thinned[before:]
        if self._last != path[-1]:
            path = [*path, self._last]
        fixed = min(fixed, before + len(path) - 1)
        step = spacing(self._radius)
        curve, split = split_smooth(path, start - before, fixed - before, step=step)
        if split or self._settled < 0:
            self._ink.draw(curve[: split + 1], self._radius)
            self.stamp_count += split + 1
        self._settled = fixed
        self._tail = curve[split + 1 :]
        newest = self._ink.bounds(curve, self._radius)
        changed = newest if self._newest is None else newest.union(self._newest)
        self.area = changed if self._newest is None else self.area.union(changed)
        self._newest = newest
        return changed


class _DrawnStroke(NamedTuple):
    """A stroke on the layer: its area, and how many stamps it took."""

    stroke: Stroke
    area: Rect
    stamp_count: int


class BoardRenderer:
    """Keeps a layer up to date with a board's ink, except for the tail of a growing stroke.

    Args:
        ink: the layer, blank.
        radius: half a line's width in pixels.
        origin: where the canvas's top left corner is, in pixels of the layer.
        scale: pixels of the layer per pixel of the canvas.

    Attributes:
        is_complete: whether the layer shows all ink; a large amount is drawn over several frames.
    """

    def __init__(
        self, ink: InkLayer, radius: float, origin: tuple[float, float], scale: float
    ) -> None:
        self._ink = ink
        self._line = (radius, origin, scale)
        self._strokes: tuple[Stroke, ...] = ()
        self._drawn: dict[int, _DrawnStroke] = {}
        self._partial: tuple[Stroke, GrowingLine] | None = None
        self._current: tuple[int, GrowingLine] | None = None
        self.is_complete = True

    def update(self, board: Board) -> list[Rect]:
        """Bring the layer up to date; return the parts of it that have changed."""
        strokes = board.strokes
        changed = self._finish_current(board)
        if strokes is not self._strokes:
            self._strokes = strokes
            changed += self._erase_removed(strokes)
        end = self._ink.stamp_count + _STAMPS_PER_FRAME
        for stroke in strokes if len(strokes) > len(self._drawn) else ():
            if id(stroke) not in self._drawn and self._ink.stamp_count < end:
                changed += self._add(stroke, end)
                end -= _STROKE_COST
        if board.length and not self._current:
            self._current = (board.number, self._new_line())
        if self._current:
            line = self._current[1]
            while line.point_count < board.length and self._ink.stamp_count < end:
                points = board.points(line.point_count, line.point_count + _POINTS_PER_STEP)
                changed.append(line.extend(points))
        is_current_shown = self._current is None or self._current[1].point_count == board.length
        self.is_complete = len(self._drawn) == len(strokes) and is_current_shown
        return changed

    def draw_tails(self, surface: pygame.Surface, corner: tuple[int, int]) -> None:
        """Draw the tails of unfinished lines on a copy of the layer.

        Args:
            surface: holds the copy.
            corner: where the top left corner of the copy is.
        """
        if self._partial:
            self._partial[1].draw_tail(surface, corner)
        if self._current:
            self._current[1].draw_tail(surface, corner)

    def _finish_current(self, board: Board) -> list[Rect]:
        """Turn the line of a stroke that has ended into that of the finished one, or erase it."""
        if not self._current or (board.length and board.number == self._current[0]):
            return []
        number, line = self._current
        self._current = None
        if board.ended and board.ended[0] == number:
            stroke = board.ended[1]
            if board.strokes and board.strokes[-1] is stroke:
                self._partial = (stroke, line)
                return []
        return self._clear(line.area)

    def _erase_removed(self, strokes: Sequence[Stroke]) -> list[Rect]:
        """Erase the strokes that are no longer on the board."""
        present = {id(stroke) for stroke in strokes}
        removed = [key for key in self._drawn if key not in present]
        areas = [self._drawn.pop(key).area for key in removed]
        if self._partial and id(self._partial[0]) not in present:
            areas.append(self._partial[1].area)
            self._partial = None
        return self._clear(_union(areas)) if areas else []

    def _clear(self, area: Rect) -> list[Rect]:
        """Erase an area, and redraw the other strokes that cross it."""
        crossing = [key for key, drawn in self._drawn.items() if drawn.area.colliderect(area)]
        if self._partial and self._partial[1].area.colliderect(area):
            area = _union([area, self._partial[1].area])
            self._partial = None
        stamps = sum(self._drawn[key].stamp_count + _STROKE_COST for key in crossing)
        if stamps > 2 * _STAMPS_PER_FRAME:  # too much for one frame: later frames draw them
            for key in crossing:
                area = _union([area, self._drawn.pop(key).area])
            return self._clear(area)
        self._ink.clear(area)
        with self._ink.clipped_to(area):
            for key in crossing:
                self._draw_whole(self._drawn[key].stroke)
        return [area]

    def _draw_whole(self, stroke: Stroke) -> Rect:
        radius, origin, scale = self._line
        curve = stroke_curve(stroke.points, radius, origin, scale)
        self._ink.draw(curve, radius)
        return self._ink.bounds(curve, radius)

    def _add(self, stroke: Stroke, end: int) -> list[Rect]:
        """Draw a stroke, or part of a long one; return what has changed.

        Args:
            stroke: has not been drawn yet, or only partly.
            end: the stamp count at which to stop.
        """
        is_begun = self._partial is not None and self._partial[0] is stroke
        if not is_begun and len(stroke.points) <= _POINTS_PER_STEP:
            before = self._ink.stamp_count
            area = self._draw_whole(stroke)
            self._drawn[id(stroke)] = _DrawnStroke(stroke, area, self._ink.stamp_count - before)
            return [area]
        line = self._partial[1] if self._partial and is_begun else self._new_line()
        self._partial = (stroke, line)
        changed = []
        while line.point_count < len(stroke.points) and self._ink.stamp_count < end:
            points = stroke.points[line.point_count : line.point_count + _POINTS_PER_STEP]
            changed.append(line.extend(points))
        if line.point_count == len(stroke.points):
            changed.append(line.finish())
            self._partial = None
            self._drawn[id(stroke)] = _DrawnStroke(stroke, line.area, line.stamp_count)
        return changed

    def _new_line(self) -> GrowingLine:
        return GrowingLine(self._ink, *self._line)


def _union(areas: Iterable[Rect]) -> Rect:
    """Return the smallest rectangle around those areas that are not empty."""
    filled = [area for area in areas if area.width and area.height]
    return filled[0].unionall(filled[1:]) if filled else Rect(0, 0, 0, 0)
