"""Points to curves: what the hand meant between the places where the pen was seen."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CORNER = math.cos(math.radians(60))  # sharper turns are meant as corners
_LEAST = 4.0  # pixels between points; what a mouse trembles is less

LAG = 2
"""So many points at a path's end may still move, or bend the curve, when another one comes."""


def thin(points: Iterable[tuple[float, float]], kept: list[tuple[float, float]]) -> None:
    """Add those points to `kept` that are some way, in pixels, from the last one kept.

    A mouse is where a whole pixel is: a curve through each of its places would be a staircase.
    """
    for x, y in points:
        if not kept or math.hypot(x - kept[-1][0], y - kept[-1][1]) >= _LEAST:
            kept.append((x, y))


def thinned(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """Thin a whole path, float (n, 2), n >= 1, in pixels; its ends stay."""
    points = [(float(x), float(y)) for x, y in path]
    kept: list[tuple[float, float]] = []
    thin(points, kept)
    if kept[-1] != points[-1]:
        kept.append(points[-1])
    return np.array(kept)


def smooth(path: NDArray[np.float64], start: int = 0, *, step: float = 4.0) -> NDArray[np.float64]:
    """Lay a smooth curve through points: cubic Hermite pieces, with corners left as they are.

    Args:
        path: float (n, 2), n >= 1, in pixels, thinned.
        start: the index of the point where the curve shall start; those before it shape the curve
            too, so that pieces made one by one fit together.
        step: the distance between the curve's points, at most, in pixels.

    Returns:
        float (m, 2), m >= 1, from the first to the last of these points.
    """
    return split_smooth(path, start, len(path) - 1, step=step)[0]


def split_smooth(
    path: NDArray[np.float64], start: int, at: int, *, step: float = 4.0
) -> tuple[NDArray[np.float64], int]:
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
        return path[-1:], 0
    before = max(start - 2, 0)
    around = _steadied(path[before:])
    ways = np.diff(around, axis=0)
    lengths = np.hypot(ways[:, 0], ways[:, 1])
    along = ways / np.maximum(lengths, 1e-9)[:, None]
    leaving, arriving = along.copy(), along.copy()
    is_bend = (along[:-1] * along[1:]).sum(axis=1) > _CORNER
    middle = along[:-1] + along[1:]
    middle /= np.maximum(np.hypot(middle[:, 0], middle[:, 1]), 1e-9)[:, None]
    arriving[:-1][is_bend] = leaving[1:][is_bend] = middle[is_bend]

    pieces = slice(start - before, None)
    steps = np.maximum(np.ceil(lengths[pieces] / step), 1).astype(int)
    ends = np.cumsum(steps)
    piece = np.repeat(np.arange(len(steps)), steps)
    t = ((np.arange(1, ends[-1] + 1) - (ends - steps)[piece]) / steps[piece])[:, None]
    length = lengths[pieces][piece][:, None]
    square, cube = t * t, t * t * t
    points = (
        (2 * cube - 3 * square + 1) * around[:-1][pieces][piece]
        + (cube - 2 * square + t) * length * leaving[pieces][piece]
        + (3 * square - 2 * cube) * around[1:][pieces][piece]
        + (cube - square) * length * arriving[pieces][piece]
    )
    curve = np.concatenate([around[start - before :][:1], points])
    return curve, int(ends[at - start - 1]) if at > start else 0


def _steadied(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move each point between two near ones a little towards their middle."""
    if len(path) < 3:
        return path
    ways = np.diff(path, axis=0)
    is_near = (ways**2).sum(axis=1) < (2 * _LEAST) ** 2
    steadied = path.copy()
    inner = is_near[:-1] & is_near[1:]
    steadied[1:-1][inner] = ((path[:-2] + 2 * path[1:-1] + path[2:]) / 4)[inner]
    return steadied
