"""Ink as it looks on the board: anti-aliased, without gaps, and redrawn only where it is new."""

from __future__ import annotations

import math
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

    def copy(self, area: pygame.Rect) -> NDArray[np.uint8]:
        """Copy a part of the ink, as `paste` takes it back."""
        pixels = pygame.surfarray.pixels2d(self.surface)
        return pixels[area.left : area.right, area.top : area.bottom].copy()

    def paste(self, pixels: NDArray[np.uint8], area: pygame.Rect) -> None:
        """Put back what was copied."""
        whole = pygame.surfarray.pixels2d(self.surface)
        whole[area.left : area.right, area.top : area.bottom] = pixels

    def reach(self, path: NDArray[np.float64], radius: float) -> pygame.Rect:
        """Give the part of the layer that a line along a path may change."""
        margin = radius + 1
        left, top = np.floor(path.min(axis=0) - margin).astype(int)
        right, bottom = np.ceil(path.max(axis=0) + margin).astype(int)
        return pygame.Rect(left, top, right - left, bottom - top).clip(self.surface.get_rect())

    def draw(self, path: NDArray[np.float64], radius: float) -> pygame.Rect:
        """Add a line along a path.

        Args:
            path: float (n, 2), n >= 1, in pixels of this layer; one point makes a dot.
            radius: half the line's width in pixels.

        Returns:
            the part of the layer that may have changed.
        """
        area = self.reach(path, radius)
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
        layer.draw(smooth(stroke.xy), drawing.pen_pixels / 2)
    return layer.opacity()


_STEP = 4.0  # pixels, about, between the points of a smooth curve
_MOST_STEPS = 32
_CORNER = math.cos(math.radians(60))  # sharper turns are meant as corners


def smooth(
    path: NDArray[np.float64], start: int = 0, end: int | None = None
) -> NDArray[np.float64]:
    """Lay a smooth curve through points: cubic Hermite pieces, with corners left as they are.

    Args:
        path: float (n, 2), n >= 1, in pixels.
        start: the index of the point where the curve shall start.
        end: of the point where it shall end; None for the last. The points around the two shape
            the curve too, so that pieces made one by one fit together.

    Returns:
        float (m, 2), m >= 1, from the first to the last of these points.
    """
    end = len(path) - 1 if end is None else end
    if end <= start:
        return path[start : start + 1]
    around = path[max(start - 1, 0) : end + 2]
    ways = np.diff(around, axis=0)
    lengths = np.hypot(*ways.T)
    along = ways / np.maximum(lengths, 1e-9)[:, None]
    leaving, arriving = along.copy(), along.copy()
    is_bend = (along[:-1] * along[1:]).sum(axis=1) > _CORNER
    middle = along[:-1] + along[1:]
    middle /= np.maximum(np.hypot(*middle.T), 1e-9)[:, None]
    arriving[:-1][is_bend] = leaving[1:][is_bend] = middle[is_bend]

    first = start - max(start - 1, 0)
    pieces = slice(first, first + end - start)
    steps = np.clip(np.ceil(lengths[pieces] / _STEP), 1, _MOST_STEPS).astype(int)
    piece = np.repeat(np.arange(end - start), steps)
    at = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps) + 1
    t = (at / steps[piece])[:, None]
    length = lengths[pieces][piece][:, None]
    points = (
        (2 * t**3 - 3 * t**2 + 1) * around[pieces][piece]
        + (t**3 - 2 * t**2 + t) * length * leaving[pieces][piece]
        + (3 * t**2 - 2 * t**3) * around[1:][pieces][piece]
        + (t**3 - t**2) * length * arriving[pieces][piece]
    )
    return np.concatenate([path[start : start + 1], points])


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
