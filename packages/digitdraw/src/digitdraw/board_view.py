"""The board to pixels: ink as it comes, and a box around each digit of a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pygame
from pygame import Rect

from digitdraw.board import Board
from digitdraw.curve import LAG, smooth, split_smooth, thin, thinned
from digitdraw.ink_layer import InkLayer, spacing
from digitdraw.text import Writer
from digitdraw.theme import Theme
from digitnet import Digit, Point, Stroke


@dataclass(frozen=True)
class Placement:
    """Where the canvas stands in the window: as large as fits, in the middle of the board."""

    left: float
    top: float
    scale: float

    @classmethod
    def fit(cls, canvas: tuple[float, float], area: Rect) -> Placement:
        """Place a canvas of (width, height) pixels in a part of the window."""
        scale = min(area.width / canvas[0], area.height / canvas[1])
        return cls(
            left=area.left + (area.width - canvas[0] * scale) / 2,
            top=area.top + (area.height - canvas[1] * scale) / 2,
            scale=scale,
        )

    def place(self, canvas: tuple[float, float]) -> Rect:
        """Give the canvas's part of the window, in whole pixels."""
        width, height = (round(side * self.scale) for side in canvas)
        return Rect(round(self.left), round(self.top), width, height)

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Turn window pixels into canvas pixels."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_window(self, x: float, y: float) -> tuple[float, float]:
        """Turn canvas pixels into window pixels."""
        return x * self.scale + self.left, y * self.scale + self.top


class BoardView:
    """Draws the board, and of its ink only what is new."""

    def __init__(self, theme: Theme, writer: Writer) -> None:
        self._theme = theme
        self._writer = writer
        self._ink = InkLayer((1, 1), theme.paper, theme.ink)
        self._area = Rect(0, 0, 0, 0)
        self._canvas = Rect(0, 0, 0, 0)
        self._placement: Placement | None = None
        self._strokes: tuple[Stroke, ...] = ()
        self._current: tuple[Point, ...] = ()
        # Of the current stroke: its thinned points in the layer, how many of its points they come
        # from, and the thinned point up to which its ink will stay as it is.
        self._thin: list[tuple[float, float]] = []
        self._taken = 0
        self._settled = -1
        self._tail: tuple[pygame.Surface, Rect] | None = None  # what is under the rest of it
        self._boxes: list[Rect] = []
        self._shown = 0
        self._pen = 0.0

    def invalidate(self) -> None:
        """Forget what was drawn: the next `draw` draws everything."""
        self._placement = None

    def draw(
        self,
        surface: pygame.Surface,
        area: Rect,
        board: Board,
        digits: Sequence[Digit],
        shown: int = 0,
    ) -> list[Rect]:
        """Bring the board's part of a surface up to date.

        Args:
            surface: shows what the last call drew on it.
            area: the board's part, in window pixels.
            board: the ink.
            digits: as which it was read.
            shown: the place of the one whose box is drawn bolder.

        Returns:
            the parts of the surface that were drawn on.
        """
        if area != self._area:
            self._area, self._placement = area.copy(), None
            self._ink = InkLayer(area.size, self._theme.paper, self._theme.ink)
        placement = Placement.fit(board.canvas, area)
        boxes = self._boxes_around(digits, board, placement)
        changed = self._draw_ink(board, placement)
        if (boxes, shown) != (self._boxes, self._shown):
            self._boxes, self._shown = boxes, shown
            changed = [self._ink.surface.get_rect()]
        for part in changed:
            self._show(surface, part, is_blank=board.is_blank)
        return [part.move(area.topleft) for part in changed]

    def _draw_ink(self, board: Board, placement: Placement) -> list[Rect]:
        """Bring the layer of ink up to date; gives the parts of it that have changed."""
        changed: list[Rect] = []
        was_blank = not self._strokes and not self._current
        is_continued = board.is_blank == was_blank and self._is_continued_by(board)
        if placement != self._placement or board.pen != self._pen or not is_continued:
            self._ink.clear()
            self._pen, self._placement = board.pen, placement
            self._strokes, self._current, self._tail = (), (), None
            self._thin, self._taken, self._settled = [], 0, -1
            self._canvas = placement.place(board.canvas).clip(self._area)
            changed.append(self._ink.surface.get_rect())
        if (board.strokes, board.current) != (self._strokes, self._current):
            changed += self._draw_new_ink(board, placement)
        return changed

    def _draw_new_ink(self, board: Board, placement: Placement) -> list[Rect]:
        """Draw what the board has more than is shown."""
        origin = (placement.left - self._area.left, placement.top - self._area.top)
        radius = board.pen_pixels * placement.scale / 2
        changed: list[Rect] = []
        if self._tail:
            self._ink.paste(*self._tail)
            changed.append(self._tail[1])
            self._tail = None
        for stroke in board.strokes[len(self._strokes) :]:
            path = thinned(stroke.xy * placement.scale + origin)
            curve = smooth(path, max(self._settled, 0), step=spacing(radius))
            changed.append(self._ink.draw(curve, radius))
            self._thin, self._taken, self._settled = [], 0, -1
        if board.current:
            changed += self._draw_current(board.current, placement.scale, origin, radius)
        self._strokes, self._current = board.strokes, board.current
        return changed

    def _draw_current(
        self, points: Sequence[Point], scale: float, origin: tuple[float, float], radius: float
    ) -> list[Rect]:
        """Draw what is new of the stroke that is being drawn, however long it is."""
        new = [(x * scale + origin[0], y * scale + origin[1]) for x, y, _ in points[self._taken :]]
        thin(new, self._thin)
        self._taken = len(points)
        start, settled = max(self._settled, 0), max(len(self._thin) - 1 - LAG, 0)
        before = max(start - 2, 0)
        path = self._thin[before:] + ([new[-1]] if new and new[-1] != self._thin[-1] else [])
        curve, fixed = split_smooth(
            np.array(path), start - before, settled - before, step=spacing(radius)
        )
        # The rest may still bend, when the next point comes, so what is under it is kept.
        changed = []
        if fixed or self._settled < 0:
            changed.append(self._ink.draw(curve[: fixed + 1], radius))
        self._settled = settled
        if fixed < len(curve) - 1:
            area = self._ink.reach(curve[fixed:], radius)
            self._tail = (self._ink.copy(area), area)
            self._ink.draw(curve[fixed:], radius)
            changed.append(area)
        return changed

    def _is_continued_by(self, board: Board) -> bool:
        """Whether the board holds all ink that is shown, and perhaps more."""
        count = len(self._strokes)
        if board.strokes[:count] != self._strokes:
            return False
        newer = [stroke.points for stroke in board.strokes[count:]] + [board.current]
        return newer[0][: len(self._current)] == self._current

    def _boxes_around(
        self, digits: Sequence[Digit], board: Board, placement: Placement
    ) -> list[Rect]:
        """Give the digits' boxes in window pixels; a digit that is alone needs none."""
        if len(digits) < 2:
            return []
        return [box_around(digit, board, placement).clip(self._area) for digit in digits]

    def _show(self, surface: pygame.Surface, part: Rect, *, is_blank: bool) -> None:
        """Copy a part of the board to the surface, with all that lies over the ink."""
        clip = surface.get_clip()
        surface.set_clip(part.move(self._area.topleft))
        surface.blit(self._ink.surface, self._area)
        if is_blank:
            size = min(self._area.size) / 14
            self._writer.write(surface, "Draw a digit here", self._area, size, self._theme.quiet)
        for index, box in enumerate(self._boxes):
            # pygame draws thicker rounded boxes wrongly where they are clipped.
            for inner in (box, box.inflate(-2, -2))[: 2 if index == self._shown else 1]:
                pygame.draw.rect(surface, self._theme.accent, inner, 1, border_radius=4)
        for beside in _around(self._canvas, self._area):
            surface.fill(self._theme.background, beside)
        pygame.draw.rect(surface, self._theme.edge, self._canvas, 1)
        surface.set_clip(clip)


def box_around(digit: Digit, board: Board, placement: Placement) -> Rect:
    """Give a digit's box with the width of the pen and some air, in window pixels."""
    left, top, width, height = digit.box
    margin = board.pen_pixels * placement.scale / 2 + 3
    size = (width * placement.scale, height * placement.scale)
    return Rect(placement.to_window(left, top), size).inflate(2 * margin, 2 * margin)


def _around(inner: Rect, outer: Rect) -> list[Rect]:
    """Give what an outer rectangle has around an inner one that fills its width or its height."""
    if inner == outer:
        return []
    return [
        Rect(outer.left, outer.top, inner.left - outer.left, outer.height),
        Rect(inner.right, outer.top, outer.right - inner.right, outer.height),
        Rect(outer.left, outer.top, outer.width, inner.top - outer.top),
        Rect(outer.left, inner.bottom, outer.width, outer.bottom - inner.bottom),
    ]
