"""Tells the printed lines of boxes, tables and combs from the straight strokes of digits.

Lines that meet in rectangles are boxes if there is ink in one of them: no stroke of a digit goes
round other ink. A line with several short ones on it, equally far apart, is a comb.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.forms.cells import rails
from digitnet.preprocessing.forms.lines import FormLine
from digitnet.preprocessing.framing import box_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Lines meet if one ends within this many pixels of the other, and half its width.
_REACH = 3.0

# What fills boxes is at least this high or wide, as a share of the box.
_FILLED = 0.2

# Lines are narrower than this share of the boxes' shorter side.
_NARROW = 0.2

# This quantile of the distances between neighbouring lines is the side of a box.
_NO_GAP = 0.75

# Lines of a table span at least the first share of what the longest ones do, and those of a row or
# column of boxes the second.
_SPANS, _SPANS_ALL = 0.6, 0.75

# So many lines are a table, even if it is blank.
_TABLE = 7

# A frame of this share of the image's sides needs no ink in it.
_WHOLE = 0.8

# Uprights of a comb: at least this many, their lengths and distances equal to within these shares.
_TEETH, _EQUAL, _REGULAR = 3, 0.3, 0.15

# Share of the places of a comb's uprights where there is one.
_FULL = 0.7


@dataclass(frozen=True)
class Boxes:
    """Lines that belong together.

    Attributes:
        rows: the lines along rows, from the top.
        columns: the lines along columns, from the left.
    """

    rows: Sequence[FormLine]
    columns: Sequence[FormLine]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the lines' middles, in pixels."""
        xs = [line.at(end) for line in self.columns for end in (line.start, line.stop)]
        ys = [line.at(end) for line in self.rows for end in (line.start, line.stop)]
        return min(xs), min(ys), max(xs), max(ys)


def meetings(rows: Sequence[FormLine], columns: Sequence[FormLine]) -> NDArray[np.bool_]:
    """Return which lines along rows meet which along columns, bool (rows, columns)."""
    if not rows or not columns:
        return np.zeros((len(rows), len(columns)), np.bool_)
    along = _table(rows)[:, :, None]
    down = _table(columns)[:, None, :]
    y = along[2] + along[3] * (down[2] - along[0])
    x = down[2] + down[3] * (y - down[0])
    y = along[2] + along[3] * (x - along[0])
    met: NDArray[np.bool_] = _is_within(x, along, down[4]) & _is_within(y, down, along[4])
    return met


def _table(lines: Sequence[FormLine]) -> NDArray[np.float64]:
    """Return starts, stops, heights, slopes and widths, (5, n)."""
    return np.array([(x.start, x.stop, x.height, x.slope, x.width) for x in lines]).T


def _is_within(
    place: NDArray[np.float64], line: NDArray[np.float64], width: NDArray[np.float64]
) -> NDArray[np.bool_]:
    reach = _REACH + width / 2
    within: NDArray[np.bool_] = (place >= line[0] - reach) & (place <= line[1] + reach)
    return within


def find_boxes(
    rows: Sequence[FormLine], columns: Sequence[FormLine], ink: NDArray[np.bool_]
) -> list[Boxes]:
    """Find the lines of boxes and combs.

    Args:
        rows: the image's straight lines along rows.
        columns: those along columns.
        ink: bool (height, width).
    """
    met = meetings(rows, columns)
    groups = _rectangles(met)
    candidates = [
        boxes
        for one, other in groups
        for boxes in _tables([rows[i] for i in one], [columns[i] for i in other])
        if _is_narrow(boxes)
    ]
    candidates = [
        boxes for boxes in candidates if not any(_is_in_table(boxes, x) for x in candidates)
    ]
    filled = [_is_filled(boxes, ink) for boxes in candidates]
    found = [
        boxes
        for boxes, is_filled in zip(candidates, filled, strict=True)
        if is_filled
        or len(boxes.rows) + len(boxes.columns) >= _TABLE
        or _is_frame(boxes, ink.shape)
        or (any(filled) and _is_like(boxes, candidates))
    ]
    found = [_without_strokes(boxes, found) for boxes in found]
    taken = {id(line) for boxes in found for line in (*boxes.rows, *boxes.columns)}
    return found + _combs(rows, columns, met, taken)


def _in_order(rows: Sequence[FormLine], columns: Sequence[FormLine]) -> Boxes:
    return Boxes(*(sorted(lines, key=lambda line: line.middle) for lines in (rows, columns)))


def _rectangles(met: NDArray[np.bool_]) -> list[tuple[list[int], list[int]]]:
    """Return groups of lines each of which meets two others at least."""
    met = met.copy()
    while True:
        few = met.sum(axis=1) < 2, met.sum(axis=0) < 2
        if not (met[few[0]].any() or met[:, few[1]].any()):
            break
        met[few[0]] = False
        met[:, few[1]] = False
    groups = []
    remaining = set(np.flatnonzero(met.any(axis=1)).tolist())
    while remaining:
        group, fresh = set[int](), {remaining.pop()}
        across = set[int]()
        while fresh:
            group |= fresh
            new = set(np.flatnonzero(met[sorted(fresh)].any(axis=0)).tolist()) - across
            across |= new
            fresh = set(np.flatnonzero(met[:, sorted(new)].any(axis=1)).tolist()) - group
        remaining -= group
        groups.append((sorted(group), sorted(across)))
    return groups


def _tables(rows: Sequence[FormLine], columns: Sequence[FormLine]) -> list[Boxes]:
    """Leave out what spans only few of the boxes, such as the bar of a seven that fills its box."""
    kept = _spanning(rows, columns), _spanning(columns, rows)
    if len(kept[0]) == len(rows) and len(kept[1]) == len(columns):
        return [_in_order(rows, columns)]
    return [
        boxes
        for one, other in _rectangles(meetings(*kept))
        for boxes in _tables([kept[0][i] for i in one], [kept[1][i] for i in other])
    ]


def _spanning(lines: Sequence[FormLine], across: Sequence[FormLine]) -> list[FormLine]:
    groups = rails(lines)
    share = _SPANS if len(rails(across)) > 2 else _SPANS_ALL
    least = share * max(rail.covered for rail in groups)
    return [lines[i] for rail in groups if rail.covered >= least for i in rail.members]


def _is_in_table(boxes: Boxes, other: Boxes) -> bool:
    """Whether what looks like a box is in a table, and thus a digit in one of its cells."""
    left, top, right, bottom = boxes.bounds
    a, b, c, d = other.bounds
    is_within = a <= left and b <= top and right <= c and bottom <= d
    return is_within and boxes is not other and len(other.rows) + len(other.columns) > 5


def _is_narrow(boxes: Boxes) -> bool:
    # Gaps between boxes are narrower than these, but at most every other one is a gap.
    side = min(
        float(np.quantile(np.diff(sorted(line.middle for line in lines)), _NO_GAP))
        for lines in (boxes.rows, boxes.columns)
    )
    widths = [line.width for line in (*boxes.rows, *boxes.columns)]
    return bool(np.median(widths) < _NARROW * side)


def _is_filled(boxes: Boxes, ink: NDArray[np.bool_]) -> bool:
    """Whether there is ink between the lines."""
    left, top, right, bottom = (round(side) for side in boxes.bounds)
    inner = ink[max(top, 0) : bottom, max(left, 0) : right].copy()
    for lines, area, offset, start in (
        (boxes.rows, inner, max(top, 0), max(left, 0)),
        (boxes.columns, inner.T, max(left, 0), max(top, 0)),
    ):
        along = np.arange(area.shape[1]) + start
        for line in lines:
            reach = int(line.width / 2) + 3
            middle = np.rint(line.height + line.slope * (along - line.start)).astype(np.intp)
            band = middle - offset + np.arange(-reach, reach + 1)[:, None]
            is_inside = (band >= 0) & (band < len(area))
            area[band[is_inside], np.broadcast_to(along - start, band.shape)[is_inside]] = False
    box = box_of(inner)
    if box is None:
        return False
    high = (bottom - top) / (len(boxes.rows) - 1)
    wide = (right - left) / (len(boxes.columns) - 1)
    return box[3] >= _FILLED * high or box[2] >= _FILLED * wide


def _is_frame(boxes: Boxes, shape: tuple[int, ...]) -> bool:
    left, top, right, bottom = boxes.bounds
    is_single = len(boxes.rows) == 2 and len(boxes.columns) == 2
    width = max(line.width for line in (*boxes.rows, *boxes.columns))
    is_thin = width <= 0.06 * min(right - left, bottom - top)
    is_wide, is_high = right - left >= _WHOLE * shape[1], bottom - top >= _WHOLE * shape[0]
    return is_single and is_thin and is_wide and is_high


def _without_strokes(boxes: Boxes, others: Sequence[Boxes]) -> Boxes:
    """Leave out lines within a box that others like it lack, such as the foot of a two."""
    outer = Boxes([boxes.rows[0], boxes.rows[-1]], [boxes.columns[0], boxes.columns[-1]])
    plain = [other for other in others if len(other.rows) == len(other.columns) == 2]
    return outer if _is_like(boxes, plain) else boxes


def _is_like(boxes: Boxes, others: Sequence[Boxes]) -> bool:
    left, top, right, bottom = boxes.bounds
    alike = 0
    for other in others:
        a, b, c, d = other.bounds
        is_wide = abs(c - a - right + left) <= 0.2 * (c - a)
        alike += is_wide and abs(d - b - bottom + top) <= 0.2 * (d - b)
    return alike >= 3


def _combs(
    rows: Sequence[FormLine],
    columns: Sequence[FormLine],
    met: NDArray[np.bool_],
    taken: set[int],
) -> list[Boxes]:
    """Find lines along rows with uprights that start or end on them."""
    found = []
    for index, base in enumerate(rows):
        if id(base) in taken:
            continue
        teeth = [
            columns[i] for i in np.flatnonzero(met[index]).tolist() if id(columns[i]) not in taken
        ]
        reach = _REACH + base.width
        for above in (True, False):
            on = [
                tooth
                for tooth in teeth
                if abs((tooth.stop if above else tooth.start) - base.at(tooth.middle)) <= reach
            ]
            kept: list[FormLine] = []
            # The parts of a comb can have distances of their own.
            while len(part := _regular([tooth for tooth in on if tooth not in kept])) >= _TEETH:
                kept += part
            if kept:
                found.append(_in_order([base], kept))
                break
    return found


def _regular(teeth: list[FormLine]) -> list[FormLine]:
    """Return the most common kind of uprights: equally long and regularly apart."""
    if len(teeth) < _TEETH:
        return []
    lengths = np.array([tooth.length for tooth in teeth])
    alike = np.abs(lengths[:, None] - lengths) <= _EQUAL * lengths
    kept = [teeth[i] for i in np.flatnonzero(alike[alike.sum(axis=1).argmax()]).tolist()]
    kept.sort(key=lambda tooth: tooth.middle)
    if len(kept) < _TEETH:
        return []
    places = np.array([tooth.middle for tooth in kept])
    shortest = max(4 * max(tooth.width for tooth in kept), 0.25 * float(np.median(lengths)))
    best: list[int] = []
    for step in sorted({float(step) for step in np.diff(places) if step >= shortest}):
        for origin in places:
            counts = (places - origin) / step
            near = np.flatnonzero(np.abs(counts - np.rint(counts)) <= _REGULAR)
            # A shorter step fits everything; but then most of its places are empty.
            filled = len(near) >= _FULL * (round(float(np.ptp(counts[near]))) + 1)
            if filled and len(near) > len(best):
                best = near.tolist()
    return [kept[index] for index in best]
