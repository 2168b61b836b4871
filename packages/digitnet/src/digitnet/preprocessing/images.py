"""Any picture to an ink mask: how much ink there is at each pixel, 0 to 1.

Light on dark or dark on light is found out, not asked: the paper is what the picture's border
mostly shows, and the ink is what differs from it. Photos, whose paper has no single grey, are told
from other pictures and left to `paper`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Box
from digitnet.preprocessing.decode import read_grey
from digitnet.preprocessing.framing import FAINT, box_of
from digitnet.preprocessing.greys import Greys, as_floats
from digitnet.preprocessing.paper import ink_on_paper, is_photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitnet.preprocessing.decode import PictureSource

# Differences from the paper below this, of the full range of greys, are noise: a blank picture.
_FAINTEST_INK = 0.08

# Larger pictures are read at a smaller scale, about this large: digits need no more.
_READ_PIXELS = 1_500_000


def ink_mask(source: PictureSource) -> NDArray[np.float32]:
    """Read a picture's ink.

    Args:
        source: a path, a file's bytes, a binary file object, a PIL image of any mode, or an array
            (height, width), (height, width, 3) or (height, width, 4): uint16 goes from 0 to
            65535, other integers to 255, floats and bools to 1, and what is beyond is cut off.
            Of pictures that move, the first is read.

    Returns:
        float32 (height, width), 0 for paper to 1 for ink; all 0 for a picture without ink.

    Raises:
        PictureError: it is no picture, damaged, too large, or the array is of another kind.
    """
    greys = Greys(np.asarray(read_grey(source)))
    return greys.paint(_ink_of_shades(greys))


@dataclass(frozen=True)
class Ink:
    """A picture's ink.

    Attributes:
        mask: float32 (height, width), 0 for paper to 1 for ink, of the part that holds all ink.
        corner: left and top of that part, in the mask's pixels.
        shape: of the whole picture, (height, width) in the mask's pixels.
        size: of the source, (width, height) in pixels.
        scale: how many of the source's pixels one of the mask's has on a side.
        is_photo: whether the paper has light, noise or lines, which were taken away.
    """

    mask: NDArray[np.float32]
    corner: tuple[int, int]
    shape: tuple[int, int]
    size: tuple[int, int]
    scale: int
    is_photo: bool

    def in_source(self, box: Box) -> Box:
        """Give the source's pixels for a box in the whole picture's."""
        left, top, width, height = (side * self.scale for side in box)
        # The last pixels of the mask may stand for less than a whole one of the source.
        return left, top, min(width, self.size[0] - left), min(height, self.size[1] - top)


def read_ink(source: PictureSource) -> Ink:
    """Read the ink of any picture, photos of paper included; large ones at a smaller scale.

    Args:
        source: as `ink_mask` takes it.

    Raises:
        PictureError: as `ink_mask`.
    """
    image = read_grey(source)
    scale = max(1, round((image.width * image.height / _READ_PIXELS) ** 0.5))
    pixels = np.asarray(image.reduce(scale) if scale > 1 else image)
    height, width = pixels.shape
    greys = Greys(pixels)
    is_on_paper = is_photo(greys)
    mask, corner = (ink_on_paper(as_floats(pixels)), (0, 0)) if is_on_paper else _cut_out(greys)
    return Ink(mask, corner, (height, width), image.size, scale, is_photo=is_on_paper)


def _ink_of_shades(greys: Greys) -> NDArray[np.float32]:
    """Say of each of the shades how much ink it is, 0 for paper to 1; all 0 if there is no ink."""
    ink = greys.shades - greys.usual_border
    if np.dot(ink, greys.counts) <= 0:  # what is darker than paper is more than what is lighter
        np.negative(ink, out=ink)
    strongest = float(ink[greys.counts > 0].max())
    if strongest < _FAINTEST_INK:
        return np.zeros_like(ink)
    np.clip(ink, 0, strongest, out=ink)
    ink /= np.float32(strongest)
    return ink


def _cut_out(greys: Greys) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Give the part of a picture that holds its ink, float32 from 0 to 1, and its left and top.

    The less of a picture is looked at as floats, the better: most of it is paper.
    """
    ink = _ink_of_shades(greys)
    left, top, width, height = box_of(greys.where(ink > FAINT)) or (0, 0, 0, 0)
    return greys.paint(ink, np.s_[top : top + height, left : left + width]), (left, top)
