"""Groups pieces of ink into lines of text.

The digits of a line overlap vertically with their neighbours; lines may slant. Small pieces, such
as the bar of a five or a dot, belong to the line of the nearest digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Box, union

if TYPE_CHECKING:
    from numpy.typing import NDArray

TALL = 0.5
"""Pieces of at least this share of the typical height can start a line."""

OVERLAP = 0.4
"""Pieces of a line overlap vertically by this share of the shorter one."""

CLOSE = 0.3
"""Pieces above each other, closer than this share of the typical height, are one digit."""


SEVERAL = 1.4
"""Strokes on several lines are together higher than this many times the tallest."""

FLAT = 0.3
"""Strokes not higher than this share of their width are bars."""

DOT = 0.1
"""Strokes not higher than this share of two lines are dots."""

HALVES = 0.5
"""Strokes above each other, closer than this share of their height, can be halves of a digit."""


def text_lines(boxes: Sequence[Box]) -> list[list[int]]:
    """Group pieces of ink into lines.

    Args:
        boxes: (left, top, width, height) of each piece.

    Returns:
        the pieces' indices, ascending, line by line from the top; each piece once.
    """
    if len(boxes) < 2:
        return [[index] for index in range(len(boxes))]
    left, top, width, height = np.array(boxes, dtype=np.float64).T
    typical = typical_height(height)
    tall = np.flatnonzero(height >= TALL * typical)
    slope = _slope(left[tall] + width[tall] / 2, top[tall] + height[tall] / 2, typical)
    # Level the lines: from here on, the pieces of a line overlap vertically.
    top = top - slope * (left + width / 2)
    lines: list[list[int]] = []
    for piece in tall[np.argsort(left[tall] + width[tall] / 2, kind="stable")]:
        near = [(_apart(top, height, line[-1], piece), line) for line in lines]
        apart, line = min(near, key=lambda pair: pair[0], default=(1.0, []))
        if apart < 1 - OVERLAP:
            line.append(int(piece))
        else:
            lines.append([int(piece)])
    lines = _join(lines, np.array([left, top, width, height]), typical)
    owner = {piece: number for number, line in enumerate(lines) for piece in line}
    for piece in np.flatnonzero(height < TALL * typical):
        gaps = gap_between(np.array([left, top, width, height]), int(piece), tall)
        lines[owner[int(tall[np.argmin(gaps)])]].append(int(piece))
    lines.sort(key=lambda line: float(np.median([top[i] + height[i] / 2 for i in line])))
    return [sorted(line) for line in lines]


def stroke_lines(boxes: Sequence[Box]) -> list[list[int]]:
    """Group strokes into lines, as `text_lines` does.

    A drawing has few strokes, and a digit or sign can consist of several above each other. So lines
    are only apart if both have what may be a digit, one above the other; and a single digit must
    also be farther away than the halves of an eight.

    Args:
        boxes: as for `text_lines`, without the pen.
    """
    if not boxes or union(boxes)[3] < SEVERAL * max(box[3] for box in boxes):
        return [list(range(len(boxes)))] if boxes else []
    # Sorted, so that the order in which they were drawn decides nothing.
    order = sorted(range(len(boxes)), key=boxes.__getitem__)
    lines: list[list[int]] = []
    for found in text_lines([boxes[index] for index in order]):
        line = sorted(order[index] for index in found)
        if lines and not _are_apart([boxes[i] for i in lines[-1]], [boxes[i] for i in line]):
            lines[-1] = sorted(lines[-1] + line)
        else:
            lines.append(line)
    return lines


def _are_apart(above: Sequence[Box], below: Sequence[Box]) -> bool:
    """Whether two lines of strokes hold digits above each other."""
    smallest = DOT * union([*above, *below])[3]
    upper, lower = _digits(above, smallest), _digits(below, smallest)
    gaps = [
        other[1] - one[1] - one[3]
        for one in upper
        for other in lower
        if min(one[0] + one[2], other[0] + other[2]) > max(one[0], other[0])
    ]
    if not gaps:
        return False
    height = min(_median_height(upper), _median_height(lower))
    return min(len(upper), len(lower)) > 1 or min(gaps) >= HALVES * height


def _digits(line: Sequence[Box], smallest: float) -> list[Box]:
    """Return the boxes of strokes that may be digits: neither bars nor small."""
    high = [box for box in line if box[3] > max(FLAT * box[2], smallest)]
    return [box for box in high if box[3] >= TALL * _median_height(high)]


def _median_height(boxes: Sequence[Box]) -> float:
    return sorted(box[3] for box in boxes)[len(boxes) // 2]


def typical_height(height: NDArray[np.float64]) -> float:
    """Return the median height of all but the small pieces."""
    return float(np.median(height[height >= TALL * height.max()]))


def gap_between(
    boxes: NDArray[np.float64], piece: int, others: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the distance of a piece's box, of boxes (4, n), from the others' boxes, in pixels."""
    left, top, width, height = boxes
    x = np.maximum(left[others], left[piece]) - np.minimum(
        left[others] + width[others], left[piece] + width[piece]
    )
    y = np.maximum(top[others], top[piece]) - np.minimum(
        top[others] + height[others], top[piece] + height[piece]
    )
    gaps: NDArray[np.float64] = np.hypot(np.maximum(x, 0), np.maximum(y, 0))
    return gaps


def _slope(x: NDArray[np.float64], y: NDArray[np.float64], typical: float) -> float:
    """Return by how many pixels the lines descend for each pixel to the right."""
    slopes = []
    for index in range(len(x)):
        right, down = x - x[index], y - y[index]
        is_next = (right > 0.3 * typical) & (right < 4 * typical) & (np.abs(down) < 0.5 * right)
        is_next &= np.abs(down) < 0.6 * typical
        if is_next.any():
            nearest = np.flatnonzero(is_next)[np.argmin(right[is_next])]
            slopes.append(down[nearest] / right[nearest])
    return float(np.median(slopes)) if len(slopes) >= 3 else 0.0


def _apart(top: NDArray[np.float64], height: NDArray[np.float64], one: int, other: int) -> float:
    """Return the share of the shorter piece that is not level with the other; over 1 for gaps."""
    shared = min(top[one] + height[one], top[other] + height[other]) - max(top[one], top[other])
    return 1 - float(shared) / max(min(float(height[one]), float(height[other])), 1e-9)


def _join(lines: list[list[int]], boxes: NDArray[np.float64], typical: float) -> list[list[int]]:
    """Join lines that are parts of the same digits: most of one is close above the other."""
    joined: list[list[int]] = []
    for line in lines:
        for other in joined:
            few, many = sorted((line, other), key=len)
            close = sum(_is_close(piece, np.array(many), boxes, typical) for piece in few)
            if 2 * close > len(few):
                other += line
                break
        else:
            joined.append(line)
    return joined


def _is_close(
    piece: int, others: NDArray[np.intp], boxes: NDArray[np.float64], typical: float
) -> bool:
    left, _, width, _ = boxes
    shared = np.minimum(left[others] + width[others], left[piece] + width[piece])
    is_above = shared > np.maximum(left[others], left[piece])
    return bool((gap_between(boxes, piece, others)[is_above] < CLOSE * typical).any())
