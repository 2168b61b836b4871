"""Points to curves: what the hand meant between the places where the pen was seen.

A frame adds a few points to a line, so this is plain arithmetic: an array of so few numbers takes
longer to make than to work through. A place is a complex number, x + yj, which takes half as long
again: every step is done for both coordinates at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

_CORNER = math.cos(math.radians(60))  # sharper turns are meant as corners
_LEAST = 4.0  # pixels between points; what a mouse trembles is less

_NEAR = 2 * _LEAST  # of points that are moved so that the curve does not tremble


def thin(points: Iterable[complex], kept: list[complex]) -> None:
    """Add those points to `kept` that are some way, in pixels, from the last one kept.

    A mouse is where a whole pixel is: a curve through each of its places would be a staircase.
    """
    for point in points:
        if not kept or abs(point - kept[-1]) >= _LEAST:
            kept.append(point)


def thinned(points: Sequence[complex]) -> list[complex]:
    """Thin a whole path, at least one point, in pixels; its ends stay."""
    kept: list[complex] = []
    thin(points, kept)
    if kept[-1] != points[-1]:
        kept.append(points[-1])
    return kept


def settled(path: Sequence[complex]) -> int:
    """Give the index of the point, of a thinned path, up to which more points change no curve.

    Beyond it are the last point, from where the curve goes on in a direction that is not known yet,
    and one before it that may still be moved.
    """
    if len(path) < 2:
        return 0
    return max(len(path) - (2 if abs(path[-1] - path[-2]) >= _NEAR else 3), 0)


def smooth(path: Sequence[complex], start: int = 0, *, step: float = 4.0) -> list[complex]:
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
    path: Sequence[complex], start: int, at: int, *, step: float = 4.0
) -> tuple[list[complex], int]:
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
    first = start - before
    curve, index = [points[first]], 0
    gap = points[first + 1] - points[first]
    way = _direction(gap)
    leaving = _tangent(_direction(points[first] - points[first - 1]), way) if first else None
    for piece in range(first + 1, len(points)):
        place, end = points[piece - 1], points[piece]
        next_gap = points[piece + 1] - end if piece + 1 < len(points) else 0j
        next_way = _direction(next_gap)
        arriving = _tangent(way, next_way)
        length = abs(gap)
        # The Hermite piece as a polynomial in powers of its parameter, which goes from 0 to 1.
        linear, slope = (leaving or way) * length, (arriving or way) * length
        square = 3 * gap - 2 * linear - slope
        cube = linear + slope - 2 * gap
        curve += [
            place + t * (linear + t * (square + t * cube))
            for t in _inner(max(math.ceil(length / step), 1))
        ]
        curve.append(end)
        if piece + before == at:
            index = len(curve) - 1
        gap, way, leaving = next_gap, next_way, arriving
    return curve, index


@lru_cache(maxsize=1024)
def _inner(count: int) -> tuple[float, ...]:
    """Divide the way from 0 to 1 into parts; gives where they meet."""
    return tuple(part / count for part in range(1, count))


def _direction(gap: complex) -> complex:
    """Give the way from one point to another as one of length 1; 0 where there is none."""
    length = abs(gap)
    return gap * (1 / length) if length else 0j


def _tangent(one: complex, other: complex) -> complex | None:
    """Give the direction between two, None at a corner."""
    if one.real * other.real + one.imag * other.imag <= _CORNER:
        return None
    both = one + other
    return both * (1 / abs(both))


def _steadied(path: Sequence[complex]) -> list[complex]:
    """Move each point between two near ones a little towards their middle."""
    steadied = list(path)
    before = path[0]
    for index in range(1, len(path) - 1):
        place, after = path[index], path[index + 1]
        if abs(place - before) < _NEAR and abs(after - place) < _NEAR:
            steadied[index] = (before + 2 * place + after) / 4
        before = place
    return steadied
