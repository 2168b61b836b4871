"""Finds frames along an image's edges, which would pass for its paper.

The paper is what most of the border shows. Where a frame covers the border, the paper is what the
rest of the image shows, and the frame is what differs from it along a side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.preprocessing.grey_image import GreyImage, to_float

if TYPE_CHECKING:
    from numpy.typing import NDArray

# An image has no frame if at least this share of it has its border's grey level, to within the
# second number.
_SAME, _NEAR = 0.45, 0.03

# What differs from paper by this grey level is none.
_OTHER = 0.06

# The grey level of a frame differs at least this much from the paper's.
_FRAME = 0.08

# A side has a frame if at least this share of it is not paper; it ends where less than the second
# share is not.
_COVERED, _LEFT = 0.85, 0.5

# Within a frame, at least this share of the border is paper.
_PAPER = 0.75

# The soft edge of a frame, in pixels.
_RIM = 2

# A line along an edge of a photo differs from the paper by this grey level, and lies within this
# share of the shorter side.
_CLEAR, _BESIDE = 0.12, 0.14

# Maximum width of a frame, as a share of the shorter side.
_WIDEST = 0.15

# Smaller images, in pixels, are not searched.
_SMALLEST = 20


def inside_frame(grey: GreyImage) -> tuple[slice, slice]:
    """Return the rows and columns within the frame along an image's edges, if there is one."""
    height, width = grey.pixels.shape
    whole = np.s_[0:height, 0:width]
    if min(height, width) < _SMALLEST:
        return whole
    distance = np.abs(grey.levels - grey.border_median)
    if grey.histogram[distance <= _NEAR].sum() >= _SAME * height * width:
        return whole
    most = int(_WIDEST * min(height, width))
    paper = _most_frequent(grey, distance > _FRAME)
    top, left = (_width_of_side(side, paper, most) for side in (grey.pixels, grey.pixels.T))
    bottom, right = (
        _width_of_side(side, paper, most) for side in (grey.pixels[::-1], grey.pixels.T[::-1])
    )
    inside = np.s_[top : height - bottom, left : width - right]
    ring = GreyImage(grey.pixels[inside])
    is_paper = np.abs(ring.border - np.float32(paper)) <= _FRAME
    # Where a digit fills the image, its paper would pass for a frame round the ink.
    return inside if is_paper.mean() >= _PAPER else whole


def _most_frequent(grey: GreyImage, is_chosen: NDArray[np.bool_]) -> float:
    """Return the most frequent of some grey levels, to within a sixteenth."""
    levels = grey.levels[is_chosen]
    counts, edges = np.histogram(levels, 16, (0, 1), weights=grey.histogram[is_chosen])
    low = edges[counts.argmax()]
    near = (levels >= low) & (levels <= low + 1 / 16)
    weights = grey.histogram[is_chosen][near]
    return float((levels[near] * weights).sum() / max(weights.sum(), 1))


def _width_of_side(pixels: NDArray[Any], paper: float, most: int) -> int:
    """Return how many of the first rows are a frame: 0 if there is none."""
    shares = (np.abs(to_float(pixels[: most + 1]) - np.float32(paper)) > _OTHER).mean(axis=1)
    if shares[0] < _COVERED:
        return 0
    ends = np.flatnonzero(shares < _LEFT)
    if not len(ends):
        return 0
    end = int(ends[0])
    # The outline of a digit that fills the image leaves less and less paper row by row.
    if end - int(np.argmax(shares < _COVERED)) > _RIM:
        return 0
    middle = np.median(to_float(pixels[: end + 2]), axis=1)
    # A frame ends all at once, and uneven light does not.
    is_sharp = np.abs(middle - middle[-1])[max(end - 4, 0) :].max() >= _FRAME
    return end if is_sharp else 0


def inside_lines(grey: GreyImage) -> tuple[slice, slice]:
    """Return the rows and columns within straight lines along the edges of a photo.

    Between each line and the edge is only paper, and the paper's grey level may differ by side.
    """
    pixels = grey.pixels
    height, width = pixels.shape
    most = int(_BESIDE * min(height, width))
    top, left = (_end_of_line(side, most) for side in (pixels, pixels.T))
    bottom, right = (_end_of_line(side, most) for side in (pixels[::-1], pixels.T[::-1]))
    inside = np.s_[top : height - bottom, left : width - right]
    ring = GreyImage(pixels[inside])
    is_paper = np.abs(ring.border - ring.border_median) <= _CLEAR
    return inside if is_paper.mean() >= _PAPER else np.s_[0:height, 0:width]


def _end_of_line(pixels: NDArray[Any], most: int) -> int:
    """Return how many of the first rows hold a line and what is outside of it: 0 if none do."""
    rows = to_float(pixels[: most + 3])
    rows = rows[:, rows.shape[1] // 50 : rows.shape[1] - rows.shape[1] // 50]
    low, paper, high = np.quantile(rows, (1 - _COVERED, 0.5, _COVERED), axis=1)
    typical = float(np.median(paper))
    is_line = (high < typical - _CLEAR) | (low > typical + _CLEAR)
    where = np.flatnonzero(is_line)
    if not len(where) or is_line[-3:].any() or len(where) > len(rows) // 2:
        return 0
    outside = rows[: max(int(where[0]) - 2, 0)]
    if outside.size and (np.abs(outside - typical) > _CLEAR).mean() > 0.002:
        return 0
    ends = np.flatnonzero(np.abs(paper[where[-1] :] - typical) <= _OTHER)
    return int(where[-1] + ends[0]) if len(ends) else 0
