"""A drawing from one canvas to another, and onto the pixels of a window."""

from __future__ import annotations

from dataclasses import replace

from pygame import Rect

from digitdraw.board_view import Placement
from digitnet import Drawing, Point, Stroke
from digitnet.ink import union


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
