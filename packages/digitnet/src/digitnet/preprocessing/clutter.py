"""Tells what in a photo of paper is not a digit, by its size, shape and darkness alone.

The digits of a page are about equally tall and equally dark. Specks, remains of ruled lines, the
edges of the paper and shadows are not.
"""

from __future__ import annotations

import numpy as np

from digitnet.preprocessing.components import Components
from digitnet.preprocessing.text_lines import gap_between

# Minimum extent of a digit, as a share of the photo's shorter side and in pixels.
_MIN_SIZE = 0.012
_MIN_PIXELS = 8

# The darkest pixels of a component must be at least this dark, where most ink is 1.
_MIN_STRENGTH = 0.55

# As shares of the typical height: anything smaller is a speck, anything larger is not a digit.
_SPECK = 0.12
_MAX_HEIGHT = 2.6

# Small components farther than this from all digits belong to none, as a share of the typical
# height.
_MAX_GAP = 0.35


# What the border cuts is dropped if there is whole ink of this share of the photo's shorter side;
# but not a digit, so many times as large as that, of which at most this share is along the border.
_SMALL, _LARGER, _MOST_TOUCHING = 0.05, 3.0, 0.5

# On a page of digits, they are at least this share of all ink that the border does not cut.
_PAGE = 0.5


def remove_clutter(components: Components) -> Components:
    """Keep the components of a photo's ink that can be digits or pieces of digits.

    None are kept of a photo of other things, where what is as large as a digit is only a small part
    of what is dark.
    """
    if not components.ids:
        return components
    boxes = np.array(components.boxes)
    left, top, width, height = boxes.T
    shape = np.array(components.mask.shape)
    longer = np.maximum(width, height)
    strengths = _strengths(components)[np.array(components.ids)]
    kept = (longer >= max(_MIN_SIZE * min(shape), _MIN_PIXELS)) & (strengths >= _MIN_STRENGTH)
    # What touches the border is the edge of the paper or something next to it, unless it is much
    # larger than all else and hardly touches it, such as a digit that was cut out.
    is_cut = (left <= 1) | (top <= 1)
    is_cut |= (left + width >= shape[1] - 1) | (top + height >= shape[0] - 1)
    whole = longer[kept & ~is_cut].max(initial=0.0)
    is_digit = (longer > _LARGER * whole) & (_touches(components) <= _MOST_TOUCHING * longer)
    if whole > _SMALL * min(shape):
        kept &= ~is_cut | is_digit
    if not kept.any():
        return components.select([])
    typical = _typical_height(height[kept])
    kept &= (longer >= _SPECK * typical) & (height <= _MAX_HEIGHT * typical)
    kept &= width <= np.maximum(_MAX_HEIGHT * typical, 3 * height)
    tall = np.flatnonzero(kept & (height >= 0.5 * typical))
    for index in np.flatnonzero(kept & (height < 0.5 * typical)):
        gaps = gap_between(boxes.T, int(index), tall)
        kept[index] = len(gaps) and gaps.min() <= _MAX_GAP * typical
    sizes = components.runs.sizes()[np.array(components.ids) - 1]
    if sizes[kept].sum() < _PAGE * sizes[~is_cut].sum():
        return components.select([])
    return components.select(np.flatnonzero(kept).tolist())


def _touches(components: Components) -> np.ndarray:
    """Return how many pixels of each component are along the border of the mask."""
    labels = components.labels
    border = np.concatenate([labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1]])
    counts = np.bincount(border, minlength=int(labels.max(initial=0)) + 1)
    touching: np.ndarray = counts[np.array(components.ids)]
    return touching


def _typical_height(heights: np.ndarray) -> float:
    """Return the median height, each component weighted by its own height."""
    order = np.sort(heights)
    total = np.cumsum(order)
    return float(order[np.searchsorted(total, total[-1] / 2)])


def _strengths(components: Components) -> np.ndarray:
    """Return how dark the darkest pixel of each label is, 0 to 1."""
    rows, columns = np.nonzero(components.labels)
    labels = components.labels[rows, columns]
    strengths = np.zeros(int(components.labels.max()) + 1, np.float32)
    np.maximum.at(strengths, labels, components.mask[rows, columns])
    return strengths
