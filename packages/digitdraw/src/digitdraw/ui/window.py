"""State to pixels. Only what differs from the last frame is drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import pygame
from pygame import Rect

from digitdraw.ink.paint import around, fill
from digitdraw.model.board import Board
from digitdraw.ui.board_view import BoardView
from digitdraw.ui.layout import Layout
from digitdraw.ui.pages.page import Page
from digitdraw.ui.panel import Panel, PanelView
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import THEMES
from digitdraw.ui.toolbar import Tools, ToolsView, draw_tip


@dataclass(frozen=True)
class Scene:
    """All that a frame shows beside the ink.

    Attributes:
        theme: a name in `THEMES`.
        panel: what is told of the answer.
        tools: the state of buttons, slider and status.
        tip: the button whose tooltip is shown, or "".
        page: what covers board and panel; None for nothing.
    """

    theme: str
    panel: Panel
    tools: Tools
    tip: str = ""
    page: Page | None = None


class View:
    """Draws scenes onto a surface that keeps what was drawn on it before.

    Args:
        writer: may be shared between views, which then draw each text once.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._drawn: tuple[Layout, str, str, Page | None] | None = None
        self._dress("light")

    @property
    def is_complete(self) -> bool:
        """Whether the last `draw` showed everything; if not, another one shows more."""
        return self._board.is_complete

    def invalidate(self) -> None:
        """Forget what was drawn: the next `draw` draws everything."""
        self._drawn = None

    def draw(
        self, surface: pygame.Surface, layout: Layout, board: Board, scene: Scene
    ) -> list[Rect]:
        """Bring the surface up to date.

        Returns:
            the parts of the surface that were drawn on.
        """
        changed: list[Rect] = []
        frame = (layout, scene.theme, scene.tip, scene.page)
        if frame != self._drawn:
            self._start_anew(surface, frame)
            changed.append(surface.get_rect())
        tools = self._tools.draw(surface, layout, scene.tools)
        changed += tools
        if scene.page:
            if tools:
                scene.page.invalidate()  # it lies over most of them
            changed += scene.page.draw(surface, layout, self._theme, self._writer)
        else:
            digits = scene.panel.prediction.digits if scene.panel.prediction else ()
            shown = scene.panel.shown
            changed += self._board.draw(surface, layout.board, board, digits, shown)
            changed += self._panel.draw(surface, layout, scene.panel)
        if scene.tip and changed:
            changed.append(draw_tip(surface, self._writer, self._theme, layout, scene.tip))
        return changed

    def _start_anew(
        self, surface: pygame.Surface, frame: tuple[Layout, str, str, Page | None]
    ) -> None:
        """Draw everything: little of a window is the same with another size, theme or page."""
        self._drawn = frame
        layout, theme, _, page = frame
        if THEMES[theme] is not self._theme:
            self._dress(theme)
        for part in (self._board, self._panel, self._tools):
            part.invalidate()
        if page:
            page.invalidate()
        window = surface.get_rect()
        # The board covers its part itself, unless a page lies there.
        for area in [window] if page else around(layout.board.clip(window), window):
            fill(surface, self._theme.background, area)

    def _dress(self, theme: str) -> None:
        self._theme = THEMES[theme]
        self._board = BoardView(self._theme, self._writer)
        self._panel = PanelView(self._theme, self._writer)
        self._tools = ToolsView(self._theme, self._writer)
