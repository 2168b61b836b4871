"""Slashes between digits: in shape they are ones, but beside digits their place and size tell.

A one is about as high as the digits next to it. A slash, as in a date, is higher, does not lean to
the left, and goes beyond the digits beside it at its top and at its bottom.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

HIGH = 1.1
"""Minimum height of a slash, as a share of the median height of the digits of its line."""

BEYOND = 0.05
"""How far it rises at least above the lower of its neighbours, as a share of that height."""

STRAIGHT = 0.85
"""Minimum distance between its ends, as a share of its length; pens leave hooks at both."""


def find_slashes(
    boxes: Sequence[Box | None], paths: Sequence[NDArray[np.float32] | None]
) -> set[int]:
    """Find the slashes between two digits of a line.

    Args:
        boxes: of the ink that is like digits, from left to right; None for other ink.
        paths: of the pen, as for `is_slash`; None in images, in which no slash is found.

    Returns:
        their indices.
    """
    slashes = set()
    for index, (left, box, right) in enumerate(zip(boxes, boxes[1:], boxes[2:], strict=False), 1):
        path = paths[index]
        if left and box and right and path is not None:
            height = median(other[3] for other in boxes if other and other is not box)
            if is_slash(path, box, (left, right), height):
                slashes.add(index)
    return slashes


def is_slash(
    path: NDArray[np.float32], box: Box, neighbours: tuple[Box, Box], height: float
) -> bool:
    """Whether ink is a slash between digits.

    Args:
        path: of the pen, as made by `digitnet.preprocessing.pen_path.pen_path`.
        box: of the ink, (left, top, width, height).
        neighbours: boxes of the digits to its left and to its right.
        height: the median of the digits of its line.
    """
    low_top = max(other[1] for other in neighbours)
    high_bottom = min(other[1] + other[3] for other in neighbours)
    is_high = box[3] >= HIGH * height and low_top - box[1] >= BEYOND * height
    if not is_high or box[1] + box[3] < high_bottom:
        return False
    places, starts = path[:2], path[4]
    right, down = places[:, -1] - places[:, 0]
    leans_left = right * down > 0
    length = float(np.hypot(*np.diff(places)).sum())
    is_straight = np.hypot(right, down) >= STRAIGHT * length
    return bool(starts.sum() == 1 and is_straight and not leans_left)
