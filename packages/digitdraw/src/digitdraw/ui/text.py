"""Lines of text as pictures, each made once."""

from __future__ import annotations

from pygame import Rect, Surface
from pygame.font import Font
from pygame.transform import smoothscale

from digitdraw.ui.theme import Colour

_MOST_LINES = 512  # per cent change with every stroke; what was not written for long is let go
_SMALLEST = 11

# pygame's font moves small letters to whole pixels, which sets them unevenly; drawn twice as large
# and scaled down, they stand where they should.
_OVERSAMPLING = 2


class Writer:
    """Writes on surfaces in pygame's own font."""

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
        """Write one line within an area, smaller where it would be too wide otherwise.

        Args:
            surface: what to write on.
            text: one line; "" writes nothing.
            area: in pixels; the line is in the middle of its height.
            size: of the type, in pixels.
            colour: of the type.
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
        """Give the width of a line in pixels."""
        return self._line(text, round(size), (0, 0, 0)).get_width() if text else 0

    def _line(self, text: str, size: int, colour: Colour) -> Surface:
        size = max(_SMALLEST, size)
        key = (text, size, colour)
        line = self._lines.pop(key, None)
        if line is None:
            line = self._draw(text, size, colour)
            if len(self._lines) >= _MOST_LINES:
                del self._lines[next(iter(self._lines))]
        self._lines[key] = line  # as the newest
        return line

    def _draw(self, text: str, size: int, colour: Colour) -> Surface:
        if size not in self._fonts:
            self._fonts[size] = Font(None, size * _OVERSAMPLING)
        # A null character ends a C string, and pygame refuses it.
        shown = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
        # Names of files that are not UTF-8 hold lone surrogates.
        shown = shown.encode(errors="replace").decode()
        large = self._fonts[size].render(shown, True, colour)  # noqa: FBT003
        width, height = (max(1, round(side / _OVERSAMPLING)) for side in large.get_size())
        return smoothscale(large.convert_alpha(), (width, height))
