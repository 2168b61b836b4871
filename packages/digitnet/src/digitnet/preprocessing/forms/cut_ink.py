"""Tells pieces of neighbouring ink that the edge of a cut-out image cuts from the ink itself."""

from __future__ import annotations

import numpy as np

from digitnet.preprocessing.components import Components
from digitnet.preprocessing.text_lines import gap_between

# A piece reaches into the image by no more than this share of the height of the ink, which is
# farther from all edges than this share of it, in the other direction from the piece.
_DEPTH, _CLEAR = 0.2, 0.02


def remove_cut_pieces(components: Components, shape: tuple[int, int]) -> Components:
    """Leave out short pieces at the edges, if there is ink that is clear of all edges.

    Args:
        components: of an image's ink.
        shape: of the image, (height, width).
    """
    if len(components.ids) < 2:
        return components
    left, top, width, height = np.array(components.boxes).T
    # How far each is from the left, top, right and bottom edge.
    gaps = np.array([left, top, shape[1] - left - width, shape[0] - top - height])
    is_cut = gaps.min(axis=0) <= 1
    if not is_cut.any() or is_cut.all():
        return components
    tall = float(np.maximum(height, width)[~is_cut].max())
    is_whole = ~is_cut & (height >= 0.5 * tall)
    if not is_whole.any() or gaps[:, is_whole].min() < _CLEAR * tall:
        return components
    # The distance from the edge to the other side of the piece.
    depth = np.where(gaps <= 1, np.array([width, height, width, height]), np.inf).min(axis=0)
    is_piece = is_cut & (depth <= _DEPTH * tall)
    whole = np.flatnonzero(is_whole)
    boxes = np.array(components.boxes).T
    for index in np.flatnonzero(is_piece):
        # What almost touches the ink may be a part of it.
        is_piece[index] = gap_between(boxes, int(index), whole).min() >= _CLEAR * tall + 1
    return components.select(np.flatnonzero(~is_piece).tolist())
