"""Removes the printed lines of forms from an image's ink: frames, boxes, tables and single lines.

`lines` finds straight lines, and `boxes` and `single_lines` decide which of them are printed;
`line_removal` erases these, and `cells` are what remains between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.components import connected_components
from digitnet.preprocessing.forms.boxes import Boxes, find_boxes
from digitnet.preprocessing.forms.cells import Cells, find_cells
from digitnet.preprocessing.forms.line_removal import cut_between, erase_lines
from digitnet.preprocessing.forms.line_screening import may_hold_lines
from digitnet.preprocessing.forms.lines import FormLine, find_form_lines
from digitnet.preprocessing.forms.single_lines import Page, extended
from digitnet.preprocessing.forms.table_rows import table_rows
from digitnet.preprocessing.framing import FAINT, box_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitnet.preprocessing.ink_mask import InkMask

# Images smaller than this, in pixels, have no lines.
_SMALLEST = 20

# Boxes of a row differ in twice their middle and in height by no more than these shares of it.
_LEVEL, _ALIKE = 0.6, 0.3


@dataclass(frozen=True)
class Form:
    """The ink of an image without the lines, and the lines.

    Attributes:
        ink: without lines.
        cells: the cells of its tables, rows of boxes and combs.
        rows: all lines along rows, in the pixels of `ink.mask`.
        columns: all lines along columns.
    """

    ink: InkMask
    cells: Sequence[Cells] = ()
    rows: Sequence[FormLine] = ()
    columns: Sequence[FormLine] = ()


def read_form(ink: InkMask) -> Form:
    """Find the lines of forms in an image's ink, and remove them, but not the ink across them."""
    dark = ink.mask > FAINT
    if min(ink.shape) < _SMALLEST:
        return Form(ink)
    left, top, width, height = (0, 0, *dark.shape[::-1])
    if ink.is_photo:  # other masks hold no more than the ink
        left, top, width, height = box_of(dark) or (0, 0, 0, 0)
    corner = ink.corner[0] + left, ink.corner[1] + top
    if not may_hold_lines(dark[top : top + height, left : left + width], corner, ink.shape):
        return Form(ink)
    rows, columns = find_form_lines(dark, min(ink.shape))
    if not rows and not columns:
        return Form(ink)
    rows = [extended(line, dark) for line in rows]
    columns = [extended(line, dark.T) for line in columns]
    boxes = find_boxes(rows, columns, dark)
    taken = {id(line) for box in boxes for line in (*box.rows, *box.columns)}
    page = Page(dark, ink.corner, ink.shape)
    own = [[line for line in lines if id(line) in taken] for lines in (rows, columns)]
    page.erase(*own)
    rest = [[line for line in lines if id(line) not in taken] for lines in (rows, columns)]
    single = page.single_lines(*rest, has_boxes=bool(taken))
    found = [one + other for one, other in zip(own, single, strict=True)]
    if not any(found):
        return Form(ink)
    mask = erase_lines(ink.mask, *found)
    cells = _cells(boxes)
    for table in cells:
        cut_between(mask, table, own)
    return Form(replace(ink, mask=mask), cells, *found)


def _cells(boxes: Sequence[Boxes]) -> list[Cells]:
    """Return the cells of each table and comb, and those of all single boxes together."""
    groups: list[Boxes] = []
    for box in boxes:
        beside = [group for group in groups if _continue(box, group)]
        groups = [group for group in groups if group not in beside]
        united = [box, *beside]
        groups.append(
            Boxes([x for g in united for x in g.rows], [x for g in united for x in g.columns])
        )
    return [cells for group in groups if (cells := find_cells(group.rows, group.columns))]


def _continue(one: Boxes, other: Boxes) -> bool:
    """Whether boxes are in the same row."""
    top, bottom = one.bounds[1::2]
    high, low = other.bounds[1::2]
    # A row of boxes may slant, so that only neighbours are level.
    height = min(bottom - top, low - high)
    is_level = abs(top + bottom - high - low) <= _LEVEL * height
    return is_level and abs(bottom - top - low + high) <= _ALIKE * height


def shows_boxes(mask: NDArray[np.float32]) -> bool:
    """Whether most of the ink of a page is in boxes.

    Args:
        mask: float32 (height, width), 0 for paper to 1 for ink, of a whole photo.
    """
    dark = mask > FAINT
    left, top, width, height = box_of(dark) or (0, 0, 0, 0)
    if not may_hold_lines(dark[top : top + height, left : left + width], (left, top), dark.shape):
        return False
    rows, columns = find_form_lines(dark, min(dark.shape))
    boxes = find_boxes(rows, columns, dark)
    if not boxes:
        return False
    lines = [x for box in boxes for x in box.rows], [x for box in boxes for x in box.columns]
    rest = connected_components(erase_lines(mask, *lines))
    return table_rows(rest.boxes, (0, 0), _cells(boxes)) is not None
