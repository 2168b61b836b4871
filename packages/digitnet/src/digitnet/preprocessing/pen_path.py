"""The path of the pen through one digit, as a sequence of points for the network.

A picture shows which pixels the pen has touched; the path tells where it turned, crossed itself and
was lifted, however close together that is. What people do differently without anybody seeing it in
the ink is removed: where on the board and how large they write, how fast, in which order they draw
the strokes, and from which end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.framing import DOT

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINTS = 64
"""Number of points that a path is resampled to."""

CHANNELS = 6
"""Numbers for each point: x and y, the direction of travel (dx, dy), start and end of a stroke."""

_CLOSED = 0.05
"""Distance between the ends of a stroke that ends where it began, in halves of the ink's size."""

_COARSE = 717.3
"""Steps per unit within which two places count as the same; no simple fraction is between two."""

_TINY = 1e-9
_STEPS = np.arange(POINTS, dtype=np.float64)


def pen_path(
    paths: Sequence[NDArray[np.floating]], *, pen: float = 0.0, smallest: float = 0.0
) -> NDArray[np.float32]:
    """Resample one digit's strokes to a fixed number of points.

    Strokes are chained: the first begins at the end that is highest up, and each of the others at
    the end that is nearest to where the last one ended. Points are spread evenly along their
    length; each stroke has at least one.

    Args:
        paths: each float (n, 2), n >= 1, x and y in any unit, at least one; of more than `POINTS`,
            the others are left out.
        pen: as for `digitnet.preprocessing.framing.frame_strokes`.
        smallest: likewise.

    Returns:
        float32 (CHANNELS, POINTS). Positions are from the middle of the ink, in halves of its
        longer side; directions have length 1, or 0 in a stroke of a single point.
    """
    paths = paths[:POINTS]
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    size = max(float((high - low).max()), DOT * pen, smallest) or 1.0
    ordered = _chain([(path - (low + high) / 2) / size * 2 for path in paths])
    return _resample(ordered)


def _chain(paths: Sequence[NDArray[np.floating]]) -> list[NDArray[np.floating]]:
    """Order strokes, and reverse some, so that the pen travels little between them.

    Neither the order nor the directions that they have matter for the result.
    """
    directed = [_directed(path) for path in paths]
    ends = np.array([_ends(path) for path in directed])
    by_place = np.lexsort(ends.reshape(-1, 4).T)
    remaining, ends = [directed[index] for index in by_place], ends[by_place]
    # Of two ends that are equally high, the left one.
    heights = ends[:, :, 1] + 0.3 * ends[:, :, 0]
    index, end = divmod(int(heights.argmin()), 2)
    ordered = [_from_end(remaining.pop(index), end)]
    while remaining:
        ends = np.delete(ends, index, axis=0)
        distances = np.square(ends - _ends(ordered[-1])[1]).sum(axis=2)
        index, end = divmod(int(distances.argmin()), 2)
        ordered.append(_from_end(remaining.pop(index), end))
    return ordered


def _directed(path: NDArray[np.floating]) -> NDArray[np.floating]:
    """Let a stroke run rightwards, or anticlockwise if its ends meet."""
    if _is_closed(path):
        right, down = (path - path[0]).T
        is_backwards = float(right[:-1] @ down[1:] - down[:-1] @ right[1:]) > _TINY
    else:
        first, last = _ends(path).tolist()
        is_backwards = last < first
    return path[::-1] if is_backwards else path


def _ends(path: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return both ends of a stroke, (2, 2), so coarsely that rounding decides nothing."""
    ends: NDArray[np.float64] = np.rint(path[[0, -1]] * _COARSE)
    return ends


def _from_end(path: NDArray[np.floating], end: int) -> NDArray[np.floating]:
    """Let a stroke begin at its end with this index, 0 or 1; a closed one keeps its direction."""
    return path[::-1] if end and not _is_closed(path) else path


def _is_closed(path: NDArray[np.floating]) -> bool:
    (x, y), (last_x, last_y) = path[0], path[-1]
    return bool(abs(x - last_x) + abs(y - last_y) < _CLOSED)


def _resample(paths: Sequence[NDArray[np.floating]]) -> NDArray[np.float32]:
    """Return float32 (CHANNELS, POINTS) of strokes, each of which gets at least one point."""
    alongs = [distance_along(path) for path in paths]
    scale = (POINTS - len(paths)) / max(sum(float(along[-1]) for along in alongs), _TINY)
    sequence = np.zeros((CHANNELS, POINTS), np.float32)
    start, length = 0, 0.0
    for number, (path, along) in enumerate(zip(paths, alongs, strict=True), start=1):
        length += float(along[-1])
        stop = POINTS if number == len(paths) else number + int(length * scale + 0.5 + _TINY)
        count = stop - start
        at = _STEPS[:count] * (along[-1] / max(count - 1, 1)) if count > 1 else along[-1:] / 2
        places = sequence[:2, start:stop]
        places[0], places[1] = np.interp(at, along, path[:, 0]), np.interp(at, along, path[:, 1])
        travel = places[:, 1:] - places[:, :-1]
        directions = sequence[2:4, start:stop]
        directions[:, :-1] = travel
        directions[:, 1:] += travel
        directions /= np.maximum(np.sqrt((directions * directions).sum(axis=0)), _TINY)
        sequence[4, start] = sequence[5, stop - 1] = 1
        start = stop
    return sequence


def distance_along(path: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return how far along a stroke each of its points is, float64 (n,)."""
    steps = path[1:] - path[:-1]
    along = np.zeros(len(path))
    np.sqrt((steps * steps).sum(axis=1)).cumsum(out=along[1:])
    return along
