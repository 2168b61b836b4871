"""Reads the boxes of tables, Sudokus and forms: rows and columns with a digit or none in each.

The grid with the most cells is read. A cell holds one digit: of all its ink together and of each
piece alone, what is likeliest one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from digitnet.errors import PictureError
from digitnet.ink import Box, union
from digitnet.prediction import UNREAD, Digit
from digitnet.preprocessing.components import Components, connected_components
from digitnet.preprocessing.forms.form import read_form
from digitnet.preprocessing.framing import frame_mask
from digitnet.preprocessing.images import read_ink
from digitnet.preprocessing.ink_mask import InkMask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitnet.preprocessing.cache import Answers
    from digitnet.preprocessing.forms.cells import Cells
    from digitnet.preprocessing.sources import Source

BLANK = "."
"""What a cell without ink reads as."""

# A grid has at least this many cells.
_MIN_CELLS = 2

# Ink smaller than this share of its cell's shorter side is dust, and a cell with no other is blank;
# that of a digit is larger than the second share.
_DUST, _DIGIT = 0.15, 0.25


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of a grid.

    Attributes:
        rows: from the top, for each cell from the left, its digit; None for a blank cell.
        boxes: of the same cells, (left, top, width, height) in the source's pixels; of a cell of a
            tilted grid, the box around it.
    """

    rows: tuple[tuple[Digit | None, ...], ...]
    boxes: tuple[tuple[Box, ...], ...]

    @property
    def text(self) -> str:
        """The rows as lines, such as "53..7": "." is blank, and "?" is ink that is not a digit."""
        return "\n".join(
            "".join(
                BLANK if digit is None else str(digit.label) if digit.accepted else UNREAD
                for digit in row
            )
            for row in self.rows
        )


class Answering(Protocol):
    """What a grid needs of a `digitnet.Recognizer`, which reads grids itself."""

    def answer(self, batch: NDArray[np.uint8]) -> Answers:
        """As `digitnet.Recognizer.answer`."""

    def accepts(
        self, probabilities: NDArray[np.float32], likelihoods: NDArray[np.float32]
    ) -> NDArray[np.bool_]:
        """As `digitnet.Recognizer.accepts`."""


def read_grid(source: Source, recognizer: Answering) -> Grid:
    """Read the largest grid of an image; see `digitnet.Recognizer.read_grid`."""
    ink = read_ink(source, keep_lines=True)  # type: ignore[arg-type]
    form = read_form(ink)
    cells = max(form.cells, key=lambda cells: int(cells.are_cells.sum()), default=None)
    if cells is None or cells.are_cells.sum() < _MIN_CELLS:
        raise PictureError(
            "no grid was found in the image; the lines of its boxes must be visible, and nearly "
            "parallel to the sides"
        )
    components = connected_components(form.ink.mask, ink.corner)
    members = _members(components, cells)
    digits = _digits(components, members, form.ink, recognizer)
    rows = [i for i in range(cells.are_cells.shape[0]) if cells.are_cells[i].any()]
    columns = [j for j in range(cells.are_cells.shape[1]) if cells.are_cells[:, j].any()]
    return Grid(
        tuple(tuple(digits.get((i, j)) for j in columns) for i in rows),
        tuple(tuple(_box(cells, i, j, ink) for j in columns) for i in rows),
    )


def _members(components: Components, cells: Cells) -> dict[tuple[int, int], list[int]]:
    """Return the pieces of ink of each cell that is not blank."""
    found = defaultdict(list)
    for index, (left, top, width, height) in enumerate(components.boxes):
        x, y = left - components.corner[0], top - components.corner[1]
        place = cells.place(x + width / 2, y + height / 2)
        if place and max(width, height) >= _DUST * min(cells.size_of(*place)):
            found[place].append(index)
    return {
        place: members
        for place, members in found.items()
        if max(max(components.boxes[i][2:]) for i in members) >= _DIGIT * min(cells.size_of(*place))
    }


def _digits(
    components: Components,
    members: dict[tuple[int, int], list[int]],
    ink: InkMask,
    recognizer: Answering,
) -> dict[tuple[int, int], Digit]:
    """Read the digit of each cell: of all its ink together and of each piece, the likeliest."""
    candidates = [
        (place, choice)
        for place, all_of_it in members.items()
        for choice in (all_of_it, *([index] for index in all_of_it if len(all_of_it) > 1))
    ]
    if not candidates:
        return {}
    images = np.array([frame_mask(components.mask_of(choice)) for _, choice in candidates])
    probabilities, likelihoods = recognizer.answer(images)
    accepted = recognizer.accepts(probabilities, likelihoods)
    best: dict[tuple[int, int], tuple[float, int]] = {}
    for index, (place, choice) in enumerate(candidates):
        # A part of a digit, such as the six without its top, often is one as well.
        share = len(choice) / len(members[place])
        score = float(likelihoods[index] * probabilities[index].max()) + (share == 1)
        score -= 0 if accepted[index] else 2
        best[place] = max(best.get(place, (score, index)), (score, index))
    return {
        place: Digit(
            label=int(probabilities[index].argmax()),
            confidence=float(probabilities[index].max()),
            probabilities=probabilities[index],
            likelihood=float(likelihoods[index]),
            accepted=bool(accepted[index]),
            box=ink.in_source(union([components.boxes[i] for i in candidates[index][1]])),
            image=images[index],
            strokes=None,
            line=place[0],
        )
        for place, (_, index) in best.items()
    }


def _box(cells: Cells, row: int, column: int, ink: InkMask) -> Box:
    """Return the box around a cell, in the source's pixels."""
    corners = cells.corners()[row : row + 2, column : column + 2].reshape(4, 2) + ink.corner
    limits = np.array([ink.shape[1], ink.shape[0]])
    low, high = (np.clip(side, 0, limits) for side in (corners.min(axis=0), corners.max(axis=0)))
    return ink.in_source((*map(float, low), *map(float, high - low)))  # type: ignore[arg-type]
