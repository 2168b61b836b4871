"""Any image to an ink mask: how much ink there is at each pixel, 0 to 1.

Whether the image is dark on light or light on dark is detected: the paper is what most of the
border shows, and the ink is what differs from it. Photos, whose paper does not have a single grey
level, are recognized as such and left to `paper`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.components import connected_runs
from digitnet.preprocessing.decode import read_grey
from digitnet.preprocessing.forms.borders import inside_frame, inside_lines
from digitnet.preprocessing.forms.form import shows_boxes
from digitnet.preprocessing.framing import FAINT, box_of
from digitnet.preprocessing.grey_image import GreyImage, to_float
from digitnet.preprocessing.ink_mask import InkMask
from digitnet.preprocessing.paper import (
    SMALLEST_PHOTO,
    has_single_grey,
    ink_on_paper,
    ink_with_lines,
    is_photo,
)
from digitnet.preprocessing.small_photo import ink_on_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from digitnet.preprocessing.decode import ImageSource

# If no pixel differs from the paper by this share of the full range, the image is blank.
_MIN_CONTRAST = 0.03

# Larger images are scaled down to about this many pixels, which is enough for most digits.
_MAX_PIXELS = 1_500_000

# If most ink is then smaller than this many pixels, but larger than the second number, up to so
# many pixels are read.
_SMALL, _DUST = 28, 5
_MAX_FINE_PIXELS = 6_000_000


def ink_mask(source: ImageSource) -> NDArray[np.float32]:
    """Read an image's ink.

    Args:
        source: a path, a data: URI, a file's bytes, a binary file object, a PIL image of any mode,
            or an array or tensor, shaped as for `digitnet.arrays.as_image_shape`, with any usual
            range of values (`digitnet.preprocessing.value_range`). Only the first frame of an
            animation is read.

    Returns:
        float32 (height, width), 0 for paper to 1 for ink; all 0 for an image without ink.

    Raises:
        PictureError: it is not an image, is damaged or too large, or the array is not one of these.
    """
    grey = GreyImage(np.asarray(read_grey(source)))
    return grey.map_levels(_ink_of_levels(grey))


def read_ink(source: ImageSource, *, keep_lines: bool = False) -> InkMask:
    """Read the ink of any image, including photos of paper; large ones are scaled down.

    Args:
        source: as for `ink_mask`.
        keep_lines: keep the lines of forms and of ruled paper.

    Raises:
        PictureError: as for `ink_mask`.
    """
    image = read_grey(source)
    scale = max(1, round((image.width * image.height / _MAX_PIXELS) ** 0.5))
    ink = _read_scaled(image, scale, keep_lines=keep_lines)
    if scale > 1 and (height := _typical_height(ink.mask)) < _SMALL:
        finest = math.ceil((image.width * image.height / _MAX_FINE_PIXELS) ** 0.5)
        finer = max(finest, int(scale * height / _SMALL), 1)
        if finer < scale:
            return _read_scaled(image, finer, keep_lines=keep_lines)
    return ink


def _read_scaled(image: Image.Image, scale: int, *, keep_lines: bool) -> InkMask:
    """Read the ink of an image that is scaled down by a whole number."""
    pixels = np.asarray(image.reduce(scale) if scale > 1 else image)
    grey = _within(GreyImage(pixels), inside_frame)
    if not is_photo(grey):
        mask, corner = _small_or_plain(grey)
        return InkMask(mask, corner, pixels.shape, image.size, scale, is_photo=False)
    inner = _within(grey, inside_lines)
    # Lines along the edges may be those of a table.
    is_cut = keep_lines or inner is not grey
    form = ink_with_lines(to_float(grey.pixels), faint=keep_lines) if is_cut else None
    if form is not None and (keep_lines or shows_boxes(form)):
        mask = form
    else:
        mask = ink_on_paper(to_float(inner.pixels), shows_boxes)
    return InkMask(mask, (0, 0), pixels.shape, image.size, scale, is_photo=True)


def _typical_height(mask: NDArray[np.float32]) -> float:
    """Return the median height of what is larger than dust, in pixels; infinite if nothing is."""
    heights = connected_runs(mask > FAINT).boxes()[:, 3]
    heights = heights[heights >= _DUST]
    return float(np.median(heights)) if len(heights) else math.inf


def _within(grey: GreyImage, find: Callable[[GreyImage], tuple[slice, slice]]) -> GreyImage:
    """Replace what is outside of the frame that a function finds by the pixels next to it."""
    rows, columns = find(grey)
    height, width = grey.pixels.shape
    margins = (rows.start, height - rows.stop), (columns.start, width - columns.stop)
    if not any(map(any, margins)):
        return grey
    return GreyImage(np.pad(grey.pixels[rows, columns], margins, mode="edge"))


def _ink_of_levels(grey: GreyImage) -> NDArray[np.float32]:
    """Return how much ink each level is, 0 for paper to 1; all 0 if there is no ink."""
    ink = grey.levels - grey.border_median
    if np.dot(ink, grey.histogram) <= 0:  # more is darker than the paper than is lighter
        np.negative(ink, out=ink)
    strongest = float(ink[grey.histogram > 0].max())
    if strongest < _MIN_CONTRAST:
        return np.zeros_like(ink)
    np.clip(ink, 0, strongest, out=ink)
    ink /= np.float32(strongest)
    return ink


def _small_or_plain(grey: GreyImage) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Return what `_crop` does; on small paper, in spite of uneven light and noise."""
    if min(grey.pixels.shape) < SMALLEST_PHOTO and not has_single_grey(grey):
        mask = ink_on_plane(to_float(grey.pixels))
        left, top, width, height = box_of(mask > FAINT) or (0, 0, 0, 0)
        return mask[top : top + height, left : left + width], (left, top)
    return _crop(grey)


def _crop(grey: GreyImage) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Return the area that holds the ink, float32 from 0 to 1, and its left and top.

    Only that area is converted to floats, as most of an image is paper.
    """
    ink = _ink_of_levels(grey)
    left, top, width, height = box_of(grey.select(ink > FAINT)) or (0, 0, 0, 0)
    return grey.map_levels(ink, np.s_[top : top + height, left : left + width]), (left, top)
