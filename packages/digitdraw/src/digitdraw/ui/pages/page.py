"""The base class of pages, such as the help, which cover the board and the panel."""

from __future__ import annotations

from abc import ABC, abstractmethod

import pygame
from pygame import Rect

from digitdraw.ui.layout import Layout
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme
from digitnet import Drawing


class Page(ABC):
    """A page; Esc or a click closes it unless a subclass handles them differently.

    Attributes:
        is_open: False once it has been closed.
        opened: the drawing that the user chose to put on the board, or None.
    """

    def __init__(self) -> None:
        self.is_open = True
        self.opened: Drawing | None = None
        self._needs_drawing = True

    def invalidate(self) -> None:
        """Draw everything again with the next `draw`."""
        self._needs_drawing = True

    def draw(
        self, surface: pygame.Surface, layout: Layout, theme: Theme, writer: Writer
    ) -> list[Rect]:
        """Draw the page if it has changed; return the parts of the surface drawn on."""
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
        """Draw the contents of the page within an area of it."""

    def press(self, action: str) -> None:
        """Handle a key, given as the name of its action."""
        if action == "close":
            self.is_open = False

    def click(self, x: float, y: float) -> None:  # noqa: ARG002 - subclasses use the position
        """Handle a click or a touch, in window pixels."""
        self.is_open = False

    def scroll(self, steps: int) -> None:  # noqa: B027 - most pages do not scroll
        """Handle the wheel; positive steps are up."""
