"""Tells fast whether an image may hold lines of forms: false for most images of digits.

Lines of forms go round the other ink, so that they are at the sides of the area that holds all ink,
or reach from side to side of the image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.forms.single_lines import DASHES

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The sides of the ink are this many pixels and this share of their length wide: lines may slant.
_SIDE_PIXELS, _SIDE_SHARE = 3, 0.02

# There may be boxes if this share of all sides is covered, or of one side of a row of at least this
# aspect; and a dashed line from side to side, up to this share of the image, if this share is.
_ENCLOSED, _WIDE, _DASHED, _REACHED = 0.7, 1.6, 0.3, 0.12

# Ink of an area of so many pixels may have lines anywhere.
_LARGE_IMAGE = 400_000


def may_hold_lines(
    dark: NDArray[np.bool_], corner: tuple[int, int], shape: tuple[int, int]
) -> bool:
    """Whether there may be lines, told fast: false for most images of a digit or a number.

    Lines of forms go round the other ink, so that they are at the sides of the area that holds all
    ink, or reach from side to side.

    Args:
        dark: bool (height, width), where there is ink.
        corner: left and top of that area in the image.
        shape: of the image, (height, width).
    """
    height, width = dark.shape
    if not dark.size or height * width >= _LARGE_IMAGE:
        return bool(dark.size)
    high, wide = (_SIDE_PIXELS + round(_SIDE_SHARE * side) for side in (width, height))
    top, bottom = (np.asarray(band.any(axis=0)) for band in (dark[:high], dark[-high:]))
    left, right = (np.asarray(band.any(axis=1)) for band in (dark[:, :wide], dark[:, -wide:]))
    edges: list[NDArray[np.bool_]] = [top, bottom, left, right]
    sides = [np.count_nonzero(side) / len(side) for side in edges]
    if min(sides) >= _ENCLOSED or (width >= _WIDE * height and max(sides[:2]) >= _ENCLOSED):
        return True
    reach = [
        first <= _REACHED * whole and first + length >= (1 - _REACHED) * whole
        for first, length, whole in ((corner[0], width, shape[1]), (corner[1], height, shape[0]))
    ]
    if not any(reach):
        return False
    if max(sides) >= _ENCLOSED:
        return True
    for side, share in zip(edges, sides, strict=True):
        if share >= _DASHED and np.count_nonzero(side[1:] != side[:-1]) >= DASHES:
            return True
    # Lines across the image show in all of a few rows or columns.
    down, across = top & bottom, left & right
    for place in (1, 2, 3):
        down = down & dark[place * height // 4]
        across = across & dark[:, place * width // 4]
    return bool((reach[1] and down.any()) or (reach[0] and across.any()))
