"""A page: what covers board and panel for a while, such as the help."""

from __future__ import annotations

from abc import ABC, abstractmethod

import pygame
from pygame import Rect

from digitdraw.ui.layout import Layout
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme
from digitnet import Drawing


class Page(ABC):
    """Something to look at; Esc or a click closes it, unless it knows better.

    Attributes:
        is_open: False once it has been closed.
        opened: the drawing that the user chose to put on the board, or None.
    """

    def __init__(self) -> None:
        self.is_open = True
        self.opened: Drawing | None = None
        self._needs_drawing = True

    def invalidate(self) -> None:
        """Forget what was drawn: the next `draw` draws everything."""
        self._needs_drawing = True

    def draw(
        self, surface: pygame.Surface, layout: Layout, theme: Theme, writer: Writer
    ) -> list[Rect]:
        """Draw the page if it has changed; gives the parts of the surface drawn on."""
        if not self._needs_drawing:
            return []
        self._needs_drawing = False
        page = layout.page
        pygame.draw.rect(surface, theme.paper, page, border_radius=layout.unit)
        pygame.draw.rect(surface, theme.edge, page, 1, border_radius=layout.unit)
        self.paint(surface, page.inflate(-6 * layout.unit, -4 * layout.unit), layout, theme, writer)
        return [page]

    @abstractmethod
    def paint(
        self, surface: pygame.Surface, area: Rect, layout: Layout, theme: Theme, writer: Writer
    ) -> None:
        """Draw what stands on the page, within an area of it."""

    def press(self, action: str) -> None:
        """Take a key, by the name of its action."""
        if action == "close":
            self.is_open = False

    def click(self, x: float, y: float) -> None:  # noqa: ARG002 - it closes wherever it is
        """Take a click, or a finger's touch, in window pixels."""
        self.is_open = False

    def scroll(self, steps: int) -> None:  # noqa: B027 - few pages are longer than the window
        """Take the wheel; steps above 0 are up."""
