"""A picture's greys: bytes, as nearly all pictures have them, or floats from 0 to 1.

Of bytes there are only 256, so what is asked of each pixel is asked of each shade instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHADES = np.arange(256, dtype=np.float32) / np.float32(255)


@dataclass(frozen=True, eq=False)
class Greys:
    """A picture in greys.

    Attributes:
        pixels: (height, width), uint8, or float32 from 0 to 1.
    """

    pixels: NDArray[Any]

    @property
    def are_bytes(self) -> bool:
        """Whether the pixels are uint8."""
        return self.pixels.dtype == np.uint8

    @property
    def shades(self) -> NDArray[np.float32]:
        """From 0 to 1, float32 (n,): of bytes all 256, of floats each pixel's own."""
        return _SHADES if self.are_bytes else self.pixels.ravel()

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """How many pixels have each of the shades, (n,)."""
        if self.are_bytes:
            return np.array(Image.fromarray(self.pixels).histogram(), np.intp)
        return np.broadcast_to(np.intp(1), self.pixels.size)

    @cached_property
    def usual_border(self) -> np.float32:
        """The median of the outermost pixels, from 0 to 1; most of these are paper."""
        sides = self.pixels[0], self.pixels[-1], self.pixels[:, 0], self.pixels[:, -1]
        border = as_floats(np.concatenate(sides))
        middle = len(border) // 2  # of a number that is even: each corner counts twice
        low, high = np.partition(border, (middle - 1, middle))[middle - 1 : middle + 1]
        median: np.float32 = (low + high) / np.float32(2)
        return median

    def every(self, step: int) -> Greys:
        """Give every so-manieth pixel of every so-manieth row."""
        return Greys(self.pixels[::step, ::step]) if step > 1 else self

    def where(self, is_chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say which pixels have one of some shades, which must lie side by side.

        Args:
            is_chosen: for each of the shades.

        Returns:
            bool (height, width)
        """
        if not self.are_bytes:
            return is_chosen.reshape(self.pixels.shape)
        chosen = np.flatnonzero(is_chosen)
        if not len(chosen):
            return np.zeros(self.pixels.shape, np.bool_)
        lowest, highest = np.uint8(chosen[0]), np.uint8(chosen[-1])
        # Bytes below 0 come round to the highest ones.
        found: NDArray[np.bool_] = self.pixels - lowest <= highest - lowest
        return found

    def paint(
        self, values: NDArray[np.float32], area: tuple[slice, slice] = np.s_[:, :]
    ) -> NDArray[np.float32]:
        """Give each pixel of an area the value of its shade.

        Args:
            values: of each of the shades.
            area: rows and columns.
        """
        if not self.are_bytes:
            return values.reshape(self.pixels.shape)[area]
        return values.take(self.pixels[area])


def as_floats(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Give bytes from 0 to 255, or floats from 0 to 1, as float32 from 0 to 1."""
    if pixels.dtype != np.uint8:
        return pixels.astype(np.float32, copy=False)
    values = pixels.astype(np.float32)
    values /= np.float32(255)
    return values
