"""The cells between the lines of boxes, tables and combs: rows, columns, and what ink is in which.

Lines along rows that continue each other, such as the tops of boxes beside each other, bound the
same row. A cell is where at least three of the four sides are there; the gap between two boxes has
only two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.forms.lines import FormLine

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A side of a cell is there if this share of it is.
_COVERED = 0.6

# Cells are at least this wide and high, in pixels.
_SMALLEST = 6

# Lines whose heights differ by this many pixels, and by their width, may continue each other.
_APART = 2.0

# Lines that go on by this share of a cell beyond the last one across them bound further cells.
_OPEN = 0.3

# A comb's cells are this many times as high as they are wide.
_COMB_HEIGHT = 1.8


@dataclass(frozen=True)
class Rail:
    """Lines that continue each other across a grid.

    Attributes:
        height: where the straight line through them is at 0 along.
        slope: change of its height for each pixel along.
        parts: the start and stop of each, float64 (n, 2).
        members: the indices of the lines.
    """

    height: float
    slope: float
    parts: NDArray[np.float64]
    members: tuple[int, ...] = ()

    def at(self, along: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the heights at places along, in pixels."""
        return self.height + self.slope * along

    def covers(self, start: float, stop: float) -> float:
        """Return the share of a stretch that its parts cover, 0 to 1."""
        parts = np.clip(self.parts[np.argsort(self.parts[:, 0])], start, stop)
        # Parts may overlap.
        reached = np.maximum.accumulate(parts[:, 1])
        begin = np.maximum(parts[:, 0], np.append(start, reached[:-1]))
        return float(np.maximum(parts[:, 1] - begin, 0).sum()) / max(stop - start, 1e-9)

    @property
    def _ends(self) -> tuple[float, float]:
        return float(self.parts.min()), float(self.parts.max())

    @property
    def covered(self) -> float:
        """Length of all its parts, in pixels."""
        return self.covers(*self._ends) * (self._ends[1] - self._ends[0])


def rails(lines: Sequence[FormLine]) -> list[Rail]:
    """Group lines along the same axis that continue each other, in order of their heights."""
    if not lines:
        return []
    start, stop, height, slope, width = np.array(
        [(x.start, x.stop, x.height, x.slope, x.width) for x in lines]
    ).T
    length = stop - start
    centre = (start.min() + stop.max()) / 2
    typical = float((slope * length**2).sum() / (length**2).sum())
    # Short lines tell little about their slopes.
    own = np.where(length >= 0.5 * (stop.max() - start.min()), slope, typical)
    levels = height + slope * length / 2 + own * (centre - start - length / 2)
    order = np.argsort(levels, kind="stable")
    steps = np.diff(levels[order]) > _APART + np.minimum(width[order][1:], width[order][:-1])
    groups = np.split(order, np.flatnonzero(steps) + 1)
    return [_rail(group, start, stop, height, slope, typical) for group in groups]


def _rail(
    group: NDArray[np.intp],
    start: NDArray[np.float64],
    stop: NDArray[np.float64],
    height: NDArray[np.float64],
    slope: NDArray[np.float64],
    typical: float,
) -> Rail:
    length = (stop - start)[group]
    parts = np.stack([start[group], stop[group]], axis=1)
    if len(group) == 1:
        only = group[0]
        level = float(height[only] - slope[only] * start[only])
        return Rail(level, float(slope[only]), parts, (int(only),))
    middles, middle_heights = parts.mean(axis=1), height[group] + slope[group] * length / 2
    fit = typical
    if np.ptp(middles) > 2 * length.max():
        fit = float(np.polyfit(middles, middle_heights, 1, w=np.sqrt(length))[0])
    level = float(((middle_heights - fit * middles) * length).sum() / length.sum())
    return Rail(level, fit, parts, tuple(group.tolist()))


@dataclass(frozen=True)
class Cells:
    """A grid of cells.

    Attributes:
        rows: the rails along rows, from the top.
        columns: the rails along columns, from the left.
        are_cells: bool (len(rows) - 1, len(columns) - 1), which of the fields between them are
            cells.
    """

    rows: Sequence[Rail]
    columns: Sequence[Rail]
    are_cells: NDArray[np.bool_]

    def corners(self) -> NDArray[np.float64]:
        """Return where the rails meet, float64 (len(rows), len(columns), 2), x and y in pixels."""
        high, down = (
            np.array([(r.height, r.slope) for r in x]).T for x in (self.rows, self.columns)
        )
        # y = h + s x on a rail along rows, x = c + t y on one along columns.
        x = (down[0] + down[1] * high[0][:, None]) / (1 - down[1] * high[1][:, None])
        return np.stack([x, high[0][:, None] + high[1][:, None] * x], axis=2)

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the row and the column of the cell at a place; None if there is none."""
        row = sum(rail.height + rail.slope * x <= y for rail in self.rows) - 1
        column = sum(rail.height + rail.slope * y <= x for rail in self.columns) - 1
        rows, columns = self.are_cells.shape
        if 0 <= row < rows and 0 <= column < columns and self.are_cells[row, column]:
            return row, column
        return None

    def size_of(self, row: int, column: int) -> tuple[float, float]:
        """Return the width and the height of a cell, in pixels."""
        corners = self._corners
        (left, top), (right, bottom) = corners[row, column], corners[row + 1, column + 1]
        return float(right - left), float(bottom - top)

    @cached_property
    def _corners(self) -> NDArray[np.float64]:
        return self.corners()


def find_cells(rows: Sequence[FormLine], columns: Sequence[FormLine]) -> Cells | None:
    """Find the cells between the lines of boxes; None if there are none.

    Args:
        rows: lines along rows.
        columns: lines along columns.
    """
    along, down = rails(rows), rails(columns)
    if len(along) == 1 and len(down) >= 2:
        along = _comb(along[0], down)
    if len(along) < 2 or len(down) < 2:
        return None
    along, down = _closed(along, down), _closed(down, along)
    corners = Cells(along, down, np.zeros((0, 0), np.bool_)).corners()
    shape = len(along) - 1, len(down) - 1
    xs, ys = corners[..., 0], corners[..., 1]
    sides = np.zeros((2, *(n + 1 for n in shape)))
    for i, rail in enumerate(along):
        for j in range(shape[1]):
            sides[0, i, j] = rail.covers(xs[i, j], xs[i, j + 1])
    for j, rail in enumerate(down):
        for i in range(shape[0]):
            sides[1, i, j] = rail.covers(ys[i, j], ys[i + 1, j])
    there = sides >= _COVERED
    count = np.stack([there[0, :-1, :-1], there[0, 1:, :-1], there[1, :-1, :-1], there[1, :-1, 1:]])
    is_large = (np.diff(xs, axis=1)[:-1] >= _SMALLEST) & (np.diff(ys, axis=0)[:, :-1] >= _SMALLEST)
    are_cells = (count.sum(axis=0) >= 3) & is_large
    return Cells(along, down, are_cells) if are_cells.any() else None


def _closed(along: Sequence[Rail], down: Sequence[Rail]) -> list[Rail]:
    """Add a rail where most of those across it end in the open: there the image was cut."""
    middle = float(np.median([rail.parts.mean() for rail in along]))
    heights = [float(rail.at(np.array(middle))) for rail in along]
    step = float(np.median(np.diff(heights)))
    low = float(np.median([rail.parts.min() for rail in down]))
    high = float(np.median([rail.parts.max() for rail in down]))
    parts = np.array([[min(r.parts.min() for r in along), max(r.parts.max() for r in along)]])
    rails = list(along)
    if heights[0] - low >= _OPEN * step:
        rails.insert(0, Rail(low - along[0].slope * middle, along[0].slope, parts))
    if high - heights[-1] >= _OPEN * step:
        rails.append(Rail(high - along[-1].slope * middle, along[-1].slope, parts))
    return rails


def _comb(base: Rail, teeth: Sequence[Rail]) -> list[Rail]:
    """Add to the base of a comb a line above or below, up to which its cells reach."""
    middles = np.array([tooth.parts.mean() for tooth in teeth])
    places = np.array([tooth.at(np.array([m]))[0] for tooth, m in zip(teeth, middles, strict=True)])
    is_above = np.median(middles - base.at(places)) < 0
    high = _COMB_HEIGHT * float(np.median(np.diff(places)))
    start, stop = float(base.parts.min()), float(base.parts.max())
    offset = -high if is_above else high
    other = Rail(base.height + offset, base.slope, np.array([[start, stop]]))
    for tooth in teeth:  # they bound the cells as far as these reach
        middle = float(base.at(np.array([tooth.height]))[0])
        tooth.parts[0] = sorted((middle, middle + offset))
    return [other, base] if is_above else [base, other]
