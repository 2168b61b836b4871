"""The gallery to pixels, and what one can do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import pygame
from pygame import Rect

from digitdraw.ink.layer import ink_of, picture
from digitdraw.model.placement import fitted
from digitdraw.storage.library import Deleted, Gallery, Saved
from digitdraw.storage.saver import Say
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import NO_DIGIT
from digitdraw.ui.layout import Layout
from digitdraw.ui.pages.page import Page
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme
from digitnet import DigitnetError

_HELP = (
    "Arrows or a click choose, Enter opens, 0 to 9 label, N: no digit, Del deletes, Ctrl+Z undoes"
)


class GalleryPage(Page):
    """A grid of what was saved, the newest first.

    Args:
        gallery: where it is.
        say: takes a line that tells what was done, or what failed.
    """

    def __init__(self, gallery: Gallery, say: Say) -> None:
        super().__init__()
        self._gallery = gallery
        self._say = say
        self._names = gallery.names()
        self._deleted: list[Deleted] = []
        self._chosen = 0
        self._clicked = -1
        self._columns = self._rows = 1
        self._cells: dict[int, Rect] = {}
        self._load = lru_cache(maxsize=256)(gallery.load)

    def paint(
        self, surface: pygame.Surface, area: Rect, layout: Layout, theme: Theme, writer: Writer
    ) -> None:
        """Draw the rows with the chosen drawing among them."""
        unit = layout.unit
        head = Rect(area.left, area.top, area.width, 6 * unit)
        writer.write(surface, self._title, head, 4 * unit, theme.text, align="left")
        foot = Rect(area.left, area.bottom - 4 * unit, area.width, 4 * unit)
        writer.write(surface, _HELP, foot, 2.4 * unit, theme.quiet, align="left")
        cell = 18 * unit
        self._columns = max(1, area.width // cell)
        self._rows = max(1, (foot.top - head.bottom) // cell)
        first_row = max(0, self._chosen // self._columns - self._rows + 1)
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
            return "Nothing has been saved yet"
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
        if index == self._chosen:
            pygame.draw.rect(surface, theme.accent, rect, max(2, unit // 3), border_radius=unit)
        line = Rect(rect.left + unit, rect.bottom - 4 * unit, rect.width - 2 * unit, 4 * unit)
        room = Rect(rect.left, rect.top, rect.width, line.top - rect.top).inflate(-2 * unit, -unit)
        try:
            saved = self._load(name)
        except DigitnetError:
            writer.write(surface, "damaged", line, 2.4 * unit, theme.warning)
            return
        small = fitted(saved.drawing, room.size)
        ink = ink_of(replace(small, pen=small.pen or Settings.pen))
        surface.blit(picture(ink, theme.background, theme.ink), room)
        writer.write(surface, _as_words(saved), line, 2.4 * unit, theme.text)

    def press(self, action: str) -> None:
        """Move, open, label, delete or restore."""
        super().press(action)
        steps = {"left": -1, "right": 1, "up": -self._columns, "down": self._columns}
        if action in steps:
            self._choose(self._chosen + steps[action])
        elif action == "undo" and self._deleted:
            self._attempt(self._restore)
        elif self._names and action == "press":
            self._attempt(self._open)
        elif self._names and (action.isdigit() or action == "none"):
            self._attempt(lambda: self._relabel(action if action.isdigit() else ""))
        elif self._names and action == "delete":
            self._attempt(self._delete)

    def click(self, x: float, y: float) -> None:
        """Choose a drawing; a second click opens it, one beside all closes the page."""
        hit = [index for index, rect in self._cells.items() if rect.collidepoint(x, y)]
        if not hit:
            self.is_open = False
        elif hit[0] == self._chosen == self._clicked:
            self.press("press")
        else:
            self._clicked = hit[0]
            self._choose(hit[0])

    def scroll(self, steps: int) -> None:
        """Go on by rows."""
        self._choose(self._chosen - steps * self._columns)

    def _choose(self, index: int) -> None:
        self._chosen = min(max(index, 0), max(len(self._names) - 1, 0))
        self.invalidate()

    def _attempt(self, change: Callable[[], None]) -> None:
        try:
            change()
        except DigitnetError as error:
            self._say(str(error), is_warning=True)
        self._load.cache_clear()
        self._choose(self._chosen)

    def _open(self) -> None:
        self.opened = self._load(self._names[self._chosen]).drawing
        self.is_open = False

    def _relabel(self, label: str) -> None:
        saved = self._gallery.relabel(self._load(self._names[self._chosen]), label)
        self._say(f"{saved.name} is labelled {saved.label}.")

    def _delete(self) -> None:
        name = self._names[self._chosen]
        self._deleted.append(self._gallery.delete(name))
        self._names.remove(name)
        self._say(f"{name} is deleted; Ctrl+Z brings it back.")

    def _restore(self) -> None:
        self._gallery.restore(self._deleted[-1])
        self._deleted.pop()
        self._names = self._gallery.names()
        self._say("The drawing is back.")


def _as_words(saved: Saved) -> str:
    read_as = str((saved.drawing.answer or {}).get("text", ""))
    if saved.label == read_as:
        return saved.label
    told = "no digit" if saved.label == NO_DIGIT else saved.label
    return f"{told}, read as {read_as}" if read_as else told
