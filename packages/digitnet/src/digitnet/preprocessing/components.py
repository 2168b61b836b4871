"""Connected ink: which of a picture's pixels touch each other.

Two passes over the runs of ink in each row (Rosenfeld, Pfaltz: "Sequential operations in digital
picture processing", 1966). Runs hang from one that touches them above, which makes trees of them;
Python's loop is only over what else touches, where two trees grow together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.ink import Box, union
from digitnet.preprocessing.framing import FAINT

if TYPE_CHECKING:
    from numpy.typing import NDArray


SPECK = 0.005
"""Parts of less than this share of the largest part's pixels are dust."""


@dataclass(frozen=True)
class Runs:
    """The runs of ink along a picture's rows, and which of them are connected.

    Attributes:
        shape: of the picture, (height, width).
        rows: of each run, rising.
        starts: its first column.
        stops: the column after its last one.
        numbers: of the part that it belongs to, from 0 on, in the order of the parts' topmost,
            then leftmost pixel.
        count: how many parts there are.
    """

    shape: tuple[int, int]
    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    stops: NDArray[np.intp]
    numbers: NDArray[np.intp]
    count: int

    @cached_property
    def labels(self) -> NDArray[np.int32]:
        """Int32 (height, width): 0 for paper, and for ink its part's number, from 1 on."""
        height, width = self.shape
        # All rows on one line, paper and ink in turns, from the first pixel to the last.
        bounds = np.zeros(2 * len(self.rows) + 2, np.intp)
        bounds[1:-1:2] = self.rows * width + self.starts
        bounds[2:-1:2] = self.rows * width + self.stops
        bounds[-1] = height * width
        values = np.zeros(len(bounds) - 1, np.int32)
        values[1::2] = self.numbers + 1
        return np.repeat(values, bounds[1:] - bounds[:-1]).reshape(self.shape)

    def sizes(self) -> NDArray[Any]:
        """Count the pixels of each part, (count,)."""
        return np.bincount(self.numbers, self.stops - self.starts, self.count)

    def boxes(self) -> NDArray[np.intp]:
        """Measure the parts' boxes: (left, top, width, height) in pixels, (count, 4)."""
        low = np.full((2, self.count), max(self.shape), np.intp)
        high = np.zeros((2, self.count), np.intp)
        for axis, (first, last) in enumerate(
            ((self.starts, self.stops), (self.rows, self.rows + 1))
        ):
            np.minimum.at(low[axis], self.numbers, first)
            np.maximum.at(high[axis], self.numbers, last)
        return np.concatenate([low, high - low]).T


@dataclass(frozen=True)
class Parts:
    """The connected parts of a picture's ink.

    Attributes:
        mask: float32 (height, width), 0 for paper to 1 for ink.
        runs: of its ink.
        corner: left and top of the mask in the picture.
        numbers: the parts' labels, without dust.
        boxes: (left, top, width, height) of each in the picture's pixels.
    """

    mask: NDArray[np.float32]
    runs: Runs
    corner: tuple[int, int]
    numbers: Sequence[int]
    boxes: Sequence[Box]

    @property
    def labels(self) -> NDArray[np.int32]:
        """As `label_components` gives them."""
        return self.runs.labels

    def select(self, members: Sequence[int]) -> Parts:
        """Give some of the parts, named by their places in `numbers`."""
        numbers = [self.numbers[member] for member in members]
        return replace(self, numbers=numbers, boxes=[self.boxes[member] for member in members])

    def only(self, members: Sequence[int]) -> NDArray[np.float32]:
        """Give the part of the mask that holds some of the parts, and nothing of the others.

        Args:
            members: places in `numbers`, at least one.
        """
        left, top, width, height = (int(side) for side in union([self.boxes[i] for i in members]))
        left, top = left - self.corner[0], top - self.corner[1]
        area = np.s_[top : top + height, left : left + width]
        if len(members) == self.runs.count:
            return self.mask[area]
        is_kept = np.zeros(self.runs.count + 1, np.bool_)
        # What is too faint for a label is the soft edge of something.
        is_kept[0] = True
        is_kept[[self.numbers[member] for member in members]] = True
        kept: NDArray[np.float32] = self.mask[area] * is_kept[self.labels[area]]
        return kept


def connected_parts(mask: NDArray[np.float32], corner: tuple[int, int] = (0, 0)) -> Parts:
    """Divide a picture's ink into its connected parts.

    Args:
        mask: float32 (height, width), 0 for paper to 1 for ink.
        corner: left and top of the mask in the picture.
    """
    runs = connected_runs(mask > FAINT)
    sizes = runs.sizes()
    kept = np.flatnonzero(sizes >= SPECK * sizes.max(initial=0))
    left, top = corner
    boxes = [
        (float(left + x), float(top + y), float(w), float(h))
        for x, y, w, h in runs.boxes()[kept].tolist()
    ]
    return Parts(mask, runs, corner, (kept + 1).tolist(), boxes)


def label_components(ink: NDArray[np.bool_]) -> tuple[NDArray[np.int32], int]:
    """Number the connected parts of a picture; pixels touch at sides and corners.

    Args:
        ink: bool (height, width).

    Returns:
        labels, int32 (height, width), 0 for paper and 1, 2, … for the parts in the order of their
        topmost, then leftmost pixel; and how many parts there are.
    """
    runs = connected_runs(ink)
    return runs.labels, runs.count


def connected_runs(ink: NDArray[np.bool_]) -> Runs:
    """Find the runs of ink, and number the parts that they belong to.

    Args:
        ink: bool (height, width); pixels touch at sides and corners.
    """
    rows, starts, stops = _runs(ink)
    upper, lower = _touching(rows, starts, stops)
    places = np.arange(len(rows))
    parents = places.copy()
    parents[lower] = upper
    while not ((roots := parents[parents]) == parents).all():
        parents = roots
    is_root = parents == places
    trees = (np.cumsum(is_root) - 1)[parents]
    first, second = trees[upper], trees[lower]
    grown = first != second
    pairs = zip(first[grown].tolist(), second[grown].tolist(), strict=True)
    parts = _unite(int(np.count_nonzero(is_root)), pairs)
    height, width = ink.shape
    numbers = np.array(parts, np.intp)[trees]
    return Runs((height, width), rows, starts, stops, numbers, max(parts, default=-1) + 1)


def _runs(
    ink: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """List the runs of ink by row, from where (included) to where (excluded)."""
    height, width = ink.shape
    # All rows laid on one line, with paper before each and after the last.
    line = np.zeros(height * (width + 1) + 1, np.bool_)
    line[:-1].reshape(height, width + 1)[:, 1:] = ink
    edges = np.flatnonzero(line[1:] != line[:-1])
    rows, columns = np.divmod(edges, width + 1)
    return rows[::2], columns[::2], columns[1::2]


def _touching(
    rows: NDArray[np.intp], starts: NDArray[np.intp], stops: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """List the pairs of runs that touch from one row to the next: the upper and the lower ones."""
    # All rows laid on one line, far enough apart: one search finds the neighbours of all runs.
    stride = int(stops.max(initial=0)) + 2
    below = (rows + 1) * stride
    first = (rows * stride + stops).searchsorted(below + starts, side="left")
    last = (rows * stride + starts).searchsorted(below + stops, side="right")
    counts = np.maximum(last - first, 0)
    upper = np.arange(len(rows)).repeat(counts)
    offset = np.arange(len(upper)) - (counts.cumsum() - counts).repeat(counts)
    return upper, first[upper] + offset


def _unite(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Give for each of 0 to count - 1 the number, rising from 0, of all that pairs make one."""
    parents = list(range(count))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]
        return place

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parents[high] = low
    numbers: dict[int, int] = {}
    return [numbers.setdefault(root(place), len(numbers)) for place in range(count)]
