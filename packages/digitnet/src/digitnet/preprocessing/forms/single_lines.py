"""Tells lines of forms that stand alone from the strokes of digits, by where they are.

They run along an edge of the image, from one side to another, or are much longer than any digit is
high. A lone line in the middle of an image is a one, and what may be the bar of a digit stays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.components import connected_runs
from digitnet.preprocessing.forms.line_removal import erase_lines
from digitnet.preprocessing.forms.lines import FormLine
from digitnet.preprocessing.framing import box_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Lines within this share of the shorter side from an edge are beside it.
_MARGIN = 0.09

# Lines along an edge are longer at both ends than the ink beside them, by this share of the side.
_LONGER = 0.03

# Lines that reach from side to side, or to each other, are at least this long, as a share of it.
_ANCHORED = 0.5

# Lines at least this many times as long as the digits are high are none of them.
_LONG = 2.5

# Nor is a line shorter than this share of the longer side; digits are at least this high in pixels.
_LONG_SHARE, _DIGIT = 0.25, 8

# Lines narrower than this share of the strokes are none, even where they touch the only digit.
_THINNER = 0.6

# Ink this close to both edges, as a share of the distance between them, fills the image.
_FILLS = 0.04

DASHES = 6
"""A line with this many ends of dashes is dashed."""


@dataclass
class Page:
    """An image's ink, and where it is in the image."""

    dark: NDArray[np.bool_]
    corner: tuple[int, int]
    shape: tuple[int, int]

    def erase(self, rows: Sequence[FormLine], columns: Sequence[FormLine]) -> None:
        """Remove lines from the ink."""
        if rows or columns:
            self.dark = erase_lines(self.dark.astype(np.float32), rows, columns) > 0.5

    def single_lines(
        self, rows: Sequence[FormLine], columns: Sequence[FormLine], *, has_boxes: bool
    ) -> list[list[FormLine]]:
        """Return the lines of forms among those that belong to no boxes."""
        margin = _MARGIN * min(self.shape)
        candidates = [
            [line for line in lines if line.length >= 3 * line.width and line.length > margin]
            for lines in (rows, columns)
        ]
        anchored = self._anchored(candidates[0], candidates[1], margin)
        rest = self._without(anchored[0], anchored[1])
        box = box_of(rest)
        found: list[list[FormLine]] = [[], []]
        if box is None:
            return found if not has_boxes else anchored
        stroke = _stroke_width(rest)
        for axis in (0, 1):
            for line in anchored[axis]:
                if self._is_beyond(line, axis, box, margin) and (
                    line.width < _THINNER * stroke or not self._is_of_digit(line, axis, rest)
                ):
                    found[axis].append(line)
            for line in candidates[axis]:
                if line not in anchored[axis] and self._is_long(line, axis, rest):
                    found[axis].append(line)
        return found

    def _anchored(
        self, rows: Sequence[FormLine], columns: Sequence[FormLine], margin: float
    ) -> list[list[FormLine]]:
        """Return the lines that run from one side of the image to the other, or to such a line."""
        lines = [
            [line for line in group if line.length >= _ANCHORED * self.shape[1 - axis]]
            for axis, group in enumerate((rows, columns))
        ]
        while True:
            kept = [
                [
                    line
                    for line in group
                    if all(
                        self._is_at_edge(end, axis, margin + self._gap(line, axis))
                        or any(_ends_at(line, end, other) for other in lines[1 - axis])
                        for end in (line.start, line.stop)
                    )
                ]
                for axis, group in enumerate(lines)
            ]
            if kept == lines:
                return lines
            lines = kept

    def _gap(self, line: FormLine, axis: int) -> int:
        """Return the longest gap of a line, in pixels."""
        area = self.dark if axis == 0 else self.dark.T
        along = np.arange(max(math.ceil(line.start), 0), min(math.floor(line.stop), area.shape[1]))
        marks = np.flatnonzero(_ink_along(line, along, area))
        return int(np.diff(marks, prepend=-1, append=len(along)).max()) - 1

    def _is_at_edge(self, end: float, axis: int, margin: float) -> bool:
        place = end + self.corner[axis]
        return place <= margin or place >= self.shape[1 - axis] - margin

    def _without(self, rows: Sequence[FormLine], columns: Sequence[FormLine]) -> NDArray[np.bool_]:
        if not rows and not columns:
            return self.dark
        return erase_lines(self.dark.astype(np.float32), rows, columns) > 0.5

    def _is_beyond(
        self, line: FormLine, axis: int, box: tuple[int, int, int, int], margin: float
    ) -> bool:
        """Whether a line from side to side is longer than the ink, or along an edge beside it."""
        length, across = self.shape[1 - axis], self.shape[axis]
        first, last = box[axis], box[axis] + box[axis + 2]
        more = max(2.0, _LONGER * length)
        is_longer = line.start <= first - more and line.stop >= last + more
        low, high = box[1 - axis], box[1 - axis] + box[3 - axis]
        middle, half = line.middle, line.width / 2
        is_outside = middle + half <= low + 1 or middle - half >= high - 1
        place = middle + self.corner[1 - axis]
        is_beside = min(place - half, across - place - half) <= margin
        if is_beside and is_outside:
            return is_longer or min(place - half, across - place - half) <= 1.5
        return is_longer

    def _is_of_digit(self, line: FormLine, axis: int, rest: NDArray[np.bool_]) -> bool:
        """Whether a line touches the only ink there is, so that it may be its bar."""
        runs = connected_runs(rest)
        sizes = runs.sizes()
        large = np.flatnonzero(sizes >= 0.15 * sizes.max())
        if len(large) > 1:
            return False
        left, top, wide, high = runs.boxes()[large[0]].tolist()
        low, size = (top, high) if axis == 0 else (left, wide)
        reach = line.width / 2 + 3
        if not low - reach <= line.middle <= low + size + reach:
            return False
        # A digit whose bar is as wide as the image fills it in the other direction, too.
        first = min(low, line.middle) + self.corner[1 - axis]
        last = max(low + size, line.middle) + self.corner[1 - axis]
        across = self.shape[axis]
        return bool(first <= _FILLS * across + reach and last >= (1 - _FILLS) * across - reach)

    def _is_long(self, line: FormLine, axis: int, rest: NDArray[np.bool_]) -> bool:
        """Whether a line is much longer than any digit is high."""
        if line.length < _LONG * _DIGIT or line.length < _LONG_SHARE * max(self.shape):
            return False
        others = erase_lines(rest.astype(np.float32), *([line], [])[:: 1 - 2 * axis]) > 0.5
        boxes = connected_runs(others).boxes()
        low, high = boxes[:, 1 - axis], boxes[:, 1 - axis] + boxes[:, 3 - axis]
        reach = line.width / 2 + 4
        is_apart = (low > line.middle + reach) | (high < line.middle - reach)
        digits = boxes[is_apart & (boxes[:, 3] >= _DIGIT), 3]
        return len(digits) >= 2 and boxes[:, 3].max() <= line.length / _LONG


def extended(line: FormLine, dark: NDArray[np.bool_]) -> FormLine:
    """Extend a line along rows beyond others that cross it near its ends, and by cut dashes."""
    reach = math.ceil(3 * line.width) + 4
    if line.length < 2 * reach:
        return line
    along = np.arange(math.ceil(line.start), math.floor(line.stop))
    ends = np.flatnonzero(np.diff(_ink_along(line, along, dark).astype(np.int8)))
    period = 0.0
    if len(ends) >= DASHES:
        gaps = np.diff(ends)
        is_regular = gaps.max() <= 1.5 * float(np.median(gaps)) + 2
        period = 2 * float(gaps.max()) + 2 if is_regular else 0.0
    added = []
    for end, step in ((math.floor(line.start) - 1, -1), (math.ceil(line.stop), 1)):
        along = end + step * np.arange(reach)
        along = along[(along >= 0) & (along < dark.shape[1])]
        is_ink = _ink_along(line, along, dark)
        count = len(is_ink) if is_ink.all() else int(is_ink.argmin())
        free = end + 1 if step < 0 else dark.shape[1] - end
        if free <= period:
            count = free
        # What goes on farther is other ink, unless the image ends there.
        is_other = free > period and (count == reach or line.length < 4 * reach)
        added.append(0 if is_other else count)
    start = line.start - added[0]
    return replace(line, start=start, height=line.at(start), stop=line.stop + added[1])


def _ink_along(
    line: FormLine, along: NDArray[np.intp], dark: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return where there is ink in the middle of a line along rows, bool (n,)."""
    across = np.rint(line.height - 0.5 + line.slope * (along - line.start)).astype(np.intp)
    ink: NDArray[np.bool_] = dark[np.clip(across, 0, len(dark) - 1), along]
    return ink


def _ends_at(line: FormLine, end: float, other: FormLine) -> bool:
    """Whether a line ends at another one across it."""
    reach = other.width / 2 + 3
    place = line.at(end)
    is_within = other.start - line.width - 3 <= place <= other.stop + line.width + 3
    return is_within and abs(other.at(place) - end) <= reach


def _stroke_width(ink: NDArray[np.bool_]) -> float:
    """Return the typical width of strokes, in pixels."""
    edges = np.count_nonzero(ink[1:] != ink[:-1]) + np.count_nonzero(ink[:, 1:] != ink[:, :-1])
    # An outline at any angle crosses this many times as many sides of pixels as it is long.
    outline = max(edges * math.pi / 4, 1.0)
    return 2 * float(np.count_nonzero(ink)) / outline
