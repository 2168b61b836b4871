"""Points to curves: what the hand meant between the places where the pen was seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from digitnet import Point

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CORNER = math.cos(math.radians(60))  # sharper turns are meant as corners


def smooth(path: NDArray[np.float64], start: int = 0, *, step: float = 4.0) -> NDArray[np.float64]:
    """Lay a smooth curve through points: cubic Hermite pieces, with corners left as they are.

    Args:
        path: float (n, 2), n >= 1, in pixels.
        start: the index of the point where the curve shall start; the one before it shapes the
            curve too, so that pieces made one by one fit together.
        step: the distance between the curve's points, at most, in pixels.

    Returns:
        float (m, 2), m >= 1, from the first to the last of these points.
    """
    return split_smooth(path, start, step=step)[0]


def split_smooth(
    path: NDArray[np.float64], start: int = 0, *, step: float = 4.0
) -> tuple[NDArray[np.float64], int]:
    """Lay a smooth curve, and tell how much of it the next point cannot bend any more.

    Args:
        path: as `smooth` takes it, and so are all below.
        start: the same.
        step: the same.

    Returns:
        (the curve, the index in it of the last point but one)
    """
    if start >= len(path) - 1:
        return path[-1:], 0
    before = max(start - 1, 0)
    around = path[before:]
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
    curve = np.concatenate([path[start : start + 1], points])
    return curve, len(curve) - 1 - int(steps[-1])


def as_path(points: Sequence[Point]) -> NDArray[np.float64]:
    """Give points as an array, float64 (n, 2)."""
    return np.array([(point.x, point.y) for point in points], dtype=np.float64)
