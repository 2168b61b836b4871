"""Erases the printed lines of forms from a mask, but not the strokes that touch or cross them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.components import connected_runs
from digitnet.preprocessing.forms.cells import Cells
from digitnet.preprocessing.forms.lines import FormLine
from digitnet.preprocessing.framing import FAINT

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Ink higher or wider than a cell by this factor is of two of them.
_LARGE = 1.08

# Ink beside a line is at least this dark, where most is 1.
_BESIDE = 0.5

# Strokes along a line are at least this many times as long as it is wide.
_ALONG = 3


def erase_lines(
    mask: NDArray[np.float32], rows: Sequence[FormLine], columns: Sequence[FormLine]
) -> NDArray[np.float32]:
    """Return a mask without lines, and without the specks that remain of them.

    Args:
        mask: float32 (height, width), 0 for paper to 1 for ink.
        rows: lines along rows.
        columns: lines along columns.
    """
    mask = mask.copy()
    near = np.zeros(mask.shape, np.bool_)
    for area, zone, lines in ((mask, near, rows), (mask.T, near.T, columns)):
        for line in lines:
            _erase(area, zone, line)
    _remove_specks(mask, near, max((line.width for line in (*rows, *columns)), default=0))
    strongest = float(mask.max(initial=0))
    return mask / np.float32(strongest) if FAINT < strongest < 0.95 else mask


def _erase(mask: NDArray[np.float32], near: NDArray[np.bool_], line: FormLine) -> None:
    """Erase a line in place, except where ink goes on at both sides; mark its surroundings."""
    height, width = mask.shape
    first = max(math.floor(line.start - line.width), 0)
    last = min(math.ceil(line.stop + line.width), width)
    columns = np.arange(first, last)
    middle = np.rint(line.height - 0.5 + line.slope * (columns - line.start)).astype(np.intp)
    reach = math.ceil(line.width / 2 + 0.3)
    rows = middle + np.arange(-reach - 2, reach + 3)[:, None]
    is_inside = (rows >= 0) & (rows < height)
    rows = np.clip(rows, 0, height - 1)
    band = np.where(is_inside, mask[rows, columns], np.float32(0))
    # Ink that goes on beside the line belongs to a stroke that touches, crosses or covers it.
    above, below = (np.asarray(band[row] > _BESIDE) for row in (1, -2))
    slant = max(1, round(line.width / 2))
    beside = np.asarray(above | below)
    is_kept = _between(np.asarray(_widened(above, slant) & _widened(below, slant)), beside)
    is_kept |= _stretches(beside, math.ceil(_ALONG * line.width) + 2)
    band[2:-2] *= is_kept
    across = np.broadcast_to(columns, rows.shape)
    mask[rows[is_inside], across[is_inside]] = band[is_inside]
    near[rows[is_inside], across[is_inside]] = True


def _widened(side: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    padded = np.pad(side, by)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * by + 1)
    return np.asarray(windows.any(axis=1), np.bool_)


def _runs(side: NDArray[np.bool_]) -> list[list[int]]:
    """Return where each stretch of True starts and stops."""
    edges = np.flatnonzero(np.diff(side.astype(np.int8), prepend=0, append=0))
    runs: list[list[int]] = edges.reshape(-1, 2).tolist()
    return runs


def _between(wide: NDArray[np.bool_], beside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the stretches of the first, cut where those of the second within them end."""
    kept = np.zeros(len(wide), np.bool_)
    for start, stop in _runs(wide):
        inner = np.flatnonzero(beside[start:stop])
        if len(inner):
            kept[start + inner[0] : start + inner[-1] + 1] = True
    return kept


def _stretches(side: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Return only the stretches of at least a length, bool (n,)."""
    long = np.zeros(len(side), np.bool_)
    for start, stop in _runs(side):
        long[start:stop] = stop - start >= length
    return long


def _remove_specks(mask: NDArray[np.float32], near: NDArray[np.bool_], width: float) -> None:
    """Remove in place what remains beside erased lines."""
    runs = connected_runs(mask > FAINT)
    if not runs.count:
        return
    sizes = runs.sizes()
    beside = np.bincount(runs.labels[near], minlength=runs.count + 1)[1:]
    sides = runs.boxes()[:, 2:]
    is_speck = (beside >= 0.6 * sizes) & (sides.min(axis=1) <= width + 3)
    if is_speck.any():
        mask[np.append(False, is_speck)[runs.labels]] = 0


def cut_between(
    mask: NDArray[np.float32], table: Cells, lines: Sequence[Sequence[FormLine]]
) -> None:
    """Cut in place what is larger than a cell, and so the ink of two, along the lines between."""
    runs = connected_runs(mask > FAINT)
    for left, top, wide, high in runs.boxes().tolist():
        place = table.place(left + wide / 2, top + high / 2)
        if place is None:
            continue
        width, height = table.size_of(*place)
        area = mask[top : top + high, left : left + wide]
        for axis, is_large in ((0, high > _LARGE * height), (1, wide > _LARGE * width)):
            for line in lines[axis] if is_large else ():
                if line.width > 0:
                    _clear(area if axis == 0 else area.T, line, *((left, top)[:: 1 - 2 * axis]))


def _clear(area: NDArray[np.float32], line: FormLine, start: int, offset: int) -> None:
    """Clear a line along rows in place, in an area at a place along it and across."""
    along = np.arange(area.shape[1])
    middle = line.height - 0.5 + line.slope * (along + start - line.start) - offset
    reach = max(1, math.ceil(line.width / 2))
    rows = np.rint(middle).astype(np.intp) + np.arange(-reach, reach + 1)[:, None]
    is_inside = (rows >= 0) & (rows < len(area))
    is_inside &= (along + start >= line.start) & (along + start < line.stop)
    area[rows[is_inside], np.broadcast_to(along, rows.shape)[is_inside]] = 0
