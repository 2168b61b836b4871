"""Slashes between digits: in shape they are ones, but beside digits their place and size tell.

A one is about as high as the digits next to it. A slash, as in a date, leans to the right, is
higher, and rises above them.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

HIGH = 1.25
"""Minimum height of a slash, as a share of the median height of the digits beside it."""

ABOVE = 0.1
"""How far it rises at least above their median top, as a share of that height."""

SLANT = 0.1
"""How far it leans to the right at least, as a share of its height."""

STRAIGHT = 0.93
"""Minimum distance between its ends, as a share of its length."""


def is_slash(path: NDArray[np.float32], box: Box, others: Sequence[Box]) -> bool:
    """Whether ink is a slash between digits.

    Args:
        path: of the pen, as made by `digitnet.preprocessing.pen_path.pen_path`.
        box: of the ink, (left, top, width, height).
        others: boxes of the digits of its line, without the ink; without any, nothing is a slash.
    """
    if not others:
        return False
    height = median(other[3] for other in others)
    top = median(other[1] for other in others)
    if box[3] < HIGH * height or top - box[1] < ABOVE * height:
        return False
    places, starts = path[:2], path[4]
    right, down = places[:, -1] - places[:, 0]
    leans = -right if down > 0 else right
    length = float(np.hypot(*np.diff(places)).sum())
    is_straight = np.hypot(right, down) >= STRAIGHT * length
    return bool(starts.sum() == 1 and is_straight and leans >= SLANT * abs(down))
