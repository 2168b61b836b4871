"""Connected ink: which of a picture's pixels touch each other.

Two passes over the runs of ink in each row (Rosenfeld, Pfaltz: "Sequential operations in digital
picture processing", 1966). Runs hang from one that touches them above, which makes trees of them;
Python's loop is only over what else touches, where two trees grow together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Box, union
from digitnet.preprocessing.framing import FAINT, ink_box

if TYPE_CHECKING:
    from numpy.typing import NDArray


SPECK = 0.005
"""Parts of less than this share of the largest part's pixels are dust."""


@dataclass(frozen=True)
class Parts:
    """The connected parts of a picture's ink.

    Attributes:
        mask: float32 (height, width), 0 for paper to 1 for ink.
        labels: int32 (height, width), as `label_components` gives them.
        numbers: the parts' labels, without dust.
        boxes: (left, top, width, height) of each in pixels.
    """

    mask: NDArray[np.float32]
    labels: NDArray[np.int32]
    numbers: Sequence[int]
    boxes: Sequence[Box]

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
        area = np.s_[top : top + height, left : left + width]
        mask, labels = self.mask[area], self.labels[area]
        is_kept = np.zeros(int(labels.max()) + 1, np.bool_)
        # What is too faint for a label is the soft edge of something.
        is_kept[0] = True
        is_kept[[self.numbers[member] for member in members]] = True
        return mask if is_kept.all() else mask * is_kept[labels]


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

    def labels(self) -> NDArray[np.int32]:
        """Give int32 (height, width): 0 for paper, and for ink its part's number, from 1 on."""
        height, width = self.shape
        ends = np.stack([self.starts, self.stops], axis=1) + (self.rows * width)[:, None]
        values = np.zeros(ends.size + 1, np.int32)
        values[1::2] = self.numbers + 1
        lengths = np.diff(ends.ravel(), prepend=0, append=height * width)
        return np.repeat(values, lengths).reshape(self.shape)

    def sizes(self) -> NDArray[np.float64]:
        """Count the pixels of each part."""
        return np.bincount(self.numbers, self.stops - self.starts, self.count)

    def boxes(self) -> NDArray[np.intp]:
        """Measure the parts' boxes: (left, top, width, height) in pixels, (count, 4)."""
        low = np.full((2, self.count), max(self.shape), np.intp)
        high = np.zeros((2, self.count), np.intp)
        for axis, (first, last) in enumerate(((self.starts, self.stops), (self.rows, self.rows + 1))):
            np.minimum.at(low[axis], self.numbers, first)
            np.maximum.at(high[axis], self.numbers, last)
        return np.concatenate([low, high - low]).T


def connected_parts(mask: NDArray[np.float32]) -> Parts:
    """Divide a picture's ink into its connected parts.

    Args:
        mask: float32 (height, width), 0 for paper to 1 for ink.
    """
    labels = np.zeros(mask.shape, np.int32)
    box = ink_box(mask)
    if box is None:
        return Parts(mask, labels, [], [])
    left, top, width, height = box
    area = np.s_[top : top + height, left : left + width]
    runs = connected_runs(mask[area] > FAINT)
    labels[area] = runs.labels()
    sizes = runs.sizes()
    kept = np.flatnonzero(sizes >= SPECK * sizes.max())
    boxes = (runs.boxes()[kept] + (left, top, 0, 0)).astype(np.float64)
    return Parts(mask, labels, (kept + 1).tolist(), list(map(tuple, boxes.tolist())))


def label_components(ink: NDArray[np.bool_]) -> tuple[NDArray[np.int32], int]:
    """Number the connected parts of a picture; pixels touch at sides and corners.

    Args:
        ink: bool (height, width).

    Returns:
        labels, int32 (height, width), 0 for paper and 1, 2, … for the parts in the order of their
        topmost, then leftmost pixel; and how many parts there are.
    """
    runs = connected_runs(ink)
    return runs.labels(), runs.count


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
    while not np.array_equal(roots := parents[parents], parents):
        parents = roots
    is_root = parents == places
    trees = (np.cumsum(is_root) - 1)[parents]
    first, second = trees[upper], trees[lower]
    grown = first != second
    numbers, count = _unite(np.count_nonzero(is_root), first[grown].tolist(), second[grown].tolist())
    return Runs(ink.shape, rows, starts, stops, numbers[trees], count)  # type: ignore[arg-type]


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
    first = np.searchsorted(rows * stride + stops, below + starts, side="left")
    last = np.searchsorted(rows * stride + starts, below + stops, side="right")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(rows)), counts)
    offset = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, first[upper] + offset


def _unite(
    count: int, first: Sequence[int], second: Sequence[int]
) -> tuple[NDArray[np.intp], int]:
    """Number what is one when each of the first is the same as its second, in rising order.

    Returns:
        for each of 0 to count - 1 its new number; and how many of these there are.
    """
    parents = list(range(count))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]
        return place

    for one, other in zip(first, second, strict=True):
        low, high = sorted((root(one), root(other)))
        parents[high] = low
    roots, numbers = np.unique([root(place) for place in range(count)], return_inverse=True)
    return numbers, len(roots)
