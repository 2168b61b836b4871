"""Cuts strokes that may hold several digits, where the pen went on from one to the next.

A digit's lines are above each other: a vertical line through it mostly meets its path two or three
times. A ligature is met once. So a stroke may be cut where a vertical line meets its path once; the
parts are to the left and to the right of it, whichever way it was drawn. That is the classical cut
at minima of the vertical projection (Casey, Lecolinet, 1996, section 3.2), but of a path.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Point, Stroke
from digitnet.preprocessing.pen_path import distance_along

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDE = 1.1
"""Minimum width of a stroke that may hold several digits, as a share of its height."""

FLAT = 8.0
"""Maximum width of such a stroke, as a share of its height: beyond this it is a bar."""

STEP = 0.04
"""Distance between the vertical lines that are tried, as a share of the stroke's height."""

LONG = 0.4
"""From this length on, as a share of the stroke's height, a ligature is cut in two places.

It may go on as the bar of a seven, or have begun as the foot of a two.
"""

SAMPLES = 48
"""Number of points of a stroke that are compared with those of another."""


class CutStroke:
    """A stroke, and the parts that it can be cut into.

    Attributes:
        stroke: the stroke.
        count: the number of parts, from left to right; 1 if the stroke is not cut.
    """

    def __init__(self, stroke: Stroke, *, can_cut: bool = True) -> None:
        self.stroke = stroke
        # Where parts end: an index of a point, plus how far it is to the next.
        self._ends = _ends(stroke) if can_cut else [0.0, len(stroke.points) - 1.0]
        self.count = len(self._ends) - 1
        self._parts: dict[tuple[int, int], Stroke] = {(0, self.count): stroke}

    @cached_property
    def samples(self) -> NDArray[np.float64]:
        """Points along the stroke, closely enough to see what touches it, float64 (n, 2)."""
        xy = self.stroke.xy
        along = distance_along(xy)
        at = np.linspace(0, along[-1], SAMPLES)
        return np.stack([np.interp(at, along, xy[:, 0]), np.interp(at, along, xy[:, 1])], axis=1)

    def touches(self, other: CutStroke, reach: float) -> bool:
        """Whether another stroke comes within `reach` pixels of this one."""
        apart = self.samples[:, None] - other.samples
        return bool((apart * apart).sum(axis=2).min() <= reach * reach)

    def part(self, start: int, stop: int) -> Stroke:
        """Return some neighbouring parts as one stroke, the same each time.

        Args:
            start: the first of them.
            stop: the first that is not one of them.
        """
        part = self._parts.get((start, stop))
        if part is None:
            first, last = sorted((self._ends[start], self._ends[stop]))
            part = self._parts[start, stop] = _between(self.stroke, first, last)
        return part


def _ends(stroke: Stroke) -> list[float]:
    """Return where the stroke's parts end, in order from left to right."""
    left, _, width, height = stroke.bounds
    last = len(stroke.points) - 1
    if not WIDE * height < width < FLAT * height:
        return [0.0, float(last)]
    x = stroke.xy[:, 0]
    count = int(width / (STEP * height))
    columns = left + (np.arange(count) + 0.5) * (width / count)
    lows, highs = np.minimum(x[:-1], x[1:]), np.maximum(x[:-1], x[1:])
    # A line between two points is met by all columns from its left end to its right end.
    begins = np.bincount(np.searchsorted(columns, lows), minlength=count + 1)
    ends = np.bincount(np.searchsorted(columns, highs), minlength=count + 1)
    is_met_once = np.cumsum(begins - ends)[:count] == 1
    places = [_meet(x, column) for column in columns[_places(is_met_once)]]
    if x[0] > x[-1]:
        return [float(last), *places, 0.0]
    return [0.0, *places, float(last)]


def _places(is_met_once: NDArray[np.bool_]) -> list[int]:
    """Return the columns to cut at: within each run of columns that meet the path once."""
    edges = np.flatnonzero(np.diff(is_met_once, prepend=False, append=False))
    places = []
    for start, stop in edges.reshape(-1, 2).tolist():
        # What is met once at either end is the beginning or the end of a digit.
        if start == 0 or stop == len(is_met_once):
            continue
        pieces = 3 if (stop - start) * STEP >= LONG else 2
        places += [start + (stop - start) * part // pieces for part in range(1, pieces)]
    return places


def _meet(x: NDArray[np.float64], column: float) -> float:
    """Return where a path crosses a column that it meets once, as an index plus a fraction."""
    is_right = x > column
    before = int(np.flatnonzero(is_right[:-1] != is_right[1:])[0])
    return before + float((column - x[before]) / (x[before + 1] - x[before]))


def _between(stroke: Stroke, first: float, last: float) -> Stroke:
    """Return the part of a stroke between two places on its path."""
    within = stroke.points[int(first) + 1 : int(np.ceil(last))]
    return Stroke([_at(stroke, first), *within, _at(stroke, last)])


def _at(stroke: Stroke, place: float) -> Point:
    index = min(int(place), len(stroke.points) - 2)
    share = place - index
    one, other = stroke.points[index], stroke.points[index + 1]
    x, y, t = ((1 - share) * a + share * b for a, b in zip(one, other, strict=True))
    return Point(x, y, t)
