"""Ink as text: a board drawn in Braille dots, two by four per character."""

from __future__ import annotations

import math

import numpy as np

from digitnet import Drawing
from digitnet.preprocessing.raster import render

_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""What each dot of a character, in 4 rows of 2, adds to its code point."""

_FIRST = 0x2800
_THINNEST = 0.6  # the radius of a line in dots; thinner lines would have gaps

CHARACTERS = "╭─╮│╰╯⣿"
"""Characters that a terminal must be able to show."""


def draw_board(board: Drawing, columns: int, *, is_ascii: bool = False) -> str:
    """Return a framed picture of a board, as lines of text.

    Args:
        board: the ink, on a canvas.
        columns: the width in characters; tall boards are narrower.
        is_ascii: use only ASCII characters, which show fewer details.

    Raises:
        ValueError: the board has no canvas.
    """
    if board.canvas is None:
        raise ValueError("a board needs a canvas")
    width, height = board.canvas
    inner = max(1, columns - 2)
    # Characters are about twice as high as wide, so their dots are evenly spaced.
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
        # Some fonts show the blank Braille character as empty rings.
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
