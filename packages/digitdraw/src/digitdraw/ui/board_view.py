"""Draws the board: ink while it is drawn, and a box around each digit of a number."""

from __future__ import annotations

from collections.abc import Sequence

import pygame
from pygame import Rect

from digitdraw.ink.board_renderer import BoardRenderer
from digitdraw.ink.layer import InkLayer
from digitdraw.ink.paint import around, fill
from digitdraw.model.board import Board
from digitdraw.model.placement import Placement
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme
from digitnet import Digit


class BoardView:
    """Draws the board, redrawing only the ink that has changed."""

    def __init__(self, theme: Theme, writer: Writer) -> None:
        self._theme = theme
        self._writer = writer
        self._ink = InkLayer((1, 1), theme.paper, theme.ink)
        self._area = Rect(0, 0, 0, 0)
        self._canvas = Rect(0, 0, 0, 0)
        self._fitted = Placement(0, 0, 1)  # of the canvas below in the area
        self._fitted_canvas: tuple[float, float] | None = None
        self._placement: Placement | None = None  # with which ink was drawn
        self._renderer: BoardRenderer | None = None
        self._boxes: list[Rect] = []
        self._shown = 0
        self._pen = 0.0
        self._is_blank = True

    def invalidate(self) -> None:
        """Draw everything again with the next `draw`."""
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
            digits: the digits that were read.
            shown: index of the digit whose box is bold.

        Returns:
            the parts of the surface that were drawn on.
        """
        if area != self._area:
            self._area, self._placement, self._renderer = area.copy(), None, None
            self._fitted_canvas = None
            self._ink = InkLayer(area.size, self._theme.paper, self._theme.ink)
        if board.canvas != self._fitted_canvas:
            self._fitted_canvas = board.canvas
            self._fitted = Placement.fit(board.canvas, area)
        placement = self._fitted
        boxes = self._boxes_around(digits, board, placement)
        changed = self._draw_ink(board, placement)
        if (boxes, shown) != (self._boxes, self._shown):
            self._boxes, self._shown = boxes, shown
            changed = [self._ink.surface.get_rect()]
        for part in changed:
            self._show(surface, part, is_blank=board.is_blank)
        return [part.move(area.topleft) for part in changed]

    @property
    def is_complete(self) -> bool:
        """Whether all ink is shown; a large amount is drawn over several frames."""
        return self._renderer is None or self._renderer.is_complete

    def _draw_ink(self, board: Board, placement: Placement) -> list[Rect]:
        """Bring the layer of ink up to date; return the parts of it that have changed."""
        changed: list[Rect] = []
        is_rescaled = placement != self._placement or board.pen != self._pen
        if is_rescaled or self._renderer is None:
            self._pen, self._placement = board.pen, placement
            self._canvas = _in_window(board.canvas, placement).clip(self._area)
            if self._renderer:
                self._ink.clear()
            self._renderer = BoardRenderer(
                self._ink,
                radius=board.pen_pixels * placement.scale / 2,
                origin=(placement.left - self._area.left, placement.top - self._area.top),
                scale=placement.scale,
            )
        if is_rescaled:
            changed.append(self._ink.surface.get_rect())
        elif board.is_blank != self._is_blank:
            changed.append(self._hint.move(-self._area.left, -self._area.top))
        self._is_blank = board.is_blank
        return changed + self._renderer.update(board)

    def _boxes_around(
        self, digits: Sequence[Digit], board: Board, placement: Placement
    ) -> list[Rect]:
        """Return the digits' boxes in window pixels; none for a single digit."""
        if len(digits) < 2:
            return []
        return [box_around(digit, board, placement).clip(self._area) for digit in digits]

    @property
    def _hint(self) -> Rect:
        """The part of the window for the hint on a blank board."""
        hint = Rect(self._area.left, 0, self._area.width, max(24, min(self._area.size) // 7))
        hint.centery = self._area.centery
        return hint

    def _show(self, surface: pygame.Surface, part: Rect, *, is_blank: bool) -> None:
        """Copy a part of the board to the surface, and draw what is on top of the ink."""
        clip = surface.get_clip()
        surface.set_clip(part.move(self._area.topleft))
        surface.blit(self._ink.surface, self._area)
        if self._renderer:
            self._renderer.draw_tails(surface, self._area.topleft)
        if is_blank:
            size = min(self._area.size) / 14
            self._writer.write(surface, "Draw a digit here", self._hint, size, self._theme.muted)
        for index, box in enumerate(self._boxes):
            # Two thin boxes, because pygame draws thick rounded ones wrongly if they are clipped.
            for inner in (box, box.inflate(-2, -2))[: 2 if index == self._shown else 1]:
                pygame.draw.rect(surface, self._theme.accent, inner, 1, border_radius=4)
        if not self._canvas.inflate(-2, -2).contains(surface.get_clip()):
            for margin in around(self._canvas, self._area):
                fill(surface, self._theme.background, margin)
            pygame.draw.rect(surface, self._theme.edge, self._canvas, 1)
        surface.set_clip(clip)


def _in_window(canvas: tuple[float, float], placement: Placement) -> Rect:
    """Return where a canvas is shown in the window, in whole pixels."""
    width, height = (round(side * placement.scale) for side in canvas)
    return Rect(round(placement.left), round(placement.top), width, height)


def box_around(digit: Digit, board: Board, placement: Placement) -> Rect:
    """Return a digit's box in window pixels, with room for the pen's width and a margin."""
    left, top, width, height = digit.box
    margin = board.pen_pixels * placement.scale / 2 + 3
    size = (width * placement.scale, height * placement.scale)
    return Rect(placement.to_window(left, top), size).inflate(2 * margin, 2 * margin)
