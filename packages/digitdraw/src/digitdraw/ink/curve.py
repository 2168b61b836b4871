"""Smooth curves through the points at which the pen was sampled.

Each frame adds only a few points to a line, so this is plain Python: creating an array of so few
numbers takes longer than the arithmetic. A point is a complex number, x + yj, which halves the
time, because each step handles both coordinates at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

_CORNER = math.cos(math.radians(60))  # sharper turns are meant as corners
_MIN_DISTANCE = 4.0  # pixels between points; jitter of a mouse is smaller

_NEAR = 2 * _MIN_DISTANCE  # points closer than this are averaged, so that the curve is steady


def thin(points: Iterable[complex], kept: list[complex]) -> None:
    """Append to `kept` those points, in pixels, that are far enough from the last one kept.

    A mouse reports whole pixels: a curve through every one of them would be a staircase.
    """
    for point in points:
        if not kept or abs(point - kept[-1]) >= _MIN_DISTANCE:
            kept.append(point)


def thinned(points: Sequence[complex]) -> list[complex]:
    """Return a whole path, at least one point, in pixels, thinned but with both its ends."""
    kept: list[complex] = []
    thin(points, kept)
    if kept[-1] != points[-1]:
        kept.append(points[-1])
    return kept


def settled(path: Sequence[complex]) -> int:
    """Return the index of the point of a thinned path up to which more points change no curve.

    Not settled are the last point, from which the curve continues in an unknown direction, and
    possibly one before it that may still be averaged.
    """
    if len(path) < 2:
        return 0
    return max(len(path) - (2 if abs(path[-1] - path[-2]) >= _NEAR else 3), 0)


def smooth(path: Sequence[complex], start: int = 0, *, step: float = 4.0) -> list[complex]:
    """Return a smooth curve through points: cubic Hermite pieces that keep corners sharp.

    Args:
        path: at least one point, in pixels, thinned.
        start: index of the point at which the curve starts; the points before it shape the curve
            too, so that pieces made separately fit together.
        step: approximate distance between the curve's points, in pixels.

    Returns:
        the points of the curve, from `path[start]` to `path[-1]`.
    """
    return split_smooth(path, start, len(path) - 1, step=step)[0]


def split_smooth(
    path: Sequence[complex], start: int, at: int, *, step: float = 4.0
) -> tuple[list[complex], int]:
    """Return a smooth curve, and where on it a given point of the path is.

    Args:
        path: see `smooth`.
        start: see `smooth`.
        at: index of the point to find, `start` or more.
        step: see `smooth`.

    Returns:
        (the curve, the index of that point in the curve)
    """
    if start >= len(path) - 1:
        return [path[-1]], 0
    before = max(start - 2, 0)
    points = _steadied(path[before:])
    first = start - before
    curve, index = [points[first]], 0
    gap = points[first + 1] - points[first]
    direction = _unit(gap)
    leaving = _tangent(_unit(points[first] - points[first - 1]), direction) if first else None
    for piece in range(first + 1, len(points)):
        place, end = points[piece - 1], points[piece]
        next_gap = points[piece + 1] - end if piece + 1 < len(points) else 0j
        next_direction = _unit(next_gap)
        arriving = _tangent(direction, next_direction)
        length = abs(gap)
        # The Hermite piece as a polynomial of its parameter, which runs from 0 to 1.
        linear, slope = (leaving or direction) * length, (arriving or direction) * length
        square = 3 * gap - 2 * linear - slope
        cube = linear + slope - 2 * gap
        curve += [
            place + t * (linear + t * (square + t * cube))
            for t in _inner(max(math.ceil(length / step), 1))
        ]
        curve.append(end)
        if piece + before == at:
            index = len(curve) - 1
        gap, direction, leaving = next_gap, next_direction, arriving
    return curve, index


@lru_cache(maxsize=1024)
def _inner(count: int) -> tuple[float, ...]:
    """Return the inner boundaries of `count` equal parts of the interval from 0 to 1."""
    return tuple(part / count for part in range(1, count))


def _unit(gap: complex) -> complex:
    """Return a vector scaled to length 1; 0 stays 0."""
    length = abs(gap)
    return gap * (1 / length) if length else 0j


def _tangent(one: complex, other: complex) -> complex | None:
    """Return the direction halfway between two unit vectors, or None at a corner."""
    if one.real * other.real + one.imag * other.imag <= _CORNER:
        return None
    both = one + other
    return both * (1 / abs(both))


def _steadied(path: Sequence[complex]) -> list[complex]:
    """Return a path whose points with two near neighbours are moved a little towards both."""
    steadied = list(path)
    before = path[0]
    for index in range(1, len(path) - 1):
        place, after = path[index], path[index + 1]
        if abs(place - before) < _NEAR and abs(after - place) < _NEAR:
            steadied[index] = (before + 2 * place + after) / 4
        before = place
    return steadied
