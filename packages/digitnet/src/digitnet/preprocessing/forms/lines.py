"""Finds straight lines that are nearly parallel to an image's sides: of boxes, tables and frames.

A line is thin across, long along, and may slant a little. What is thin is the residue of an opening
across (Serra: "Image Analysis and Mathematical Morphology", 1982); gaps along it are closed, what
remains short is dropped, and each connected piece is fitted with a straight line. Pieces in line
are joined where ink crosses between them, and if they are the dashes of a dashed line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitnet.preprocessing.components import connected_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Maximum width of a line: as a share of the shorter side, of its soft edges, and in all, in pixels.
_WIDEST, _SOFT, _MOST_WIDE = 1 / 14, 2, 12

# Gaps up to this are closed, and pieces shorter than this are dropped: as shares of the shorter
# side, and in pixels.
_GAP, _LEAST_GAP, _MOST_GAP = 1 / 24, 4, 10

# Maximum slope of a line.
_MAX_SLOPE = 0.12

# Ink varies across a straight line by no more than this many times the width of the line.
_STRAIGHT = 1.5

# Pieces in line have at least this share of ink between them, or paper at both ends.
_BRIDGED = 0.6


@dataclass(frozen=True)
class FormLine:
    """A straight line, nearly parallel to one of the image's axes.

    Attributes:
        start: where it starts along that axis, in pixels.
        stop: where it stops.
        height: its middle across that axis, where it starts.
        slope: change of its height for each pixel along.
        width: across, in pixels.
    """

    start: float
    stop: float
    height: float
    slope: float
    width: float

    @property
    def length(self) -> float:
        """Its length along its axis, in pixels."""
        return self.stop - self.start

    @property
    def middle(self) -> float:
        """Its height halfway along."""
        return self.at(self.start + self.length / 2)

    def at(self, along: float) -> float:
        """Return its height at a place along its axis."""
        return self.height + self.slope * (along - self.start)


@dataclass
class _Pieces:
    """Straight pieces of lines, sorted by their start; see `FormLine`, each float64 (n,)."""

    start: NDArray[np.float64]
    stop: NDArray[np.float64]
    height: NDArray[np.float64]
    slope: NDArray[np.float64]
    width: NDArray[np.float64]
    is_dash: NDArray[np.bool_]


def find_form_lines(ink: NDArray[np.bool_], shorter: int) -> tuple[list[FormLine], list[FormLine]]:
    """Find the straight lines of an image.

    Args:
        ink: bool (height, width).
        shorter: the shorter side of the whole image, in pixels.

    Returns:
        the lines along rows, and those along columns.
    """
    widest = round(min(_WIDEST * shorter + _SOFT, _MOST_WIDE))
    gap = round(min(max(_GAP * shorter, _LEAST_GAP), _MOST_GAP))
    return _along_rows(ink, widest, gap), _along_rows(np.ascontiguousarray(ink.T), widest, gap)


def _along_rows(ink: NDArray[np.bool_], widest: int, gap: int) -> list[FormLine]:
    if min(ink.shape) <= gap:
        return []
    thick = _erode(ink, widest + 1, 0)
    thin = ink & ~_dilate(thick, widest + 1, 0) if thick.size else ink
    level = _erode(_dilate(thin, gap + 1, 1), gap + 1, 1)
    level = _dilate(_erode(level, gap + 1, 1), gap + 1, 1)
    return _joined(_pieces(level, ink, widest), ink)


def _erode(ink: NDArray[np.bool_], length: int, axis: int) -> NDArray[np.bool_]:
    """Keep the starts of stretches of ink of at least a length; the axis is shortened."""
    reach = 1
    while reach < length:
        step = min(reach, length - reach)
        count = ink.shape[axis] - step
        if count <= 0:
            return ink[:0] if axis == 0 else ink[:, :0]
        ink = ink[:count] & ink[step:] if axis == 0 else ink[:, :count] & ink[:, step:]
        reach += step
    return ink


def _dilate(ink: NDArray[np.bool_], length: int, axis: int) -> NDArray[np.bool_]:
    """Lengthen stretches of ink at both ends; the axis is lengthened, as `_erode` shortens it."""
    widths = [(length - 1, length - 1) if a == axis else (0, 0) for a in (0, 1)]
    return ~_erode(~np.pad(ink, widths), length, axis)


def _pieces(level: NDArray[np.bool_], ink: NDArray[np.bool_], widest: int) -> _Pieces:
    """Fit a straight line to each connected piece, and keep those that are straight and thin."""
    runs = connected_runs(level)
    of, n, rows = runs.components, runs.count, runs.rows
    starts, stops = runs.starts, runs.stops
    # Long runs count for more, so that other ink that touches a line hardly turns it.
    weights = (stops - starts).astype(np.float64) ** 4
    for reach in (widest / 2 + 1, None, None, None):
        fit = _fit(of, n, rows, starts, stops, weights)
        along = (starts + stops - 1) / 2
        distance = np.abs(rows - fit.mean_y[of] - fit.slope[of] * (along - fit.mean_x[of]))
        is_kept = distance <= (fit.width[of] / 2 + 1 if reach is None else reach)
        of, rows, starts, stops = (x[is_kept] for x in (of, rows, starts, stops))
        weights = weights[is_kept]
    weights = (stops - starts).astype(np.float64)
    fit = _fit(of, n, rows, starts, stops, weights)
    start, stop, slope, width = fit.start, fit.stop, fit.slope, fit.width
    # A line of a width varies across by its twelfth, squared.
    is_straight = np.sqrt(12 * fit.across + 1) <= _STRAIGHT * width + 1
    kept = is_straight & (width <= widest + 1) & (np.abs(slope) <= _MAX_SLOPE) & (width > 0)
    height = fit.mean_y + 0.5 + slope * (start - fit.mean_x - 0.5)
    boxes = runs.boxes().T
    sums = np.pad(np.cumsum(np.cumsum(ink, axis=0, dtype=np.int32), axis=1), ((1, 0), (1, 0)))
    left, top, wide, high = boxes
    low, first = np.maximum(top - 2, 0), np.maximum(left - 2, 0)
    bottom = np.minimum(top + high + 2, ink.shape[0])
    right = np.minimum(left + wide + 2, ink.shape[1])
    around = sums[bottom, right] - sums[low, right] - sums[bottom, first] + sums[low, first]
    within = sums[top + high, left + wide] - sums[top, left + wide]
    within += sums[top, left] - sums[top + high, left]
    is_dash = around <= np.where(stop - start <= 8 * width, 1.1, 1.03) * within + 2
    kept &= stop - start >= np.where(is_dash, 0.8, 1.5) * width
    order = np.flatnonzero(kept)[np.argsort(start[kept], kind="stable")]
    columns = (start, stop, height, slope, width, is_dash)
    return _Pieces(*(column[order] for column in columns))  # type: ignore[arg-type]


class _Fit(NamedTuple):
    """Straight lines fitted to runs of ink, each float64 (n,)."""

    start: NDArray[np.float64]
    stop: NDArray[np.float64]
    mean_x: NDArray[np.float64]
    mean_y: NDArray[np.float64]
    slope: NDArray[np.float64]
    across: NDArray[np.float64]
    width: NDArray[np.float64]


def _fit(
    of: NDArray[np.intp],
    n: int,
    rows: NDArray[np.intp],
    starts: NDArray[np.intp],
    stops: NDArray[np.intp],
    weights: NDArray[np.float64],
) -> _Fit:
    """Fit a line to the runs of each of n components by weighted least squares."""
    x, y, long = (starts + stops - 1) / 2, rows.astype(np.float64), stops - starts
    size = np.maximum(np.bincount(of, weights, n), 1e-9)
    mean_x, mean_y = (np.bincount(of, weights * v, n) / size for v in (x, y))
    dx, dy = x - mean_x[of], y - mean_y[of]
    spread = np.bincount(of, weights * (dx * dx + (long * long - 1) / 12), n)
    slope = np.bincount(of, weights * dx * dy, n) / np.maximum(spread, 1)
    across = np.bincount(of, weights * dy * dy, n) - slope * slope * spread
    start, stop = np.full(n, np.inf), np.zeros(n)
    np.minimum.at(start, of, starts)
    np.maximum.at(stop, of, stops)
    start = np.minimum(start, stop)
    width = np.bincount(of, long, n) / np.maximum(stop - start, 1)
    return _Fit(start, stop, mean_x, mean_y, slope, np.maximum(across, 0) / size, width)


def _joined(pieces: _Pieces, ink: NDArray[np.bool_]) -> list[FormLine]:
    """Join pieces that are parts of the same line, from the longest on."""
    length = pieces.stop - pieces.start
    is_free = np.ones(len(length), np.bool_)
    lines = []
    for seed in np.argsort(-length, kind="stable").tolist():
        if not is_free[seed]:
            continue
        is_free[seed] = False
        members = [seed]
        for step in (1, -1):
            last = seed
            while (found := _next(pieces, last, seed, members, step, ink, is_free)) is not None:
                is_free[found] = False
                members.append(found)
                last = found
        lines.append(_line_of(pieces, np.array(members)))
    return lines


def _next(
    pieces: _Pieces,
    last: int,
    seed: int,
    members: list[int],
    step: int,
    ink: NDArray[np.bool_],
    is_free: NDArray[np.bool_],
) -> int | None:
    """Return the next piece in line after the last one, to the right or to the left."""
    if step > 0:
        end = pieces.stop[last]
        distance = pieces.start - end
    else:
        end = pieces.start[last]
        distance = end - pieces.stop
    line = _line_of(pieces, np.array(members)) if len(members) > 1 else None
    longest = pieces.stop[seed] - pieces.start[seed]
    slope = line.slope if line else pieces.slope[seed]
    if longest < 30 and len(members) < 4:
        slope = 0.0
    base = pieces.height[last] + pieces.slope[last] * (end - pieces.start[last])
    near = pieces.start if step > 0 else pieces.stop
    theirs = pieces.height + pieces.slope * (near - pieces.start)
    expected = base + slope * (near - end)
    tolerance = 1 + 0.35 * np.minimum(pieces.width, pieces.width[last])
    tolerance = tolerance + 0.02 * np.abs(near - end)
    is_next = is_free & (distance > -2) & (np.abs(theirs - expected) <= tolerance)
    is_next &= distance <= max(60.0, 0.3 * longest)
    for found in np.flatnonzero(is_next)[np.argsort(distance[is_next], kind="stable")][:3].tolist():
        if _is_bridged(pieces, last, found, step, ink, float(distance[found])):
            return int(found)
    return None


def _is_bridged(
    pieces: _Pieces, last: int, found: int, step: int, ink: NDArray[np.bool_], gap: float
) -> bool:
    """Whether two pieces are parts of one line: ink crosses between them, or they are dashes."""
    one, other = (last, found) if step > 0 else (found, last)
    if pieces.is_dash[one] and pieces.is_dash[other]:
        lengths = [float(pieces.stop[p] - pieces.start[p]) for p in (one, other)]
        if gap <= 2 * min(lengths) + 4:
            return True
    first, end = int(pieces.stop[one]), int(np.ceil(pieces.start[other]))
    if end <= first:
        return True
    here = pieces.height[one] + pieces.slope[one] * (pieces.stop[one] - pieces.start[one])
    rows = np.linspace(here, pieces.height[other], end - first)
    rows = np.clip(rows.astype(np.intp), 0, len(ink) - 1)
    return bool(ink[rows, np.arange(first, end)].mean() >= _BRIDGED)


def _line_of(pieces: _Pieces, members: NDArray[np.intp]) -> FormLine:
    start, stop = float(pieces.start[members].min()), float(pieces.stop[members].max())
    length = pieces.stop[members] - pieces.start[members]
    width = float((pieces.width[members] * length).sum() / length.sum())
    if len(members) == 1:
        return FormLine(
            start, stop, float(pieces.height[members[0]]), float(pieces.slope[members[0]]), width
        )
    ends = np.concatenate([pieces.start[members], pieces.stop[members]])
    heights = np.concatenate(
        [pieces.height[members], pieces.height[members] + pieces.slope[members] * length]
    )
    weights = np.sqrt(np.concatenate([length, length]))
    slope, height = np.polyfit(ends - start, heights, 1, w=weights)
    return FormLine(start, stop, float(height), float(slope), width)
