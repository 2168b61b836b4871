"""Framing pictures: the digit counts, not its colours, its resolution or the paper around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from digitbench.strategies import drawings
from digitnet import Drawing, Stroke
from digitnet.preprocessing.framing import BOX, SIDE, frame_mask, frame_strokes, ink_box
from digitnet.preprocessing.images import ink_mask
from digitnet.preprocessing.raster import render

if TYPE_CHECKING:
    from numpy.typing import NDArray

Picture: TypeAlias = "NDArray[np.uint8]"

PAPER = 90


def photograph(drawing: Drawing) -> Picture:
    """Give a picture, light on dark, of ink that was drawn in the middle of the paper."""
    paths = [stroke.xy + 15.0 for stroke in drawing.strokes]
    return np.rint(255 * render(paths, (PAPER, PAPER), radius=2.5)).astype(np.uint8)


def frame_as_mnist(drawing: Drawing) -> Picture:
    return frame_strokes([stroke.xy for stroke in drawing.strokes])


def is_shape(drawing: Drawing) -> bool:
    return drawing.bounds is not None and max(drawing.bounds[2:]) >= 20


pictures: SearchStrategy[Picture] = drawings(side=60).map(photograph)
mnist_like: SearchStrategy[Picture] = drawings().filter(is_shape).map(frame_as_mnist)


def inked(picture: Picture) -> Picture:
    """Cut a picture to its ink."""
    box = ink_box(picture / 255)
    assert box is not None
    left, top, width, height = box
    return picture[top : top + height, left : left + width]


def difference(picture: Picture, other: Picture) -> NDArray[np.int_]:
    """Give the differences of greys where the two fit best, at most one pixel off each other.

    Ink whose centre of mass is all but between two pixels may be moved to either.
    """
    offsets = [(row, column) for row in (0, -1, 1) for column in (0, -1, 1)]
    moved = [np.roll(other, offset, axis=(0, 1)) for offset in offsets]
    return min((np.abs(picture.astype(int) - again) for again in moved), key=np.sum)


@given(picture=pictures)
def test_light_on_dark_is_dark_on_light(picture: Picture) -> None:
    """A picture and its negative are the same digit, to one level of grey."""
    light, dark = frame_mask(ink_mask(picture)), frame_mask(ink_mask(255 - picture))
    assert difference(light, dark).max() <= 1


def test_symmetrical_ink_stands_in_the_same_place_in_its_negative() -> None:
    """Ink whose centre is exactly between two pixels goes to the same side, whatever its colours.

    The greys of picture and negative differ by one level here and there, and may not decide it.
    """
    picture = photograph(Drawing((Stroke([(0, 19)]), Stroke([(3, 1)]))))
    light, dark = frame_mask(ink_mask(picture)), frame_mask(ink_mask(255 - picture))
    assert np.abs(light.astype(int) - dark).max() <= 1


@given(picture=pictures, margin=st.tuples(*[st.integers(1, 300)] * 4))
def test_the_paper_around_is_not_seen(picture: Picture, margin: tuple[int, int, int, int]) -> None:
    """How much paper there is around the ink, and on which side, changes nothing at all."""
    top, bottom, left, right = margin
    framed = frame_mask(ink_mask(np.pad(inked(picture), ((top, bottom), (left, right)))))
    closest = frame_mask(ink_mask(np.pad(inked(picture), 1)))
    np.testing.assert_array_equal(framed, closest)


@given(picture=mnist_like, factor=st.integers(2, 10))
def test_an_enlarged_picture_is_nearly_the_same(picture: Picture, factor: int) -> None:
    """A picture whose pixels are blown up to blocks is framed as the picture itself is."""
    large = np.kron(picture, np.ones((factor, factor), np.uint8))
    framed, original = frame_mask(ink_mask(large)), frame_mask(ink_mask(picture))
    assert difference(framed, original).mean() < 4


@given(picture=mnist_like)
def test_a_framed_picture_is_not_blurred_by_framing_it_again(picture: Picture) -> None:
    """What has MNIST's size already is only moved: its ink stays the same, grey for grey."""
    np.testing.assert_array_equal(inked(frame_mask(ink_mask(picture))), inked(picture))


@given(picture=pictures)
def test_any_ink_fills_the_box(picture: Picture) -> None:
    """Ink of a picture becomes 20 pixels long, its darkest place black; one pixel for rounding."""
    framed = frame_mask(ink_mask(picture))
    assert framed.dtype == np.uint8
    assert framed.shape == (SIDE, SIDE)
    assert framed.max() == 255
    rows, columns = np.nonzero(framed)
    assert abs(max(np.ptp(rows), np.ptp(columns)) + 1 - BOX) <= 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 1000), (1000, 1), (28, 28), (3000, 2)])
def test_a_mask_that_is_all_ink_is_framed_with_its_aspect(shape: tuple[int, int]) -> None:
    """However thin the ink is, it is never scaled away."""
    framed = frame_mask(np.ones(shape, np.float32))
    expected = [max(1, round(side * BOX / max(shape))) for side in shape]
    assert inked(framed).shape == tuple(expected)


@pytest.mark.parametrize(("smallest", "side"), [(0, 20), (40, 20), (80, 10), (400, 2)])
def test_ink_below_the_smallest_size_stays_small(smallest: float, side: int) -> None:
    """A picture's ink that is smaller than is asked for fills its share of the box."""
    assert inked(frame_mask(np.ones((40, 40), np.float32), smallest=smallest)).shape == (side, side)


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (100, 7)])
def test_a_mask_without_ink_is_a_blank_picture(shape: tuple[int, int]) -> None:
    """No ink has no box, and gives a blank 28x28."""
    mask = np.zeros(shape, np.float32)
    assert ink_box(mask) is None
    assert frame_mask(mask).tolist() == [[0] * SIDE] * SIDE


def test_the_box_is_left_top_width_height() -> None:
    """The ink's box counts from the left upper corner, in whole pixels."""
    mask = np.zeros((50, 40))
    mask[10:30, 5:12] = 1
    assert ink_box(mask) == (5, 10, 7, 20)
