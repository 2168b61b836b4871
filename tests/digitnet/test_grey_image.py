"""Grey images of bytes, computed by level, against the same images of floats, by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from digitnet.preprocessing.framing import FAINT, ink_box
from digitnet.preprocessing.grey_image import GreyImage, to_float
from digitnet.preprocessing.images import ink_mask, read_ink
from digitnet.preprocessing.paper import SMALLEST_PHOTO, has_single_grey, is_photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLANK = np.full((3, 4), 200, np.uint8)


@st.composite
def pictures(draw: st.DrawFn) -> NDArray[np.uint8]:
    """Draw small images of few levels, most of them one."""
    shape = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    usual = draw(st.integers(0, 255))
    shade = st.one_of(st.just(usual), st.just(usual), st.integers(0, 255))
    size = shape[0] * shape[1]
    return np.array(draw(st.lists(shade, min_size=size, max_size=size)), np.uint8).reshape(shape)


def enlarged(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an image that is large enough to be a photo."""
    return np.kron(pixels, np.ones((SMALLEST_PHOTO, SMALLEST_PHOTO), np.uint8))


@given(pixels=pictures())
@example(pixels=BLANK)
def test_bytes_are_read_like_floats(pixels: NDArray[np.uint8]) -> None:
    """A level has the same ink as each of its pixels, and the area with ink is the same."""
    floats = to_float(pixels)
    mask = ink_mask(pixels)
    np.testing.assert_array_equal(mask, ink_mask(floats))
    both = [read_ink(source) for source in (pixels, floats)]
    np.testing.assert_array_equal(both[0].mask, both[1].mask)
    if not has_single_grey(GreyImage(pixels)):
        return  # small photos have ink of their own
    for ink in both:
        left, top, width, height = ink_box(mask) or (0, 0, 0, 0)
        assert ink.shape == pixels.shape
        assert ink.corner == (left, top)
        np.testing.assert_array_equal(ink.mask, mask[top : top + height, left : left + width])


@given(pixels=pictures())
def test_photos_are_detected_alike_from_bytes_and_floats(pixels: NDArray[np.uint8]) -> None:
    """Counting by level gives the same as counting pixels."""
    large = enlarged(pixels)
    assert is_photo(GreyImage(large)) is is_photo(GreyImage(to_float(large)))


@given(pixels=pictures())
def test_the_border_median(pixels: NDArray[np.uint8]) -> None:
    """Corners count twice, and two middle values are averaged."""
    values = to_float(pixels)
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    assert GreyImage(pixels).border_median == np.median(border)


@given(pixels=pictures(), low=st.integers(0, 255), high=st.integers(0, 255))
def test_pixels_are_selected_by_level(pixels: NDArray[np.uint8], low: int, high: int) -> None:
    """Any range of levels, even an empty one, selects the pixels within it."""
    shades = np.arange(256)
    found = GreyImage(pixels).select((shades >= low) & (shades <= high))
    np.testing.assert_array_equal(found, (pixels >= low) & (pixels <= high))


def test_faint_marks_are_cropped() -> None:
    """The result is as large as the ink, whatever smudges are around it."""
    pixels = np.full((50, 60), 255, np.uint8)
    pixels[5, 5] = pixels[45, 55] = 255 - int(255 * FAINT) + 1
    pixels[10:20, 30:34] = 0
    ink = read_ink(pixels)
    assert (ink.corner, ink.mask.shape) == ((30, 10), (10, 4))
    assert ink.in_source((30, 10, 4, 10)) == (30, 10, 4, 10)
