"""What on a photo of paper is no digit, by its size, shape and darkness alone.

The digits of a page are about as tall as each other and as dark. Specks, remains of lines, the
edges of paper and shadows are not.
"""

from __future__ import annotations

import numpy as np

from digitnet.preprocessing.components import Parts
from digitnet.preprocessing.text_lines import gap_between

# Over the photo's shorter side, and in pixels: no digit is smaller.
_SMALLEST = 0.012
_SMALLEST_PIXELS = 8

# A spot must be as dark as this share of most ink, where it is darkest.
_STRONG = 0.55

# Over the usual height: smaller is a speck, larger is something else.
_SPECK = 0.12
_TALLEST = 2.6

# Small spots farther than this from all digits, over the usual height, belong to none.
_ALONE = 0.35


def without_clutter(parts: Parts) -> Parts:
    """Keep the connected parts of a photo's ink that can be digits or pieces of them."""
    if not parts.numbers:
        return parts
    numbers = np.array(parts.numbers)
    boxes = np.array(parts.boxes)
    left, top, width, height = boxes.T
    shape = np.array(parts.mask.shape)
    longer = np.maximum(width, height)
    strengths = _strengths(parts)[numbers]
    kept = (longer >= max(_SMALLEST * min(shape), _SMALLEST_PIXELS)) & (strengths >= _STRONG)
    # What comes in from the side is the edge of the paper, or what lies beside it; but a digit that
    # was cut out may fill its picture.
    is_cut = (left <= 1) | (top <= 1)
    is_cut |= (left + width >= shape[1] - 1) | (top + height >= shape[0] - 1)
    whole = longer[kept & ~is_cut]
    if len(whole) and whole.max() > 0.05 * min(shape):
        kept &= ~is_cut
    if not kept.any():
        return parts.select([])
    usual = _usual_height(height[kept])
    kept &= (longer >= _SPECK * usual) & (height <= _TALLEST * usual)
    kept &= width <= np.maximum(_TALLEST * usual, 3 * height)
    tall = np.flatnonzero(kept & (height >= 0.5 * usual))
    for index in np.flatnonzero(kept & (height < 0.5 * usual)):
        gaps = gap_between(boxes.T, int(index), tall)
        kept[index] = len(gaps) and gaps.min() <= _ALONE * usual
    return parts.select(np.flatnonzero(kept).tolist())


def _usual_height(heights: np.ndarray) -> float:
    """Give the median over all ink of the height of what it belongs to."""
    order = np.sort(heights)
    total = np.cumsum(order)
    return float(order[np.searchsorted(total, total[-1] / 2)])


def _strengths(parts: Parts) -> np.ndarray:
    """Give for each label how dark its darkest pixels are, 0 to 1."""
    rows, columns = np.nonzero(parts.labels)
    labels = parts.labels[rows, columns]
    strengths = np.zeros(int(parts.labels.max()) + 1, np.float32)
    np.maximum.at(strengths, labels, parts.mask[rows, columns])
    return strengths
