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

# A plane is fitted so many times; pixels as many times as far from it as the noise do not count.
_ROUNDS, _FAR = 6, 2.5

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

    @property
    def border(self) -> NDArray[np.float32]:
        """The outermost pixels, from 0 to 1; each corner counts twice."""
        sides = self.pixels[0], self.pixels[-1], self.pixels[:, 0], self.pixels[:, -1]
        return to_float(np.concatenate(sides))

    @cached_property
    def border_median(self) -> np.float32:
        """Median of the outermost pixels, most of which are paper, from 0 to 1."""
        border = self.border
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


def fit_plane(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fit a plane to the light on paper.

    It is fitted to the pixels that are near it, again and again, so that ink does not count
    (iteratively reweighted least squares; Holland, Welsch: "Robust regression using iteratively
    reweighted least-squares", 1977).

    Args:
        grey: float32 (height, width).

    Returns:
        float32 (height, width), near to most pixels.
    """
    height, width = grey.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones(grey.size), x.ravel(), y.ravel()], axis=1).astype(np.float32)
    values = grey.ravel()
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    plane = np.full_like(values, np.median(border))
    for _ in range(_ROUNDS):
        distance = np.abs(values - plane)
        near = distance <= max(_FAR * 1.4826 * float(np.median(distance)), 2 / 255)
        weighted = terms[near]
        plane = terms @ np.linalg.lstsq(weighted, values[near], rcond=None)[0]
    fitted: NDArray[np.float32] = plane.reshape(grey.shape).astype(np.float32)
    return fitted
