"""Ink as the board shows it: anti-aliased, without gaps, and drawn only where it is new."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pygame

from digitdraw.ink.curve import smooth, thinned
from digitdraw.ink.paint import Colour, fill
from digitnet import Drawing, Point

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# NumPy, and whatever needs it, is imported where it is used: a blank board, as in the first frame,
# does not need it. See `digitdraw.startup`.

_SUBPIXELS = 4  # a stamp's position is rounded to this fraction of a pixel
_HALF = 0.5 + 0.5j
_STAMPS_PER_CALL = 2000  # take about a millisecond


class InkLayer:
    """An image of ink on paper, to which lines are added by stamping the pen's tip along them.

    Stamps one or two pixels apart leave no visible scallops, and SDL draws a thousand of them in
    half a millisecond.

    Args:
        size: (width, height) in pixels.
        paper: the colour where there is no ink.
        ink: the colour of full ink; darker than paper in every channel, or lighter in every one.

    Attributes:
        surface: the image.
        stamp_count: how many stamps have been drawn so far, which is what takes the time.
    """

    def __init__(self, size: tuple[int, int], paper: Colour, ink: Colour) -> None:
        self.surface = pygame.Surface(size, depth=32)
        self.stamp_count = 0
        self._area = self.surface.get_rect()
        self._colours = (paper, ink)
        is_darker = sum(ink) < sum(paper)
        self._blend = pygame.BLEND_RGB_MIN if is_darker else pygame.BLEND_RGB_MAX
        self.clear()

    def clear(self, area: pygame.Rect | None = None) -> None:
        """Remove all ink, or all ink in an area."""
        fill(self.surface, self._colours[0], area or self.surface.get_rect())

    @contextmanager
    def clipped_to(self, area: pygame.Rect) -> Iterator[None]:
        """Restrict drawing to an area."""
        self.surface.set_clip(area)
        try:
            yield
        finally:
            self.surface.set_clip(None)

    def bounds(self, curve: Sequence[complex], radius: float) -> pygame.Rect:
        """Return the part of the layer that a line along a curve may change."""
        margin = math.ceil(radius) + 3
        xs, ys = [place.real for place in curve], [place.imag for place in curve]
        left, top = int(min(xs)) - margin, int(min(ys)) - margin
        width, height = int(max(xs)) + margin - left, int(max(ys)) + margin - top
        return pygame.Rect(left, top, width, height).clip(self._area)

    def draw(self, curve: Sequence[complex], radius: float) -> None:
        """Add a line along a curve.

        Args:
            curve: in pixels of this layer, no further apart than `spacing`; a single point makes a
                dot.
            radius: half the line's width in pixels.
        """
        self.stamp_count += len(curve)
        self.draw_over(self.surface, (0, 0), curve, radius)

    def draw_over(
        self,
        surface: pygame.Surface,
        corner: tuple[int, int],
        curve: Sequence[complex],
        radius: float,
    ) -> None:
        """Add a line to a copy of the layer, and not to the layer itself.

        Args:
            surface: holds the copy.
            corner: where the top left corner of the copy is.
            curve: see `draw`.
            radius: see `draw`.
        """
        stamps, half = _stamps(radius, *self._colours)
        left, top = corner[0] - half, corner[1] - half
        floor, parts, blend = math.floor, _SUBPIXELS, self._blend
        blits: Any = []
        for place in curve:
            rounded = place * parts + _HALF
            across, down = floor(rounded.real), floor(rounded.imag)
            stamp = stamps[across % parts * parts + down % parts]
            blits.append((stamp, (across // parts + left, down // parts + top), None, blend))
        surface.blits(blits, False)  # noqa: FBT003 - the changed rectangles are not needed


def spacing(radius: float) -> float:
    """Return the largest distance between a pen's stamps that gives a smooth edge, in pixels."""
    return min(2.0, radius / 4)  # leaves scallops a thirtieth of a pixel deep


def stroke_curve(
    points: Sequence[Point],
    radius: float,
    origin: tuple[float, float] = (0.0, 0.0),
    scale: float = 1.0,
) -> list[complex]:
    """Return the curve along which a layer draws a whole stroke.

    Args:
        points: at least one, in canvas pixels.
        radius: half the line's width in pixels of the layer.
        origin: where the canvas's top left corner is, in pixels of the layer.
        scale: pixels of the layer per pixel of the canvas.
    """
    left, top = origin
    path = thinned([complex(x * scale + left, y * scale + top) for x, y, _ in points])
    return smooth(path, step=spacing(radius))


@lru_cache(maxsize=16)
def _stamps(radius: float, paper: Colour, ink: Colour) -> tuple[list[pygame.Surface], int]:
    """Return the pen's tip at each subpixel position, across and down, and its centre."""
    import numpy as np
    import pygame.surfarray

    half = math.ceil(radius) + 2
    side = 2 * half + 1
    # As `digitnet.preprocessing.raster` draws dots, but several at once.
    tips = half + np.arange(_SUBPIXELS)[:, None] / _SUBPIXELS
    squares = np.square(np.arange(side) + 0.5 - tips)
    difference = np.array(ink) - np.array(paper)
    stamps = []
    for across in squares:
        distance = np.sqrt(across[:, None] + squares[:, None])
        coverage = np.clip(radius + 0.5 - distance, 0.0, 1.0)[..., None]
        for colours in np.rint(np.array(paper) + difference * coverage).astype(np.uint8):
            stamps.append(pygame.Surface((side, side), depth=32))
            pygame.surfarray.blit_array(stamps[-1], colours)
    return stamps, half


def render_drawing(drawing: Drawing) -> NDArray[np.uint8]:
    """Render a whole drawing on its canvas as the board shows it.

    Returns:
        uint8 (height, width), 255 for ink.
    """
    import pygame.surfarray

    assert drawing.canvas is not None, "a drawing from the board has a canvas"  # noqa: S101
    width, height = (max(1, round(side)) for side in drawing.canvas)
    layer = InkLayer((width, height), paper=(0, 0, 0), ink=(255, 255, 255))
    radius = drawing.pen_pixels / 2
    for stroke in drawing.strokes:
        curve = stroke_curve(stroke.points, radius)
        # In several calls: SDL does not let other Python threads run while it draws.
        for start in range(0, len(curve), _STAMPS_PER_CALL):
            layer.draw(curve[start : start + _STAMPS_PER_CALL], radius)
    ink: NDArray[np.uint8] = pygame.surfarray.array_red(layer.surface).T
    return ink


def to_surface(image: NDArray[np.uint8], paper: Colour, ink: Colour) -> pygame.Surface:
    """Return a greyscale image, uint8 (height, width), 255 for ink, in the colours given."""
    import pygame.surfarray

    surface = pygame.Surface(image.shape[::-1], depth=32)
    pygame.surfarray.blit_array(surface, _gradient(paper, ink)[image.T])
    return surface


@lru_cache(maxsize=8)
def _gradient(paper: Colour, ink: Colour) -> NDArray[np.uint32]:
    """Return the 256 pixel values from paper to ink for 32-bit surfaces."""
    import numpy as np

    red, green, blue = np.linspace(paper, ink, 256).round().astype(np.uint32).T
    pixels: NDArray[np.uint32] = red << 16 | green << 8 | blue
    return pixels
