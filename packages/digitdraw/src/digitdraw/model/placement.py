"""Where a canvas lies in the window, and drawings moved from one canvas to another."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from pygame import Rect

from digitnet import Drawing, Point, Stroke
from digitnet.ink import union


class Placement(NamedTuple):
    """Where the canvas stands in the window: as large as fits, in the middle of the board."""

    left: float
    top: float
    scale: float

    @staticmethod
    def fit(canvas: tuple[float, float], area: Rect) -> Placement:
        """Place a canvas of (width, height) pixels in a part of the window."""
        return _fit(*canvas, *area)

    def place(self, canvas: tuple[float, float]) -> Rect:
        """Give the canvas's part of the window, in whole pixels."""
        width, height = (round(side * self.scale) for side in canvas)
        return Rect(round(self.left), round(self.top), width, height)

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Turn window pixels into canvas pixels."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_window(self, x: float, y: float) -> tuple[float, float]:
        """Turn canvas pixels into window pixels."""
        return x * self.scale + self.left, y * self.scale + self.top


@lru_cache(maxsize=64)  # each event of the pen asks for it, and each frame
def _fit(
    width: float, height: float, left: int, top: int, room_across: int, room_down: int
) -> Placement:
    scale = min(room_across / width, room_down / height)
    return Placement(
        left=left + (room_across - width * scale) / 2,
        top=top + (room_down - height * scale) / 2,
        scale=scale,
    )


def fitted(drawing: Drawing, canvas: tuple[int, int]) -> Drawing:
    """Put a drawing on another canvas, as large as fits, in the middle.

    Args:
        drawing: where it names no canvas, or has ink beyond it, all of the ink is fitted.
        canvas: (width, height) in pixels.

    Returns:
        the drawing with its ink scaled, and its pen, if it names one, as thick beside the ink as
        it was.
    """
    boxes = [stroke.bounds for stroke in drawing.strokes]
    left, top, width, height = union([(0.0, 0.0, *(drawing.canvas or (0.0, 0.0))), *boxes])
    placement = Placement.fit((width or height or 1.0, height or width or 1.0), Rect(0, 0, *canvas))
    strokes = tuple(
        Stroke((*placement.to_window(x - left, y - top), t) for x, y, t in stroke.points)
        for stroke in drawing.strokes
    )
    pen = drawing.pen and min(1.0, drawing.pen_pixels * placement.scale / min(canvas))
    return replace(drawing, strokes=strokes, canvas=canvas, pen=pen)


def on_whole_pixels(stroke: Stroke) -> Stroke:
    """Give a stroke as a mouse would have drawn it, so that a replay can draw it as well.

    A mouse is where whole pixels are, and tells of itself only when it has moved.
    """
    kept: list[Point] = []
    for x, y, t in stroke.points:
        point = Point(float(round(x)), float(round(y)), t)
        if not kept or point[:2] != kept[-1][:2]:
            kept.append(point)
    return Stroke(kept)
