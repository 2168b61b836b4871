"""A board's ink to a layer: only what is new, and where ink was taken away, only there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pygame
from pygame import Rect

from digitdraw.ink.curve import settled, smooth, split_smooth, thin, thinned
from digitdraw.ink.layer import InkLayer, spacing
from digitdraw.model.board import Board
from digitnet import Point, Stroke

_STAMPS_A_FRAME = 12_000  # a number's ink, so that it never flickers; more would be a pause
_PRICE = 40  # stamps that take as long as what is done once for each stroke
_POINTS_AT_ONCE = 100  # of a line, until it is seen how many stamps it takes


class GrowingLine:
    """A line that is drawn as its points come.

    Args:
        ink: what it is drawn on.
        radius: half its width in pixels.
        origin: where the canvas's corner is, in pixels of the layer.
        scale: pixels of the layer for one of the canvas.

    Attributes:
        taken: how many points it has been given.
        stamps: that it has put down.
        area: all that it may have drawn on.
    """

    def __init__(
        self, ink: InkLayer, radius: float, origin: tuple[float, float], scale: float
    ) -> None:
        self._ink = ink
        self._radius = radius
        self._origin = complex(*origin)
        self._scale = scale
        self._thin: list[complex] = []
        self._last = 0j
        self._settled = -1  # the thinned point up to which the ink will stay as it is
        self._rest: list[complex] = []  # the curve beyond
        self._newest: Rect | None = None  # the part where it was drawn last
        self.taken = 0
        self.stamps = 0
        self.area = Rect(0, 0, 0, 0)

    def grow(self, points: Sequence[Point]) -> Rect:
        """Go on to points, at least one; gives the part of the layer that has changed."""
        scale, origin = self._scale, self._origin
        places = [complex(x, y) * scale + origin for x, y, _ in points]
        thin(places, self._thin)
        self._last = places[-1]
        self.taken += len(points)
        return self._draw(settled(self._thin))

    def finish(self) -> Rect:
        """End the line where it is; gives what `grow` does."""
        return self._draw(len(self._thin))

    def draw_rest(self, surface: pygame.Surface, corner: tuple[int, int]) -> None:
        """Draw what is not on the layer yet over a copy of it, as `InkLayer.draw_over` does."""
        if self._rest:
            self._ink.draw_over(surface, corner, self._rest, self._radius)

    def _draw(self, fixed: int) -> Rect:
        """Draw what is new; beyond the point `fixed` the next points may still bend the line."""
        start = max(self._settled, 0)
        before = max(start - 2, 0)
        path = self._thin[before:]
        if self._last != path[-1]:
            path = [*path, self._last]
        fixed = min(fixed, before + len(path) - 1)
        step = spacing(self._radius)
        curve, split = split_smooth(path, start - before, fixed - before, step=step)
        if split or self._settled < 0:
            self._ink.draw(curve[: split + 1], self._radius)
            self.stamps += split + 1
        self._settled = fixed
        self._rest = curve[split + 1 :]
        newest = self._ink.reach(curve, self._radius)
        changed = newest if self._newest is None else newest.union(self._newest)
        self.area = changed if self._newest is None else self.area.union(changed)
        self._newest = newest
        return changed


class _Shown(NamedTuple):
    """A stroke that is drawn: where, and with how many stamps."""

    stroke: Stroke
    area: Rect
    stamps: int


class InkView:
    """Keeps a layer as a board's ink, but for the end of a stroke that is being drawn.

    Args:
        ink: the layer, blank.
        radius: half a line's width in pixels.
        origin: where the canvas's corner is, in pixels of the layer.
        scale: pixels of the layer for one of the canvas.

    Attributes:
        is_complete: whether the layer shows all ink; what is very much is drawn over some frames.
    """

    def __init__(
        self, ink: InkLayer, radius: float, origin: tuple[float, float], scale: float
    ) -> None:
        self._ink = ink
        self._line = (radius, origin, scale)
        self._strokes: tuple[Stroke, ...] = ()
        self._drawn: dict[int, _Shown] = {}
        self._partly: tuple[Stroke, GrowingLine] | None = None
        self._current: tuple[int, GrowingLine] | None = None
        self.is_complete = True

    def update(self, board: Board) -> list[Rect]:
        """Bring the layer up to date; gives the parts of it that have changed."""
        strokes = board.strokes
        changed = self._finish_current(board)
        if strokes is not self._strokes:
            self._strokes = strokes
            changed += self._take_away(strokes)
        end = self._ink.stamped + _STAMPS_A_FRAME
        for stroke in strokes if len(strokes) > len(self._drawn) else ():
            if id(stroke) not in self._drawn and self._ink.stamped < end:
                changed += self._add(stroke, end)
                end -= _PRICE
        if board.length and not self._current:
            self._current = (board.number, self._new_line())
        if self._current:
            line = self._current[1]
            while line.taken < board.length and self._ink.stamped < end:
                points = board.points(line.taken, line.taken + _POINTS_AT_ONCE)
                changed.append(line.grow(points))
        is_current_shown = self._current is None or self._current[1].taken == board.length
        self.is_complete = len(self._drawn) == len(strokes) and is_current_shown
        return changed

    def draw_rest(self, surface: pygame.Surface, corner: tuple[int, int]) -> None:
        """Draw the ends of what is being drawn over a copy of the layer.

        Args:
            surface: on which that copy is.
            corner: where its left upper corner is.
        """
        if self._partly:
            self._partly[1].draw_rest(surface, corner)
        if self._current:
            self._current[1].draw_rest(surface, corner)

    def _finish_current(self, board: Board) -> list[Rect]:
        """Go on from the stroke that was being drawn to the finished one, or take it away."""
        if not self._current or (board.length and board.number == self._current[0]):
            return []
        number, line = self._current
        self._current = None
        if board.ended and board.ended[0] == number:
            stroke = board.ended[1]
            if board.strokes and board.strokes[-1] is stroke:
                self._partly = (stroke, line)
                return []
        return self._clear(line.area)

    def _take_away(self, strokes: Sequence[Stroke]) -> list[Rect]:
        """Take away what is shown and is not on the board any more."""
        there = {id(stroke) for stroke in strokes}
        gone = [key for key in self._drawn if key not in there]
        areas = [self._drawn.pop(key).area for key in gone]
        if self._partly and id(self._partly[0]) not in there:
            areas.append(self._partly[1].area)
            self._partly = None
        return self._clear(_around(areas)) if areas else []

    def _clear(self, area: Rect) -> list[Rect]:
        """Take all ink in a part of the layer away, and draw again what else belongs there."""
        near = [key for key, shown in self._drawn.items() if shown.area.colliderect(area)]
        if self._partly and self._partly[1].area.colliderect(area):
            area = _around([area, self._partly[1].area])
            self._partly = None
        stamps = sum(self._drawn[key].stamps + _PRICE for key in near)
        if stamps > 2 * _STAMPS_A_FRAME:  # over some frames, then
            for key in near:
                area = _around([area, self._drawn.pop(key).area])
            return self._clear(area)
        self._ink.clear(area)
        with self._ink.only(area):
            for key in near:
                self._draw_whole(self._drawn[key].stroke)
        return [area]

    def _draw_whole(self, stroke: Stroke) -> Rect:
        radius, (left, top), scale = self._line
        places = [complex(x * scale + left, y * scale + top) for x, y, _ in stroke.points]
        curve = smooth(thinned(places), step=spacing(radius))
        self._ink.draw(curve, radius)
        return self._ink.reach(curve, radius)

    def _add(self, stroke: Stroke, end: int) -> list[Rect]:
        """Draw a stroke, or of a long one as much as may be; gives what has changed.

        Args:
            stroke: not drawn yet, or partly.
            end: the number of stamps to stop at.
        """
        is_begun = self._partly is not None and self._partly[0] is stroke
        if not is_begun and len(stroke.points) <= _POINTS_AT_ONCE:
            before = self._ink.stamped
            area = self._draw_whole(stroke)
            self._drawn[id(stroke)] = _Shown(stroke, area, self._ink.stamped - before)
            return [area]
        line = self._partly[1] if self._partly and is_begun else self._new_line()
        self._partly = (stroke, line)
        changed = []
        while line.taken < len(stroke.points) and self._ink.stamped < end:
            points = stroke.points[line.taken : line.taken + _POINTS_AT_ONCE]
            changed.append(line.grow(points))
        if line.taken == len(stroke.points):
            changed.append(line.finish())
            self._partly = None
            self._drawn[id(stroke)] = _Shown(stroke, line.area, line.stamps)
        return changed

    def _new_line(self) -> GrowingLine:
        return GrowingLine(self._ink, *self._line)


def _around(areas: Iterable[Rect]) -> Rect:
    """Give the smallest rectangle around all that are not empty."""
    some = [area for area in areas if area.width and area.height]
    return some[0].unionall(some[1:]) if some else Rect(0, 0, 0, 0)
