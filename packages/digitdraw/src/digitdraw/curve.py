"""Points to curves: what the hand meant between the places where the pen was seen.

A frame adds a few points to a line, so this is plain arithmetic: an array of so few numbers takes
longer to make than to work through.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

XY: TypeAlias = tuple[float, float]

_CORNER = math.cos(math.radians(60))  # sharper turns are meant as corners
_LEAST = 4.0  # pixels between points; what a mouse trembles is less

LAG = 2
"""So many points at a path's end may still move, or bend the curve, when another one comes."""


def thin(points: Iterable[XY], kept: list[XY]) -> None:
    """Add those points to `kept` that are some way, in pixels, from the last one kept.

    A mouse is where a whole pixel is: a curve through each of its places would be a staircase.
    """
    for x, y in points:
        if not kept or math.hypot(x - kept[-1][0], y - kept[-1][1]) >= _LEAST:
            kept.append((x, y))


def thinned(points: Sequence[XY]) -> list[XY]:
    """Thin a whole path, at least one point, in pixels; its ends stay."""
    kept: list[XY] = []
    thin(points, kept)
    if kept[-1] != points[-1]:
        kept.append(points[-1])
    return kept


def smooth(path: Sequence[XY], start: int = 0, *, step: float = 4.0) -> list[XY]:
    """Lay a smooth curve through points: cubic Hermite pieces, with corners left as they are.

    Args:
        path: at least one point, in pixels, thinned.
        start: the index of the point where the curve shall start; those before it shape the curve
            too, so that pieces made one by one fit together.
        step: the distance between the curve's points, about, in pixels.

    Returns:
        the curve's points, from the first to the last of these.
    """
    return split_smooth(path, start, len(path) - 1, step=step)[0]


def split_smooth(
    path: Sequence[XY], start: int, at: int, *, step: float = 4.0
) -> tuple[list[XY], int]:
    """Lay a smooth curve, and tell where in it a point of the path is.

    Args:
        path: as `smooth` takes it, and so are `start` and `step`.
        start: the same.
        at: the index of the point, `start` or more.
        step: the same.

    Returns:
        (the curve, the index in it of that point)
    """
    if start >= len(path) - 1:
        return [path[-1]], 0
    before = max(start - 2, 0)
    points = _steadied(path[before:])
    lengths, ways = _ways(points)
    tangents = [_tangent(one, other) for one, other in pairwise(ways)]
    curve, index = [points[start - before]], 0
    for piece in range(start - before, len(points) - 1):
        leaving = tangents[piece - 1] if piece else None
        arriving = tangents[piece] if piece < len(tangents) else None
        way = ways[piece]
        _add_piece(
            curve,
            points[piece],
            points[piece + 1],
            leaving or way,
            arriving or way,
            lengths[piece],
            step,
        )
        if piece + 1 + before == at:
            index = len(curve) - 1
    return curve, index


def _add_piece(
    curve: list[XY], start: XY, end: XY, leaving: XY, arriving: XY, length: float, step: float
) -> None:
    """Add the points of one Hermite piece, after its first."""
    (x, y), (to_x, to_y) = start, end
    first_x, first_y = leaving[0] * length, leaving[1] * length
    last_x, last_y = arriving[0] * length, arriving[1] * length
    # The polynomial in powers of its parameter, which goes from 0 to 1.
    square_x = 3 * (to_x - x) - 2 * first_x - last_x
    square_y = 3 * (to_y - y) - 2 * first_y - last_y
    cube_x = first_x + last_x - 2 * (to_x - x)
    cube_y = first_y + last_y - 2 * (to_y - y)
    count = max(math.ceil(length / step), 1)
    for part in range(1, count):
        t = part / count
        curve.append(
            (
                x + t * (first_x + t * (square_x + t * cube_x)),
                y + t * (first_y + t * (square_y + t * cube_y)),
            )
        )
    curve.append(end)


def _ways(points: Sequence[XY]) -> tuple[list[float], list[XY]]:
    """Give the distance from each point to the next, and the direction, of length 1."""
    lengths, ways = [], []
    for (x, y), (to_x, to_y) in pairwise(points):
        length = math.hypot(to_x - x, to_y - y)
        lengths.append(length)
        scale = 1 / length if length else 0.0
        ways.append(((to_x - x) * scale, (to_y - y) * scale))
    return lengths, ways


def _tangent(one: XY, other: XY) -> XY | None:
    """Give the direction between two, None at a corner."""
    if one[0] * other[0] + one[1] * other[1] <= _CORNER:
        return None
    x, y = one[0] + other[0], one[1] + other[1]
    scale = 1 / math.hypot(x, y)
    return x * scale, y * scale


def _steadied(path: Sequence[XY]) -> list[XY]:
    """Move each point between two near ones a little towards their middle."""
    steadied = list(path)
    near = 2 * _LEAST
    for index in range(1, len(path) - 1):
        (x, y), (at_x, at_y), (to_x, to_y) = path[index - 1 : index + 2]
        if math.hypot(at_x - x, at_y - y) < near and math.hypot(to_x - at_x, to_y - at_y) < near:
            steadied[index] = ((x + 2 * at_x + to_x) / 4, (y + 2 * at_y + to_y) / 4)
    return steadied
