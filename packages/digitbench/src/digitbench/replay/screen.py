"""The window that an app draws on under SDL's dummy driver, and the text that it shows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import pygame
from pygame import Rect, Surface

from digitdraw.ink.paint import Colour
from digitdraw.ui.text import Writer


class Line(NamedTuple):
    """A line of text in the window.

    Attributes:
        text: the line.
        area: where it was written, in window pixels.
        colour: in which it was written.
    """

    text: str
    area: Rect
    colour: Colour


class Screen:
    """What the one window shows, which is open already.

    Attributes:
        writer: writes for an app that draws in the window, and tells the screen what it wrote.
        lines: the text that is visible.
    """

    def __init__(self) -> None:
        self.writer: Writer = _NotingWriter(self)
        self._written: list[Line] = []
        self.start_over()

    def start_over(self) -> None:
        """Forget what is visible, for an app that is new and will draw everything."""
        self.lines: list[Line] = []
        self._middles: list[Rect] = []  # a pixel of each line
        self._written.clear()

    @property
    def surface(self) -> Surface:
        """The pixels of the window."""
        return pygame.display.get_surface()

    def resize(self, width: int, height: int) -> None:
        """Resize the window; like a real one, it is black then."""
        # An app whose window keeps its size redraws only changes.
        if (width, height) != self.surface.get_size():
            pygame.display.set_mode((width, height))

    def note(self, line: Line) -> None:
        """Note that a line was written in this frame."""
        self._written.append(line)

    def end_frame(self, drawn: Iterable[Rect]) -> None:
        """Find out what is visible now that an app has drawn on these areas of the window."""
        areas, window = list(drawn), self.surface.get_rect()
        kept = (line for line in self.lines if line.area.collidelist(areas) < 0)
        self.lines = [line for line in (*kept, *self._written) if line.area.colliderect(window)]
        self._middles = [Rect(line.area.center, (1, 1)) for line in self.lines]
        self._written.clear()

    def text_in(self, area: Rect) -> str:
        """Return the visible lines whose middle is in an area, joined by spaces."""
        return " ".join(self.lines[index].text for index in area.collidelistall(self._middles))

    def colours_around(self, line: Line) -> Iterator[Colour]:
        """Yield the colours around a line: just within its area, and within a frame that this has.

        Each is yielded once.
        """
        surface = self.surface
        left, top, width, height = line.area
        places = _places_around((left, top, width, height), surface.get_size())
        for pixel in set(map(surface.get_at_mapped, places)):
            red, green, blue, _ = surface.unmap_rgb(pixel)
            yield red, green, blue


@lru_cache(maxsize=512)
def _places_around(
    area: tuple[int, int, int, int], window: tuple[int, int]
) -> frozenset[tuple[int, int]]:
    """Return the pixels that are looked at around a line in this area, on the window."""
    places: set[tuple[int, int]] = set()
    for margin in (1, area[3] // 6):
        inner = Rect(area).inflate(-2 * margin, -2 * margin).clip((0, 0, *window))
        for x in (inner.left, inner.centerx, inner.right - 1):
            places |= {(max(x, 0), max(y, 0)) for y in (inner.top, inner.bottom - 1)}
    return frozenset(places)


class _NotingWriter(Writer):
    """Tells a screen what is written on it."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def write(
        self,
        surface: Surface,
        text: str,
        area: Rect,
        size: float,
        colour: Colour,
        *,
        align: str = "centre",
    ) -> None:
        super().write(surface, text, area, size, colour, align=align)
        if text and surface is pygame.display.get_surface():
            self._screen.note(Line(text, area.copy(), colour))


def open_headless_window(size: tuple[int, int]) -> Surface:
    """Open a window of (width, height) pixels on SDL's dummy driver, even if there is a screen."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    # SDL would turn the signals that stop a run into events for the replayed app.
    os.environ["SDL_NO_SIGNAL_HANDLERS"] = "1"
    if pygame.display.get_init() and pygame.display.get_driver() != "dummy":
        pygame.display.quit()
    pygame.display.init()
    pygame.font.init()
    return pygame.display.set_mode(size)
