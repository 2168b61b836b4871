"""State to pixels. Only what differs from the last frame is drawn again."""

from __future__ import annotations

import pygame
from pygame import Rect

from digitdraw.board import Board
from digitdraw.board_view import BoardView
from digitdraw.layout import Layout
from digitdraw.panel_view import Panel, PanelView
from digitdraw.text import Writer
from digitdraw.theme import LIGHT, Theme


class View:
    """Draws board and panel onto a surface that keeps what was drawn on it before.

    Args:
        writer: may be shared between views, which then draw each text once.
        theme: the colours.
    """

    def __init__(self, writer: Writer, theme: Theme = LIGHT) -> None:
        self._theme = theme
        self._layout: Layout | None = None
        self._board = BoardView(theme, writer)
        self._panel = PanelView(theme, writer)

    def invalidate(self) -> None:
        """Forget what was drawn: the next `draw` draws everything."""
        self._layout = None

    def draw(
        self, surface: pygame.Surface, layout: Layout, board: Board, panel: Panel
    ) -> list[Rect]:
        """Bring the surface up to date.

        Returns:
            the parts of the surface that were drawn on.
        """
        changed: list[Rect] = []
        if layout != self._layout:
            self._layout = layout
            self._board.invalidate()
            self._panel.invalidate()
            surface.fill(self._theme.background)
            changed.append(surface.get_rect())
        digits = panel.prediction.digits if panel.prediction else ()
        changed += self._board.draw(surface, layout.board, board, digits)
        changed += self._panel.draw(surface, layout, panel)
        return changed
