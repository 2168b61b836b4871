"""Ink as it looks on the board: anti-aliased, without gaps, and drawn only where it is new."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pygame

from digitdraw.ink.curve import smooth, thinned
from digitdraw.ink.paint import fill
from digitdraw.ui.theme import Colour
from digitnet import Drawing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# NumPy, and what needs it, is imported where it is used: a blank board, as in the first frame, does
# without. See `digitdraw.startup`.

_PARTS = 4  # of a pixel, to which a stamp's place is rounded
_HALF = 0.5 + 0.5j
_STAMPS_AT_ONCE = 2000  # take about a millisecond


class InkLayer:
    """A picture of ink on paper, to which lines are added by stamping the pen's tip along them.

    Stamps a pixel or two apart leave no scallops that could be seen, and SDL puts a thousand of
    them down in half a millisecond.

    Args:
        size: (width, height) in pixels.
        paper: the colour where there is no ink.
        ink: the colour of full ink; in every channel darker than paper, or in every one lighter.

    Attributes:
        surface: the picture.
        stamped: how many stamps were ever put on it, which is what drawing takes its time for.
    """

    def __init__(self, size: tuple[int, int], paper: Colour, ink: Colour) -> None:
        self.surface = pygame.Surface(size, depth=32)
        self.stamped = 0
        self._area = self.surface.get_rect()
        self._colours = (paper, ink)
        is_darker = sum(ink) < sum(paper)
        self._blend = pygame.BLEND_RGB_MIN if is_darker else pygame.BLEND_RGB_MAX
        self.clear()

    def clear(self, area: pygame.Rect | None = None) -> None:
        """Take all ink away, or all of a part."""
        fill(self.surface, self._colours[0], area or self.surface.get_rect())

    @contextmanager
    def only(self, area: pygame.Rect) -> Iterator[None]:
        """Let ink change nothing outside of a part."""
        self.surface.set_clip(area)
        try:
            yield
        finally:
            self.surface.set_clip(None)

    def reach(self, curve: Sequence[complex], radius: float) -> pygame.Rect:
        """Give the part of the layer that a line along a curve may change."""
        margin = math.ceil(radius) + 3
        xs, ys = [place.real for place in curve], [place.imag for place in curve]
        left, top = int(min(xs)) - margin, int(min(ys)) - margin
        width, height = int(max(xs)) + margin - left, int(max(ys)) + margin - top
        return pygame.Rect(left, top, width, height).clip(self._area)

    def draw(self, curve: Sequence[complex], radius: float) -> None:
        """Add a line along a curve.

        Args:
            curve: in pixels of this layer, no further apart than `spacing`; one point alone makes
                a dot.
            radius: half the line's width in pixels.
        """
        self.stamped += len(curve)
        self.draw_over(self.surface, (0, 0), curve, radius)

    def draw_over(
        self,
        surface: pygame.Surface,
        corner: tuple[int, int],
        curve: Sequence[complex],
        radius: float,
    ) -> None:
        """Add a line to a copy of the layer only.

        Args:
            surface: on which that copy is.
            corner: where its left upper corner is.
            curve: as `draw` takes it, and so is `radius`.
            radius: the same.
        """
        stamps, half = _stamps(radius, *self._colours)
        left, top = corner[0] - half, corner[1] - half
        floor, parts, blend = math.floor, _PARTS, self._blend
        blits: Any = []
        for place in curve:
            rounded = place * parts + _HALF
            across, down = floor(rounded.real), floor(rounded.imag)
            stamp = stamps[across % parts * parts + down % parts]
            blits.append((stamp, (across // parts + left, down // parts + top), None, blend))
        surface.blits(blits, False)  # noqa: FBT003 - what changes is known


def spacing(radius: float) -> float:
    """Give how far apart, at most, a pen's stamps may be for a smooth edge, in pixels."""
    return min(2.0, radius / 4)  # leaves scallops a thirtieth of a pixel deep


@lru_cache(maxsize=16)
def _stamps(radius: float, paper: Colour, ink: Colour) -> tuple[list[pygame.Surface], int]:
    """Draw the pen's tip at each part of a pixel, across and down; gives (stamps, middle)."""
    import numpy as np
    import pygame.surfarray

    from digitnet.preprocessing.raster import render

    half = math.ceil(radius) + 2
    stamps = []
    for part in range(_PARTS**2):
        across, down = divmod(part, _PARTS)
        dot = np.array([[half + across / _PARTS, half + down / _PARTS]])
        share = render([dot], (2 * half + 1, 2 * half + 1), radius=radius).T[..., None]
        stamp = pygame.Surface((2 * half + 1, 2 * half + 1), depth=32)
        colours = np.array(paper) + (np.array(ink) - np.array(paper)) * share
        pygame.surfarray.blit_array(stamp, np.rint(colours).astype(np.uint8))
        stamps.append(stamp)
    return stamps, half


def ink_of(drawing: Drawing) -> NDArray[np.uint8]:
    """Draw a whole drawing on its canvas as the board shows it.

    Returns:
        uint8 (height, width), 255 for ink.
    """
    import pygame.surfarray

    assert drawing.canvas is not None, "what was drawn on a board has a canvas"  # noqa: S101
    width, height = (max(1, round(side)) for side in drawing.canvas)
    layer = InkLayer((width, height), paper=(0, 0, 0), ink=(255, 255, 255))
    radius = drawing.pen_pixels / 2
    for stroke in drawing.strokes:
        path = thinned([complex(x, y) for x, y, _ in stroke.points])
        curve = smooth(path, step=spacing(radius))
        # Part by part: while SDL draws, no other thread of Python's gets on.
        for start in range(0, len(curve), _STAMPS_AT_ONCE):
            layer.draw(curve[start : start + _STAMPS_AT_ONCE], radius)
    ink: NDArray[np.uint8] = pygame.surfarray.array_red(layer.surface).T
    return ink


def picture(image: NDArray[np.uint8], paper: Colour, ink: Colour) -> pygame.Surface:
    """Make a surface of a grey picture, uint8 (height, width), 255 for ink."""
    import pygame.surfarray

    surface = pygame.Surface(image.shape[::-1], depth=32)
    pygame.surfarray.blit_array(surface, _blend(paper, ink)[image.T])
    return surface


@lru_cache(maxsize=8)
def _blend(paper: Colour, ink: Colour) -> NDArray[np.uint32]:
    """Give the pixels of the 256 greys from paper to ink, for surfaces of 32 bits."""
    import numpy as np

    red, green, blue = np.linspace(paper, ink, 256).round().astype(np.uint32).T
    pixels: NDArray[np.uint32] = red << 16 | green << 8 | blue
    return pixels
