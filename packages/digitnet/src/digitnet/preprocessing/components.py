"""Connected ink: which of a picture's pixels touch each other.

Two passes over the runs of ink in each row (Rosenfeld, Pfaltz: "Sequential operations in digital
picture processing", 1966), so that Python's loop is over runs that touch and not over pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Box, union
from digitnet.preprocessing.framing import FAINT

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
        is_kept = np.zeros(int(self.labels.max()) + 1, np.bool_)
        # What is too faint for a label is the soft edge of something.
        is_kept[0] = True
        is_kept[[self.numbers[member] for member in members]] = True
        kept: NDArray[np.float32] = self.mask[area] * is_kept[self.labels[area]]
        return kept


def connected_parts(mask: NDArray[np.float32]) -> Parts:
    """Divide a picture's ink into its connected parts.

    Args:
        mask: float32 (height, width), 0 for paper to 1 for ink.
    """
    labels, count = label_components(mask > FAINT)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    kept = np.flatnonzero(sizes >= SPECK * sizes.max(initial=0))
    boxes = component_boxes(labels, count)[kept]
    return Parts(
        mask,
        labels,
        [int(part) + 1 for part in kept],
        [(float(x), float(y), float(w), float(h)) for x, y, w, h in boxes],
    )


def label_components(ink: NDArray[np.bool_]) -> tuple[NDArray[np.int32], int]:
    """Number the connected parts of a picture; pixels touch at sides and corners.

    Args:
        ink: bool (height, width).

    Returns:
        labels, int32 (height, width), 0 for paper and 1, 2, … for the parts in the order of their
        topmost, then leftmost pixel; and how many parts there are.
    """
    height, width = ink.shape
    rows, starts, stops = _runs(ink)
    parents = np.arange(len(rows))
    for upper, lower in _touching(rows, starts, stops).tolist():
        first, second = _root(parents, upper), _root(parents, lower)
        parents[max(first, second)] = min(first, second)
    roots = np.array([_root(parents, run) for run in range(len(rows))], dtype=np.intp)
    _, numbers = np.unique(roots, return_inverse=True)
    # Marks where runs begin and end, summed up along the rows, fill the runs.
    marks = np.zeros((height, width + 1), np.int32)
    np.add.at(marks, (rows, starts), numbers + 1)
    np.add.at(marks, (rows, stops), -(numbers + 1))
    labels = np.cumsum(marks[:, :-1], axis=1, dtype=np.int32)
    return labels, int(numbers.max()) + 1 if len(rows) else 0


def component_boxes(labels: NDArray[np.int32], count: int) -> NDArray[np.intp]:
    """Measure the parts' boxes: (left, top, width, height) in pixels, (count, 4)."""
    rows, columns = np.nonzero(labels)
    part = labels[rows, columns] - 1
    low = np.full((count, 2), max(labels.shape), np.intp)
    high = np.full((count, 2), -1, np.intp)
    for axis, place in enumerate((columns, rows)):
        np.minimum.at(low[:, axis], part, place)
        np.maximum.at(high[:, axis], part, place)
    return np.concatenate([low, high - low + 1], axis=1)


def _runs(
    ink: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """List the runs of ink by row, from where (included) to where (excluded)."""
    padded = np.zeros((ink.shape[0], ink.shape[1] + 2), np.int8)
    padded[:, 1:-1] = ink
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    stops = np.nonzero(change == -1)[1]
    return rows, starts, stops


def _touching(
    rows: NDArray[np.intp], starts: NDArray[np.intp], stops: NDArray[np.intp]
) -> NDArray[np.intp]:
    """List the pairs of runs, (n, 2), that touch from one row to the next."""
    # All rows laid on one line, far enough apart: one search finds the neighbours of all runs.
    stride = int(stops.max(initial=0)) + 2
    below = (rows + 1) * stride
    first = np.searchsorted(rows * stride + stops, below + starts, side="left")
    last = np.searchsorted(rows * stride + starts, below + stops, side="right")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(rows)), counts)
    offset = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.stack([upper, first[upper] + offset], axis=1)


def _root(parents: NDArray[np.intp], run: int) -> int:
    while parents[run] != run:
        parents[run] = parents[parents[run]]
        run = int(parents[run])
    return run
