"""A grey image: of bytes, as nearly all images are, or of floats from 0 to 1.

Bytes have only 256 levels, so what has to be computed for each pixel is computed for each level
instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEVELS = np.arange(256, dtype=np.float32) / np.float32(255)


@dataclass(frozen=True, eq=False)
class GreyImage:
    """An image in grey levels.

    Attributes:
        pixels: (height, width), uint8, or float32 from 0 to 1.
    """

    pixels: NDArray[Any]

    @property
    def is_uint8(self) -> bool:
        """Whether the pixels are uint8."""
        return self.pixels.dtype == np.uint8

    @property
    def levels(self) -> NDArray[np.float32]:
        """Levels from 0 to 1, float32 (n,): all 256 of bytes, or each pixel's own of floats."""
        return _LEVELS if self.is_uint8 else self.pixels.ravel()

    @cached_property
    def histogram(self) -> NDArray[np.intp]:
        """Number of pixels at each level, (n,)."""
        if self.is_uint8:
            return np.array(Image.fromarray(self.pixels).histogram(), np.intp)
        return np.broadcast_to(np.intp(1), self.pixels.size)

    @cached_property
    def border_median(self) -> np.float32:
        """Median of the outermost pixels, most of which are paper, from 0 to 1."""
        sides = self.pixels[0], self.pixels[-1], self.pixels[:, 0], self.pixels[:, -1]
        border = to_float(np.concatenate(sides))
        middle = len(border) // 2  # the length is even, as each corner counts twice
        low, high = np.partition(border, (middle - 1, middle))[middle - 1 : middle + 1]
        median: np.float32 = (low + high) / np.float32(2)
        return median

    def subsample(self, step: int) -> GreyImage:
        """Return every `step`-th pixel of every `step`-th row."""
        return GreyImage(self.pixels[::step, ::step]) if step > 1 else self

    def select(self, is_chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which pixels have one of the chosen levels, bool (height, width).

        Args:
            is_chosen: bool (n,), for each of `levels`; of bytes, the chosen ones must be adjacent.
        """
        if not self.is_uint8:
            return is_chosen.reshape(self.pixels.shape)
        chosen = np.flatnonzero(is_chosen)
        if not len(chosen):
            return np.zeros(self.pixels.shape, np.bool_)
        low, high = np.uint8(chosen[0]), np.uint8(chosen[-1])
        # Levels below `low` wrap around to the highest ones.
        selected: NDArray[np.bool_] = self.pixels - low <= high - low
        return selected

    def map_levels(
        self, values: NDArray[np.float32], area: tuple[slice, slice] = np.s_[:, :]
    ) -> NDArray[np.float32]:
        """Replace each pixel of an area with the value for its level.

        Args:
            values: float32 (n,), for each of `levels`.
            area: rows and columns.
        """
        if not self.is_uint8:
            return values.reshape(self.pixels.shape)[area]
        return values.take(self.pixels[area])


def to_float(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Convert bytes from 0 to 255, or floats from 0 to 1, to float32 from 0 to 1."""
    if pixels.dtype != np.uint8:
        return pixels.astype(np.float32, copy=False)
    values = pixels.astype(np.float32)
    values /= np.float32(255)
    return values
