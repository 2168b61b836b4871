"""Strokes to pixels: anti-aliased lines with round caps and joins, drawn by distance.

A stroke's ink is everything within `radius` of its polyline, and a pixel's grey level depends only
on the distance of its centre from the nearest polyline. So the image does not change with the order
or direction of the strokes, nor when points are added along a segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Distances are computed in blocks of windows with about this many pixels: 8 MB for each array.
_BLOCK = 2**20

# More than the rounding error of coordinates, in pixels, and too little to matter for ink.
_ROUNDING = 1e-9

# Up to this many distances, computing all costs less than finding out which ones are needed.
_FEW = 2**13


def render(
    paths: Sequence[NDArray[np.floating]],
    shape: tuple[int, int],
    *,
    radius: float,
    softness: float = 1.0,
) -> NDArray[np.float64]:
    """Draw polylines as ink.

    The cost grows linearly with the paths' length and number of points, and does not depend on the
    image's size: each piece of a path is compared only with the pixels that it can reach.

    Args:
        paths: each float (n, 2), n >= 1, x and y in pixels; pixel (row i, column j) covers
            j <= x < j + 1, i <= y < i + 1. One point makes a dot. Ink outside the image is cut off.
        shape: (height, width) of the image.
        radius: half the width of a line, in pixels.
        softness: width, in pixels, over which the edge of a line fades; 1 anti-aliases a sharp
            edge.

    Returns:
        float64 (height, width), 0 for paper to 1 for ink.
    """
    reach = radius + softness / 2
    nearest = squared_distance(paths, shape, reach)
    ink: NDArray[np.float64] = (reach - np.sqrt(nearest)) / softness
    return np.minimum(np.maximum(ink, 0.0, out=ink), 1.0, out=ink)


def squared_distance(
    paths: Sequence[NDArray[np.floating]], shape: tuple[int, int], reach: float
) -> NDArray[np.float64]:
    """Compute each pixel's squared distance to the nearest path.

    Returns:
        float64 (height, width) in squared pixels; exact up to `reach` pixels, and exact, too large
        or infinite beyond it.
    """
    height, width = shape
    starts, along = _segments(paths)
    if 0 < starts.shape[1] * height * width <= _FEW:
        x, y = (np.arange(side, dtype=np.float64)[:, None] + 0.5 for side in (width, height))
        nearest: NDArray[np.float64] = _to_segments(x, y, starts, along).min(axis=2)
        return nearest
    piece_length = max(1.0, reach)
    pieces = np.maximum(np.ceil(np.hypot(*along) / piece_length), 1.0).astype(np.intp)
    half = piece_length / 2 + reach + _ROUNDING
    window = int(2 * half) + 1
    # A margin as wide as a window means that no window is cut off at the image's edge.
    stride = width + 2 * window
    canvas = np.full((height + 2 * window) * stride, np.inf)
    offsets = np.arange(window)[:, None]

    owners = np.repeat(np.arange(len(pieces)), pieces)
    starts, along = starts.take(owners, axis=1), along.take(owners, axis=1)
    first_piece = pieces.cumsum() - pieces
    position = (np.arange(len(owners)) - first_piece[owners] + 0.5) / pieces[owners]
    corners = np.ceil(starts + along * position - (half + 0.5)).astype(np.intp)
    np.maximum(corners, -window, out=corners)
    np.minimum(corners, [[width], [height]], out=corners)

    block = max(1, _BLOCK // window**2)
    for begin in range(0, len(owners), block):
        chosen = np.s_[:, begin : begin + block]
        columns, rows = corners[chosen][:, None] + offsets
        distance = _to_segments(columns + 0.5, rows + 0.5, starts[chosen], along[chosen])
        pixels = ((rows + window) * stride + window)[:, None] + columns
        np.minimum.at(canvas, pixels.ravel(), distance.ravel())
    return canvas.reshape(-1, stride)[window : window + height, window : window + width]


def _segments(
    paths: Sequence[NDArray[np.floating]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the segments' starts and vectors, each float64 (2, n); a dot has length 0."""
    if not paths:
        return np.empty((2, 0)), np.empty((2, 0))
    starts = np.concatenate([path[:-1].T if len(path) > 1 else path.T for path in paths], axis=1)
    ends = np.concatenate([path[1:].T if len(path) > 1 else path.T for path in paths], axis=1)
    return starts.astype(np.float64), (ends - starts).astype(np.float64)


def _to_segments(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    starts: NDArray[np.float64],
    along: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Compute the squared distances from the pixels of each of m windows to its own segment.

    The distance is to the whole segment, not to the piece that the window is for, so where a
    segment is divided never changes a pixel. Windows come last because there are many, and NumPy is
    fast only along the last axis.

    Args:
        x: pixel centres, (width, m), or (width, 1) if all windows are the same.
        y: pixel centres, (height, m) or (height, 1).
        starts: (2, m).
        along: (2, m).

    Returns:
        float64 (height, width, m).
    """
    x = x - starts[0]
    y = (y - starts[1])[:, None]
    dx, dy = along
    squared_length = dx * dx + dy * dy
    share = x * dx + y * dy
    share /= np.where(squared_length > 0, squared_length, 1.0)
    np.maximum(share, 0.0, out=share)
    np.minimum(share, 1.0, out=share)
    across: NDArray[np.float64] = share * dx
    np.square(np.subtract(x, across, out=across), out=across)
    down = np.multiply(share, dy, out=share)
    np.square(np.subtract(y, down, out=down), out=down)
    across += down
    return across
