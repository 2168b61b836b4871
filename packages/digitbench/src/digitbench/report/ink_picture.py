"""Ink as vector graphics that show the order and direction of the strokes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitbench.replay.timeline import on_canvas
from digitnet import Drawing

_SIDE = 200.0
_MARGIN = 16.0
_RADIUS = 8.0
_ARROW = 12.0
_BETWEEN_ARROWS = 80.0
_MOST_POINTS = 3000
_MOST_LABELS = 40
_MOST_ARROWS = 24
_PEN = 8.0
# The scale is limited so that a tap, in pen diameters, does not fill the picture.
_DOT = 6.0

Path = NDArray[np.float64]


@dataclass(frozen=True)
class InkPicture:
    """The ink of a drawing in units of a picture whose longer side is about 230.

    Attributes:
        width: the width of the picture.
        height: the height of the picture.
        pen: the line width; a default if the drawing does not state its pen.
        paths: the strokes, each as the attribute ``d`` of an SVG path.
        arrows: triangles that point in the direction of drawing, as the same attribute.
        labels: (x, y, number) near the start of each stroke, in the order of drawing.
        radius: the radius of a label.
    """

    width: float
    height: float
    pen: float
    paths: tuple[str, ...]
    arrows: str
    labels: tuple[tuple[float, float, int], ...]
    radius: float = _RADIUS


def picture_ink(drawing: Drawing) -> InkPicture:
    """Scale the ink of a drawing to fill a picture, without small steps of the pen."""
    drawing = on_canvas(drawing)
    bounds = drawing.bounds
    if bounds is None:
        side = _SIDE + 2 * _MARGIN
        return InkPicture(side, side, 1.0, (), "", ())
    left, top, width, height = bounds
    scale = _SIDE / max(width, height, _DOT * drawing.pen_pixels, 1e-6)
    pen = drawing.pen_pixels * scale or _PEN
    margin = _MARGIN + pen / 2
    paths = _thin([(s.xy - (left, top)) * scale + margin for s in drawing.strokes])
    size = (width * scale + 2 * margin, height * scale + 2 * margin)
    if max(width, height) < 1e-6:
        # A single dot gets the same room around it as larger ink.
        size = (_SIDE, _SIDE)
        paths = [path + _SIDE / 2 - margin for path in paths]
    shown = paths[:_MOST_LABELS]
    return InkPicture(
        width=round(size[0], 1),
        height=round(size[1], 1),
        pen=round(max(2.0, pen), 1),
        paths=tuple(_line(path) for path in paths),
        arrows="".join(_arrow(tip, heading) for path in shown for tip, heading in _along(path)),
        labels=_place_labels(shown, size),
    )


def _thin(paths: Sequence[Path]) -> list[Path]:
    """Remove points that are close to the previous one, until few enough are left."""
    least = 0.75
    while True:
        thinned = [_keep(path, least) for path in paths[:_MOST_POINTS]]
        if sum(map(len, thinned)) <= _MOST_POINTS or least > _SIDE:
            return thinned
        least *= 2


def _keep(path: Path, least: float) -> Path:
    kept = [path[0]]
    for point in path[1:-1]:
        if math.dist(point, kept[-1]) >= least:
            kept.append(point)
    if len(path) > 1:
        kept.append(path[-1])
    return np.array(kept)


def _line(path: Path) -> str:
    # A line of zero length with round ends shows as a dot.
    points = " ".join(f"{x:.1f} {y:.1f}" for x, y in path[1:]) if len(path) > 1 else ""
    start = f"M{path[0][0]:.1f} {path[0][1]:.1f}"
    return f"{start}L{points}" if points else f"{start}h0"


def _along(path: Path) -> list[tuple[Path, float]]:
    """Return evenly spaced places for arrows on a stroke: (point, heading in radians)."""
    steps = np.hypot(*np.diff(path, axis=0).T)
    distances = np.concatenate([[0.0], np.cumsum(steps)])
    length = float(distances[-1])
    if length < 2 * _ARROW:
        return []
    count = min(max(1, round(length / _BETWEEN_ARROWS)), _MOST_ARROWS)
    arrows = []
    for index in range(count):
        at = (index + 0.6) / count * length
        # The chord around a point is steadier than the single step at it.
        back, tip, ahead = (
            np.array([np.interp(at + shift, distances, path[:, axis]) for axis in (0, 1)])
            for shift in (-_ARROW / 2, 0.0, _ARROW / 2)
        )
        x, y = ahead - back
        if x or y:
            arrows.append((tip, math.atan2(y, x)))
    return arrows


def _arrow(tip: Path, heading: float) -> str:
    corners = [(0.6, 0.0), (-0.4, 0.45), (-0.4, -0.45)]
    cos, sin = math.cos(heading), math.sin(heading)
    points = [
        f"{tip[0] + _ARROW * (x * cos - y * sin):.1f} {tip[1] + _ARROW * (x * sin + y * cos):.1f}"
        for x, y in corners
    ]
    return f"M{points[0]}L{points[1]} {points[2]}z"


def _place_labels(
    paths: Sequence[Path], size: tuple[float, float]
) -> tuple[tuple[float, float, int], ...]:
    """Place a number behind the start of each stroke, turned away from other numbers."""
    placed: list[tuple[float, float, int]] = []
    for number, path in enumerate(paths, start=1):
        heading = _heading(path)
        candidates = [_near(path[0], heading + math.pi + turn, size) for turn in _TURNS]
        place = max(candidates, key=lambda place: _room(place, placed))
        placed.append((round(place[0], 1), round(place[1], 1), number))
    return tuple(placed)


_TURNS = [0.0, *(sign * math.radians(turn) for turn in (45, 90, 135) for sign in (1, -1))]


def _heading(path: Path) -> float:
    ahead = path[min(len(path) - 1, 3)] - path[0]
    return math.atan2(ahead[1], ahead[0])


def _near(start: Path, direction: float, size: tuple[float, float]) -> tuple[float, float]:
    x = float(start[0]) + _RADIUS * math.cos(direction)
    y = float(start[1]) + _RADIUS * math.sin(direction)
    return (
        min(max(x, _RADIUS), size[0] - _RADIUS),
        min(max(y, _RADIUS), size[1] - _RADIUS),
    )


def _room(place: tuple[float, float], placed: Sequence[tuple[float, float, int]]) -> float:
    """Return the distance to the nearest label, limited to what is far enough."""
    nearest = min((math.dist(place, other[:2]) for other in placed), default=math.inf)
    return min(nearest, 2 * _RADIUS)
