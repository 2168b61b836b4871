"""Where a canvas lies in the window, and how drawings move from one canvas to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from digitnet import Drawing, Point, Stroke
from digitnet.ink import union


class Area(NamedTuple):
    """A rectangle of the window, in whole pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        return self.width, self.height


class Placement(NamedTuple):
    """Where a canvas is shown in the window: as large as fits, centred on the board."""

    left: float
    top: float
    scale: float

    @staticmethod
    def fit(canvas: tuple[float, float], area: Iterable[int]) -> Placement:
        """Place a canvas of (width, height) pixels in (left, top, width, height) of the window."""
        return _fit(*canvas, *area)

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Convert window pixels to canvas pixels."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_window(self, x: float, y: float) -> tuple[float, float]:
        """Convert canvas pixels to window pixels."""
        return x * self.scale + self.left, y * self.scale + self.top


@lru_cache(maxsize=64)  # called for each pen event and each frame
def _fit(
    width: float, height: float, left: int, top: int, area_width: int, area_height: int
) -> Placement:
    scale = min(area_width / width, area_height / height)
    return Placement(
        left=left + (area_width - width * scale) / 2,
        top=top + (area_height - height * scale) / 2,
        scale=scale,
    )


def fitted(drawing: Drawing, canvas: tuple[int, int]) -> Drawing:
    """Return a drawing scaled to another canvas, as large as fits and centred.

    Args:
        drawing: if it has no canvas, or has ink beyond it, all of the ink is made to fit.
        canvas: (width, height) in pixels.

    Returns:
        the drawing with its strokes and its pen, if it has one, scaled by the same factor.
    """
    boxes = [stroke.bounds for stroke in drawing.strokes]
    left, top, width, height = union([(0.0, 0.0, *(drawing.canvas or (0.0, 0.0))), *boxes])
    placement = Placement.fit((width or height or 1.0, height or width or 1.0), (0, 0, *canvas))
    strokes = tuple(
        Stroke((*placement.to_window(x - left, y - top), t) for x, y, t in stroke.points)
        for stroke in drawing.strokes
    )
    pen = drawing.pen and min(1.0, drawing.pen_pixels * placement.scale / min(canvas))
    return replace(drawing, strokes=strokes, canvas=canvas, pen=pen)


def on_whole_pixels(stroke: Stroke) -> Stroke:
    """Return a stroke as a mouse would have drawn it, so that a replay can draw the same.

    A mouse reports whole pixels, and only when it has moved.
    """
    kept: list[Point] = []
    for x, y, t in stroke.points:
        point = Point(float(round(x)), float(round(y)), t)
        if not kept or point[:2] != kept[-1][:2]:
            kept.append(point)
    return Stroke(kept)
