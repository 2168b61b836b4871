"""Orders the ink of tables and rows of boxes by cells: a digit never has ink of two of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitnet.ink import Box, union
from digitnet.preprocessing.lattice import Lattice, build_lattice
from digitnet.preprocessing.text_lines import text_lines

if TYPE_CHECKING:
    from digitnet.preprocessing.forms.cells import Cells

# With fewer cells than this, a form is read like any other page.
_MIN_CELLS = 3

# Ink at least this high is large, and most large ink is at most this high and wide; as shares of
# the size of its cell.
_TALL, _FITS = 0.3, 1.15

# At least this share of the ink is in cells.
_INSIDE = 0.5

# Rows of different tables are level if they share this much of the lower one's height.
_LEVEL = 0.5


def table_rows(
    boxes: Sequence[Box], corner: tuple[int, int], tables: Sequence[Cells]
) -> list[list[list[int]]] | None:
    """Group pieces of ink into rows of cells.

    Args:
        boxes: (left, top, width, height) of each piece, in the image's pixels.
        corner: left and top, in the image, of the area that the cells are of.
        tables: the cells.

    Returns:
        for each row from the top, for each of its cells that is not empty, from the left, the
        indices of its pieces, ascending; what is outside of all cells is in rows of its own. None
        if the ink does not belong to cells.
    """
    if sum(int(cells.are_cells.sum()) for cells in tables) < _MIN_CELLS:
        return None
    found: dict[tuple[int, int], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    outside, inside, fitting = [], 0, 0
    for index, (left, top, width, height) in enumerate(boxes):
        x, y = left - corner[0] + width / 2, top - corner[1] + height / 2
        for number, cells in enumerate(tables):
            place = cells.place(x, y)
            if place is None:
                continue
            found[number, place[0]][place[1]].append(index)
            wide, high = cells.size_of(*place)
            if max(width, height) >= _TALL * high:
                inside += 1
                fitting += height <= _FITS * high and width <= _FITS * wide
            break
        else:
            outside.append(index)
    if not inside or fitting < 0.7 * inside or inside < _INSIDE * (inside + len(outside)):
        return None
    # Each table's rows keep apart; other ink is a table of its own.
    rows = [(table, [row[column] for column in sorted(row)]) for (table, _), row in found.items()]
    lines = text_lines([boxes[index] for index in outside])
    rows += [(-1, [[outside[index] for index in line]]) for line in lines]
    return _beside_each_other(rows, boxes)


def _beside_each_other(
    rows: Sequence[tuple[int, list[list[int]]]], boxes: Sequence[Box]
) -> list[list[list[int]]]:
    """Join rows of different tables that are level and beside each other.

    Args:
        rows: the number of the table of each, and the pieces of its cells.
        boxes: of all pieces.

    Returns:
        the rows from the top, each with its cells from the left.
    """
    joined: list[tuple[set[int], list[list[int]], Box]] = []
    for table, cells in rows:
        box = union([boxes[i] for cell in cells for i in cell])
        for index, (tables, others, around) in enumerate(joined):
            if table not in tables and _is_beside(box, around):
                joined[index] = {*tables, table}, [*others, *cells], union([around, box])
                break
        else:
            joined.append(({table}, list(cells), box))
    joined.sort(key=lambda row: row[2][1] + row[2][3] / 2)
    return [sorted(cells, key=lambda c: min(boxes[i][0] for i in c)) for _, cells, _ in joined]


def _is_beside(one: Box, other: Box) -> bool:
    low, high = max(one[1], other[1]), min(one[1] + one[3], other[1] + other[3])
    left, right = max(one[0], other[0]), min(one[0] + one[2], other[0] + other[2])
    return high - low >= _LEVEL * min(one[3], other[3]) and left >= right


def lattice_of_cells(boxes: Sequence[Box], counts: Sequence[int]) -> Lattice:
    """Build one lattice for the pieces of a row of cells, with a cut between all cells.

    Args:
        boxes: of all pieces, cell by cell.
        counts: number of pieces in each cell.
    """
    order, cuts, costs, candidates, parts = [], [0], {0: 0.0}, [], {}
    start = 0
    for count in counts:
        cell = build_lattice(boxes[start : start + count])
        order += [start + index for index in cell.order]
        cuts += [start + cut for cut in cell.cuts[1:]]
        costs |= {start + cut: cell.costs[cut] for cut in cell.cuts[1:]}
        for candidate in cell.candidates:
            moved = start + candidate[0], start + candidate[1]
            candidates.append(moved)
            parts[moved] = cell.parts[candidate]
        start += count
        costs[start] = 0.0
    return Lattice(tuple(order), tuple(cuts), costs, tuple(candidates), parts)
