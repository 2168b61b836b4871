"""Strokes to pixels: anti-aliased lines with round caps and joins, by distance.

A stroke's ink is all that lies within `radius` of its polyline, and a pixel's grey depends only on
how far its centre is from the nearest polyline. So the picture does not change with the order or
the direction of the strokes, nor with points added along a segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Windows of distances are computed in blocks of about this many pixels: 8 MB for each array.
_BLOCK = 2**20

# Up to so many distances, all of them cost less than to find out which ones are needed.
_FEW = 2**13


def render(
    paths: Sequence[NDArray[np.floating]],
    shape: tuple[int, int],
    *,
    radius: float,
    softness: float = 1.0,
) -> NDArray[np.float64]:
    """Draw polylines as ink.

    The cost grows linearly with the paths' length and number of points, whatever the picture's
    size: each piece of a path is compared only with the pixels that it can reach.

    Args:
        paths: each float (n, 2), n >= 1, x and y in pixels; pixel (row i, column j) covers
            j <= x < j + 1, i <= y < i + 1. One point makes a dot. Ink outside the picture is cut.
        shape: (height, width) of the picture.
        radius: half the width of a line, in pixels.
        softness: the width, in pixels, over which the edge of a line fades; 1 is the
            anti-aliasing of a sharp edge.

    Returns:
        float64 (height, width), 0 for paper to 1 for ink.
    """
    reach = radius + softness / 2
    nearest = squared_distance(paths, shape, reach)
    return np.clip((reach - np.sqrt(nearest)) / softness, 0.0, 1.0)


def squared_distance(
    paths: Sequence[NDArray[np.floating]], shape: tuple[int, int], reach: float
) -> NDArray[np.float64]:
    """Measure each pixel's squared distance to the nearest path.

    Returns:
        float64 (height, width) in squared pixels; exact up to `reach` pixels, and beyond it
        exact, larger or infinite.
    """
    height, width = shape
    starts, along = _segments(paths)
    if 0 < len(starts) * height * width <= _FEW:
        x = np.arange(width, dtype=np.float64)[None] + 0.5
        y = np.arange(height, dtype=np.float64)[None] + 0.5
        nearest: NDArray[np.float64] = _to_segments(x, y, starts, along).min(axis=0)
        return nearest
    piece_length = max(1.0, reach)
    pieces = np.maximum(np.ceil(np.hypot(*along.T) / piece_length), 1.0).astype(np.intp)
    window = int(np.ceil(piece_length + 2 * reach)) + 1
    # A margin as wide as a window saves every window from being cut at the picture's edge.
    stride = width + 2 * window
    canvas = np.full((height + 2 * window) * stride, np.inf)
    offsets = np.arange(window)

    owners = np.repeat(np.arange(len(starts)), pieces)
    first_piece = np.cumsum(pieces) - pieces
    position = (np.arange(len(owners)) - first_piece[owners] + 0.5) / pieces[owners]
    middles = starts[owners] + along[owners] * position[:, None]
    corners = np.floor(middles - (piece_length / 2 + reach)).astype(np.intp)
    np.clip(corners, -window, (width, height), out=corners)

    block = max(1, _BLOCK // window**2)
    for begin in range(0, len(owners), block):
        owner = owners[begin : begin + block]
        columns = corners[begin : begin + block, 0, None] + offsets
        rows = corners[begin : begin + block, 1, None] + offsets
        distance = _to_segments(columns + 0.5, rows + 0.5, starts[owner], along[owner])
        pixels = (rows + window)[:, :, None] * stride + (columns + window)[:, None, :]
        np.minimum.at(canvas, pixels.ravel(), distance.ravel())
    return canvas.reshape(-1, stride)[window : window + height, window : window + width]


def _segments(
    paths: Sequence[NDArray[np.floating]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """List the segments' starts and vectors, each float64 (n, 2); a dot has no length."""
    if not paths:
        return np.empty((0, 2)), np.empty((0, 2))
    starts = np.concatenate([path[:-1] if len(path) > 1 else path for path in paths])
    ends = np.concatenate([path[1:] if len(path) > 1 else path for path in paths])
    return starts.astype(np.float64), (ends - starts).astype(np.float64)


def _to_segments(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    starts: NDArray[np.float64],
    along: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Measure squared distances from each of m windows' pixels to its own, whole segment.

    The whole segment, not the piece that the window is for: where a segment is divided can then
    never change a pixel.

    Args:
        x: pixel centres, (m, width); (1, width) if all windows are the same.
        y: pixel centres, (m, height) or (1, height).
        starts: (m, 2).
        along: (m, 2).

    Returns:
        float64 (m, height, width).
    """
    x = (x - starts[:, 0, None])[:, None, :]
    y = (y - starts[:, 1, None])[:, :, None]
    dx, dy = along[:, 0, None, None], along[:, 1, None, None]
    squared_length = dx * dx + dy * dy
    share = (x * dx + y * dy) / np.where(squared_length > 0, squared_length, 1.0)
    np.clip(share, 0.0, 1.0, out=share)
    return np.square(x - share * dx) + np.square(y - share * dy)
