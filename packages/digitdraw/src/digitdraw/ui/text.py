"""Lines of text, each of which is rendered once and cached."""

from __future__ import annotations

from pygame import Rect, Surface
from pygame.font import Font
from pygame.transform import smoothscale

from digitdraw.ink.paint import Colour

_CACHE_SIZE = 512  # percentages change with every stroke; the least recently used lines are dropped
_MIN_SIZE = 11

# pygame's font places small letters on whole pixels, which spaces them unevenly. Letters rendered
# at twice the size and scaled down are spaced evenly.
_OVERSAMPLING = 2


class Writer:
    """Writes on surfaces in pygame's default font."""

    def __init__(self) -> None:
        self._fonts: dict[int, Font] = {}
        self._lines: dict[tuple[str, int, Colour], Surface] = {}

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
        """Write one line within an area, at a smaller size if it would be too wide.

        Args:
            surface: the surface to write on.
            text: one line; "" writes nothing.
            area: in pixels; the line is centred vertically.
            size: font size in pixels.
            colour: colour of the text.
            align: "left", "centre" or "right".
        """
        if not text:
            return
        line = self._line(text, round(size), colour)
        if line.get_width() > area.width:
            line = self._line(text, int(size * area.width / line.get_width()), colour)
        place = line.get_rect(center=area.center)
        if align == "left":
            place.left = area.left
        elif align == "right":
            place.right = area.right
        if area.contains(place):
            surface.blit(line, place)
            return
        clip = surface.get_clip()
        surface.set_clip(area.clip(clip))
        surface.blit(line, place)
        surface.set_clip(clip)

    def width(self, text: str, size: float) -> int:
        """Return the width of a line in pixels."""
        return self._line(text, round(size), (0, 0, 0)).get_width() if text else 0

    def _line(self, text: str, size: int, colour: Colour) -> Surface:
        size = max(_MIN_SIZE, size)
        key = (text, size, colour)
        line = self._lines.pop(key, None)
        if line is None:
            line = self._draw(text, size, colour)
            if len(self._lines) >= _CACHE_SIZE:
                del self._lines[next(iter(self._lines))]
        self._lines[key] = line  # at the end: the first is the least recently used
        return line

    def _draw(self, text: str, size: int, colour: Colour) -> Surface:
        if size not in self._fonts:
            self._fonts[size] = Font(None, size * _OVERSAMPLING)
        # pygame rejects null characters, which end a C string.
        shown = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
        # File names that are not UTF-8 contain lone surrogates.
        shown = shown.encode(errors="replace").decode()
        large = self._fonts[size].render(shown, True, colour)  # noqa: FBT003
        width, height = (max(1, round(side / _OVERSAMPLING)) for side in large.get_size())
        return smoothscale(large.convert_alpha(), (width, height))
