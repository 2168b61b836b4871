"""Ink as text: a board drawn in Braille's dots, two by four to a character."""

from __future__ import annotations

import math

import numpy as np

from digitnet import Drawing
from digitnet.preprocessing.raster import render

_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""What each of a character's dots, in 4 rows of 2, adds to its number."""

_FIRST = 0x2800
_THINNEST = 0.6  # the radius of a line in dots; thinner ones would have gaps

CHARACTERS = "╭─╮│╰╯⣿"
"""What a terminal must be able to show."""


def draw_board(board: Drawing, columns: int, *, is_ascii: bool = False) -> str:
    """Draw a board with a line around it.

    Args:
        board: the ink, on a canvas.
        columns: the width, in characters; a board much taller than wide takes less.
        is_ascii: for terminals that can show nothing else; more coarsely.
    """
    if board.canvas is None:
        raise ValueError("a board has a canvas")
    width, height = board.canvas
    inner = max(1, columns - 2)
    # A line of text is about twice as high as a character is wide, so dots stand evenly.
    scale = min(2 * inner / width, 3 * inner / height)
    inner = min(inner, math.ceil(width * scale / 2))
    rows = max(1, math.ceil(height * scale / 4))
    paths = [stroke.xy * scale for stroke in board.strokes]
    radius = max(_THINNEST, board.pen_pixels * scale / 2)
    dots = render(paths, (4 * rows, 2 * inner), radius=radius) > 0.5
    cells = dots.reshape(rows, 4, inner, 2)
    if is_ascii:
        numbers = np.where(cells.sum((1, 3)) >= 3, ord("#"), ord(" "))
    else:
        numbers = np.tensordot(cells, _DOTS, ((1, 3), (0, 1)))
        # Some fonts show Braille's blank as empty rings.
        numbers = np.where(numbers > 0, _FIRST + numbers, ord(" "))
    lines = ["".join(map(chr, row)) for row in numbers.tolist()]
    corners, across, down = ("++++", "-", "|") if is_ascii else ("╭╮╰╯", "─", "│")
    return "\n".join(
        [
            corners[0] + across * inner + corners[1],
            *(down + line + down for line in lines),
            corners[2] + across * inner + corners[3],
        ]
    )
