"""Ink as it looks on the board: anti-aliased, without gaps, and redrawn only where it is new."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pygame

from digitdraw.theme import Colour
from digitnet import Drawing, Point
from digitnet.preprocessing.raster import render

if TYPE_CHECKING:
    from numpy.typing import NDArray


class InkLayer:
    """A picture of ink, kept as 8-bit opacities; the colours are its palette.

    Args:
        size: (width, height) in pixels.
        paper: the colour where there is no ink.
        ink: the colour of full ink.
    """

    def __init__(self, size: tuple[int, int], paper: Colour, ink: Colour) -> None:
        self.surface = pygame.Surface(size, depth=8)
        self.surface.set_palette(_blend(paper, ink))

    def opacity(self) -> NDArray[np.uint8]:
        """Copy the ink, uint8 (height, width), 255 for full ink."""
        return pygame.surfarray.array2d(self.surface).T.astype(np.uint8)

    def clear(self) -> None:
        """Take all ink away."""
        # Surface.fill takes thirty times as long for 8-bit surfaces.
        pygame.surfarray.pixels2d(self.surface)[:] = 0

    def draw(self, path: NDArray[np.float64], radius: float) -> pygame.Rect:
        """Add a line along a path.

        Args:
            path: float (n, 2), n >= 1, in pixels of this layer; one point makes a dot.
            radius: half the line's width in pixels.

        Returns:
            the part of the layer that may have changed.
        """
        reach = radius + 1
        left, top = np.floor(path.min(axis=0) - reach).astype(int)
        right, bottom = np.ceil(path.max(axis=0) + reach).astype(int)
        area = pygame.Rect(left, top, right - left, bottom - top).clip(self.surface.get_rect())
        if area.width and area.height:
            ink = render([path - area.topleft], (area.height, area.width), radius=radius)
            grey = np.rint(ink * 255).astype(np.uint8)
            pixels = pygame.surfarray.pixels2d(self.surface)
            part = pixels[area.left : area.right, area.top : area.bottom]
            np.maximum(part, grey.T, out=part)
        return area


def ink_of(drawing: Drawing) -> NDArray[np.uint8]:
    """Draw a whole drawing on its canvas, uint8 (height, width), 255 for ink."""
    assert drawing.canvas is not None, "what was drawn on a board has a canvas"  # noqa: S101
    width, height = (max(1, round(side)) for side in drawing.canvas)
    layer = InkLayer((width, height), (0, 0, 0), (255, 255, 255))
    for stroke in drawing.strokes:
        layer.draw(stroke.xy, drawing.pen_pixels / 2)
    return layer.opacity()


def as_path(points: Sequence[Point]) -> NDArray[np.float64]:
    """Give points as an array, float64 (n, 2)."""
    return np.array([(point.x, point.y) for point in points], dtype=np.float64)


def picture(image: NDArray[np.uint8], paper: Colour, ink: Colour) -> pygame.Surface:
    """Make a surface of a grey picture, uint8 (height, width), 255 for ink."""
    surface = pygame.Surface(image.shape[::-1], depth=8)
    surface.set_palette(_blend(paper, ink))
    pygame.surfarray.blit_array(surface, image.T)
    return surface


@lru_cache(maxsize=8)
def _blend(paper: Colour, ink: Colour) -> list[Colour]:
    steps = np.linspace(paper, ink, 256).round().astype(int)
    return [(int(red), int(green), int(blue)) for red, green, blue in steps]
