"""A picture's greys: bytes, as nearly all pictures have them, or floats from 0 to 1.

Of bytes there are only 256, so what is asked of each pixel is asked of each shade instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Greys: TypeAlias = NDArray[np.uint8] | NDArray[np.float32]

_SHADES = np.arange(256, dtype=np.float32) / np.float32(255)


def as_floats(greys: Greys) -> NDArray[np.float32]:
    """Give greys as float32 from 0 to 1."""
    if greys.dtype != np.uint8:
        return greys.astype(np.float32, copy=False)
    values = greys.astype(np.float32)
    values /= np.float32(255)
    return values


def shades(greys: Greys) -> NDArray[np.float32]:
    """List a picture's shades, float32 (n,) from 0 to 1: all 256, or of floats each pixel's."""
    return _SHADES if greys.dtype == np.uint8 else as_floats(greys).ravel()


def counts(greys: Greys) -> NDArray[np.intp]:
    """Count the pixels of each of a picture's `shades`."""
    if greys.dtype == np.uint8:
        return np.array(Image.fromarray(greys).histogram(), np.intp)
    return np.broadcast_to(np.intp(1), greys.size)


def where(greys: Greys, is_chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which pixels have one of some of the `shades`, which must lie side by side."""
    if greys.dtype != np.uint8:
        return is_chosen.reshape(greys.shape)
    chosen = np.flatnonzero(is_chosen)
    if not len(chosen):
        return np.zeros(greys.shape, np.bool_)
    # Bytes below 0 come round to the highest ones.
    found: NDArray[np.bool_] = greys - np.uint8(chosen[0]) <= np.uint8(chosen[-1] - chosen[0])
    return found


def paint(greys: Greys, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give each pixel the value of its shade, of values in the order of `shades`."""
    if greys.dtype != np.uint8:
        return values.reshape(greys.shape)
    return values.take(greys)  # type: ignore[arg-type]  # which are bytes


def usual_border(greys: Greys) -> np.float32:
    """Give the median of a picture's outermost pixels, 0 to 1, of which most are paper."""
    border = as_floats(np.concatenate([greys[0], greys[-1], greys[:, 0], greys[:, -1]]))
    middle = len(border) // 2  # of a number that is even: each corner counts twice
    low, high = np.partition(border, (middle - 1, middle))[middle - 1 : middle + 1]
    median: np.float32 = (low + high) / np.float32(2)
    return median
