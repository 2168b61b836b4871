"""The gallery page: view, label, delete and open saved drawings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import pygame
from pygame import Rect

from digitdraw.ink.layer import render_drawing, to_surface
from digitdraw.model.placement import fitted
from digitdraw.storage.library import DeletedDrawing, Library, SavedDrawing
from digitdraw.storage.saver import Say
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import NOT_A_DIGIT
from digitdraw.ui.layout import Layout
from digitdraw.ui.pages.page import Page, PageContext
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme
from digitnet import DigitnetError
from digitnet.ink import UNLABELLED

_HELP = "Arrows or click: select, Enter: open, 0 to 9 or N: label, Del: delete, Ctrl+Z: restore"


def open_page(context: PageContext) -> Page:
    """Return the gallery of the drawings saved so far."""
    return GalleryPage(Library(context.store.folder), context.say)


class GalleryPage(Page):
    """A grid of the saved drawings, newest first.

    Args:
        library: the saved drawings.
        say: shows a line in the window, about what was done or what failed.
    """

    def __init__(self, library: Library, say: Say) -> None:
        super().__init__()
        self._library = library
        self._say = say
        self._names = library.names()
        self._deleted: list[DeletedDrawing] = []
        self._selected = 0
        self._clicked = -1
        self._columns = self._rows = 1
        self._cells: dict[int, Rect] = {}
        self._load = lru_cache(maxsize=256)(library.load)

    def paint(
        self, surface: pygame.Surface, area: Rect, layout: Layout, theme: Theme, writer: Writer
    ) -> None:
        """Draw those rows that include the selected drawing."""
        unit = layout.unit
        head = Rect(area.left, area.top, area.width, 6 * unit)
        writer.write(surface, self._title, head, 4 * unit, theme.text, align="left")
        foot = Rect(area.left, area.bottom - 4 * unit, area.width, 4 * unit)
        writer.write(surface, _HELP, foot, 2.4 * unit, theme.muted, align="left")
        cell = 18 * unit
        self._columns = max(1, area.width // cell)
        self._rows = max(1, (foot.top - head.bottom) // cell)
        first_row = max(0, self._selected // self._columns - self._rows + 1)
        first = first_row * self._columns
        self._cells = {}
        for place, name in enumerate(self._names[first : first + self._columns * self._rows]):
            row, column = divmod(place, self._columns)
            corner = (area.left + column * cell, head.bottom + row * cell)
            rect = Rect(corner, (cell, cell)).inflate(-unit, -unit)
            self._cells[first + place] = rect
            self._paint_cell(surface, rect, first + place, name, unit, theme, writer)

    @property
    def _title(self) -> str:
        count = len(self._names)
        if not count:
            return "No saved drawings yet"
        return f"{count:,} saved drawing{'s' * (count > 1)}"

    def _paint_cell(
        self,
        surface: pygame.Surface,
        rect: Rect,
        index: int,
        name: str,
        unit: int,
        theme: Theme,
        writer: Writer,
    ) -> None:
        pygame.draw.rect(surface, theme.background, rect, border_radius=unit)
        if index == self._selected:
            pygame.draw.rect(surface, theme.accent, rect, max(2, unit // 3), border_radius=unit)
        line = Rect(rect.left + unit, rect.bottom - 4 * unit, rect.width - 2 * unit, 4 * unit)
        room = Rect(rect.left, rect.top, rect.width, line.top - rect.top).inflate(-2 * unit, -unit)
        try:
            saved = self._load(name)
        except DigitnetError:
            writer.write(surface, "damaged", line, 2.4 * unit, theme.warning)
            return
        small = fitted(saved.drawing, room.size)
        ink = render_drawing(replace(small, pen=small.pen or Settings.pen))
        surface.blit(to_surface(ink, theme.background, theme.ink), room)
        writer.write(surface, _describe(saved), line, 2.4 * unit, theme.text)

    def press(self, action: str) -> None:
        """Select, open, label, delete or restore a drawing."""
        super().press(action)
        steps = {"left": -1, "right": 1, "up": -self._columns, "down": self._columns}
        if action in steps:
            self._select(self._selected + steps[action])
        elif action == "undo" and self._deleted:
            self._attempt(self._restore)
        elif self._names and action == "press":
            self._attempt(self._open)
        elif self._names and (action.isdigit() or action == "none"):
            self._attempt(lambda: self._relabel(action if action.isdigit() else ""))
        elif self._names and action == "delete":
            self._attempt(self._delete)

    def click(self, x: float, y: float) -> None:
        """Select a drawing; a second click opens it, and one outside them all closes the page."""
        hit = [index for index, rect in self._cells.items() if rect.collidepoint(x, y)]
        if not hit:
            self.is_open = False
        elif hit[0] == self._selected == self._clicked:
            self.press("press")
        else:
            self._clicked = hit[0]
            self._select(hit[0])

    def scroll(self, steps: int) -> None:
        """Move the selection by rows."""
        self._select(self._selected - steps * self._columns)

    def _select(self, index: int) -> None:
        self._selected = min(max(index, 0), max(len(self._names) - 1, 0))
        self.invalidate()

    def _attempt(self, change: Callable[[], None]) -> None:
        try:
            change()
        except DigitnetError as error:
            self._say(str(error), is_warning=True)
        self._load.cache_clear()
        self._select(self._selected)

    def _open(self) -> None:
        self.opened = self._load(self._names[self._selected]).drawing
        self.is_open = False

    def _relabel(self, label: str) -> None:
        saved = self._library.relabel(self._load(self._names[self._selected]), label)
        self._say(f"{saved.name} is now labelled {_label_of(saved)}.")

    def _delete(self) -> None:
        name = self._names[self._selected]
        self._deleted.append(self._library.delete(name))
        self._names.remove(name)
        self._say(f"Deleted {name}; Ctrl+Z restores it.")

    def _restore(self) -> None:
        self._library.restore(self._deleted[-1])
        self._deleted.pop()
        self._names = self._library.names()
        self._say("The drawing is restored.")


def _label_of(saved: SavedDrawing) -> str:
    if saved.label in (NOT_A_DIGIT, UNLABELLED):
        return "not a digit" if saved.label == NOT_A_DIGIT else UNLABELLED
    return saved.drawing.word


def _describe(saved: SavedDrawing) -> str:
    label, read_as = _label_of(saved), str((saved.drawing.answer or {}).get("text", ""))
    return f"{label}, read as {read_as}" if read_as not in ("", label) else label
