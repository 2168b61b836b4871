"""Connected components: which of an image's ink pixels touch each other.

Two passes over the runs of ink in each row (Rosenfeld, Pfaltz: "Sequential operations in digital
picture processing", 1966). Linking each run to one that touches it in the row above makes trees of
runs; only the remaining contacts, where two trees meet, need a loop in Python. SciPy and OpenCV
have this too, but either would be the largest dependency on disk.
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
"""Components with less than this share of the largest one's pixels are dust."""


@dataclass(frozen=True)
class Runs:
    """The runs of ink along an image's rows, and the components that they belong to.

    Attributes:
        shape: of the image, (height, width).
        rows: of each run, ascending.
        starts: the first column of each.
        stops: the column after its last one.
        components: index of the component that each belongs to, from 0, in the order of the
            components' topmost, then leftmost pixels.
        count: number of components.
    """

    shape: tuple[int, int]
    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    stops: NDArray[np.intp]
    components: NDArray[np.intp]
    count: int

    @cached_property
    def labels(self) -> NDArray[np.int32]:
        """Int32 (height, width): 0 for paper, and for ink its component's index plus 1."""
        height, width = self.shape
        # Paper and ink alternate along all rows laid end to end.
        bounds = np.zeros(2 * len(self.rows) + 2, np.intp)
        bounds[1:-1:2] = self.rows * width + self.starts
        bounds[2:-1:2] = self.rows * width + self.stops
        bounds[-1] = height * width
        values = np.zeros(len(bounds) - 1, np.int32)
        values[1::2] = self.components + 1
        return np.repeat(values, bounds[1:] - bounds[:-1]).reshape(self.shape)

    def sizes(self) -> NDArray[Any]:
        """Return the number of pixels of each component, (count,)."""
        return np.bincount(self.components, self.stops - self.starts, self.count)

    def boxes(self) -> NDArray[np.intp]:
        """Return each component's (left, top, width, height) in pixels, (count, 4)."""
        low = np.full((2, self.count), max(self.shape), np.intp)
        high = np.zeros((2, self.count), np.intp)
        for axis, (first, last) in enumerate(
            ((self.starts, self.stops), (self.rows, self.rows + 1))
        ):
            np.minimum.at(low[axis], self.components, first)
            np.maximum.at(high[axis], self.components, last)
        return np.concatenate([low, high - low]).T


@dataclass(frozen=True)
class Components:
    """The connected components of an image's ink.

    Attributes:
        mask: float32 (height, width), 0 for paper to 1 for ink.
        runs: of its ink.
        corner: left and top of the mask in the image.
        ids: the components' labels, without dust.
        boxes: (left, top, width, height) of each in the image's pixels.
    """

    mask: NDArray[np.float32]
    runs: Runs
    corner: tuple[int, int]
    ids: Sequence[int]
    boxes: Sequence[Box]

    @property
    def labels(self) -> NDArray[np.int32]:
        """As returned by `label_components`."""
        return self.runs.labels

    def select(self, members: Sequence[int]) -> Components:
        """Return only some of the components, given by their places in `ids`."""
        ids = [self.ids[member] for member in members]
        return replace(self, ids=ids, boxes=[self.boxes[member] for member in members])

    def mask_of(self, members: Sequence[int]) -> NDArray[np.float32]:
        """Return the area of the mask around some components, with all others removed.

        Args:
            members: places in `ids`, at least one.
        """
        left, top, width, height = (int(side) for side in union([self.boxes[i] for i in members]))
        left, top = left - self.corner[0], top - self.corner[1]
        area = np.s_[top : top + height, left : left + width]
        if len(members) == self.runs.count:
            return self.mask[area]
        is_kept = np.zeros(self.runs.count + 1, np.bool_)
        # Pixels too faint for a label are soft edges of components, and stay.
        is_kept[0] = True
        is_kept[[self.ids[member] for member in members]] = True
        kept: NDArray[np.float32] = self.mask[area] * is_kept[self.labels[area]]
        return kept


def connected_components(mask: NDArray[np.float32], corner: tuple[int, int] = (0, 0)) -> Components:
    """Find the connected components of an image's ink.

    Args:
        mask: float32 (height, width), 0 for paper to 1 for ink.
        corner: left and top of the mask in the image.
    """
    runs = connected_runs(mask > FAINT)
    sizes = runs.sizes()
    kept = np.flatnonzero(sizes >= SPECK * sizes.max(initial=0))
    left, top = corner
    boxes = [
        (float(left + x), float(top + y), float(w), float(h))
        for x, y, w, h in runs.boxes()[kept].tolist()
    ]
    return Components(mask, runs, corner, (kept + 1).tolist(), boxes)


def label_components(ink: NDArray[np.bool_]) -> tuple[NDArray[np.int32], int]:
    """Label the connected components of an image; pixels touch at sides and corners.

    Args:
        ink: bool (height, width).

    Returns:
        labels, int32 (height, width), 0 for paper and 1, 2, … for the components in the order of
        their topmost, then leftmost pixels; and the number of components.
    """
    runs = connected_runs(ink)
    return runs.labels, runs.count


def connected_runs(ink: NDArray[np.bool_]) -> Runs:
    """Find the runs of ink and the components that they belong to.

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
    differ = first != second
    pairs = zip(first[differ].tolist(), second[differ].tolist(), strict=True)
    groups = _unite(int(np.count_nonzero(is_root)), pairs)
    height, width = ink.shape
    components = np.array(groups, np.intp)[trees]
    return Runs((height, width), rows, starts, stops, components, max(groups, default=-1) + 1)


def _runs(
    ink: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows, first columns and columns after the last one of all runs, by row."""
    height, width = ink.shape
    # All rows laid end to end, with paper before each and after the last.
    line = np.zeros(height * (width + 1) + 1, np.bool_)
    line[:-1].reshape(height, width + 1)[:, 1:] = ink
    edges = np.flatnonzero(line[1:] != line[:-1])
    rows, columns = np.divmod(edges, width + 1)
    return rows[::2], columns[::2], columns[1::2]


def _touching(
    rows: NDArray[np.intp], starts: NDArray[np.intp], stops: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the upper and the lower runs of all pairs that touch from one row to the next."""
    # All rows laid end to end, far enough apart that one search finds the neighbours of all runs.
    stride = int(stops.max(initial=0)) + 2
    below = (rows + 1) * stride
    first = (rows * stride + stops).searchsorted(below + starts, side="left")
    last = (rows * stride + starts).searchsorted(below + stops, side="right")
    counts = np.maximum(last - first, 0)
    upper = np.arange(len(rows)).repeat(counts)
    offset = np.arange(len(upper)) - (counts.cumsum() - counts).repeat(counts)
    return upper, first[upper] + offset


def _unite(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return for each of 0 to count - 1 the index, ascending from 0, of its group.

    Args:
        count: number of items.
        pairs: items that belong to the same group.
    """
    parents = list(range(count))

    def root(item: int) -> int:
        while parents[item] != item:
            parents[item] = item = parents[parents[item]]
        return item

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parents[high] = low
    groups: dict[int, int] = {}
    return [groups.setdefault(root(item), len(groups)) for item in range(count)]
