"""Framing images: colours, resolution and the paper around the digit do not matter."""

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
    """Return an image, light on dark, of ink drawn in the middle of the paper."""
    paths = [stroke.xy + 15.0 for stroke in drawing.strokes]
    return np.rint(255 * render(paths, (PAPER, PAPER), radius=2.5)).astype(np.uint8)


def frame_as_mnist(drawing: Drawing) -> Picture:
    return frame_strokes([stroke.xy for stroke in drawing.strokes])


def is_shape(drawing: Drawing) -> bool:
    return drawing.bounds is not None and max(drawing.bounds[2:]) >= 20


pictures: SearchStrategy[Picture] = drawings(side=60).map(photograph)
mnist_like: SearchStrategy[Picture] = drawings().filter(is_shape).map(frame_as_mnist)


def inked(picture: Picture) -> Picture:
    """Crop an image to its ink."""
    box = ink_box(picture / 255)
    assert box is not None
    left, top, width, height = box
    return picture[top : top + height, left : left + width]


def difference(picture: Picture, other: Picture) -> NDArray[np.int_]:
    """Return the differences in grey level at the best offset, of at most one pixel.

    Ink centred almost exactly between two pixels may be moved to either.
    """
    offsets = [(row, column) for row in (0, -1, 1) for column in (0, -1, 1)]
    moved = [np.roll(other, offset, axis=(0, 1)) for offset in offsets]
    return min((np.abs(picture.astype(int) - again) for again in moved), key=np.sum)


@given(picture=pictures)
def test_light_on_dark_is_dark_on_light(picture: Picture) -> None:
    """An image and its negative give the same digit, to one grey level."""
    light, dark = frame_mask(ink_mask(picture)), frame_mask(ink_mask(255 - picture))
    assert difference(light, dark).max() <= 1


def test_symmetrical_ink_is_in_the_same_place_in_its_negative() -> None:
    """Ink centred exactly between two pixels goes to the same side, whatever its colours.

    Grey levels of an image and its negative can differ by one, which must not decide it.
    """
    picture = photograph(Drawing((Stroke([(0, 19)]), Stroke([(3, 1)]))))
    light, dark = frame_mask(ink_mask(picture)), frame_mask(ink_mask(255 - picture))
    assert np.abs(light.astype(int) - dark).max() <= 1


@given(picture=pictures, margin=st.tuples(*[st.integers(1, 300)] * 4))
def test_the_paper_around_does_not_matter(
    picture: Picture, margin: tuple[int, int, int, int]
) -> None:
    """Any margin on any side gives exactly the same image."""
    top, bottom, left, right = margin
    framed = frame_mask(ink_mask(np.pad(inked(picture), ((top, bottom), (left, right)))))
    closest = frame_mask(ink_mask(np.pad(inked(picture), 1)))
    np.testing.assert_array_equal(framed, closest)


@given(picture=mnist_like, factor=st.integers(2, 10))
def test_an_enlarged_image_is_nearly_the_same(picture: Picture, factor: int) -> None:
    """An image whose pixels are enlarged to blocks is framed like the original."""
    large = np.kron(picture, np.ones((factor, factor), np.uint8))
    framed, original = frame_mask(ink_mask(large)), frame_mask(ink_mask(picture))
    assert difference(framed, original).mean() < 8


@given(picture=mnist_like)
def test_a_framed_image_is_not_blurred_by_framing_it_again(picture: Picture) -> None:
    """An image of MNIST's size is only moved: its grey levels stay the same."""
    np.testing.assert_array_equal(inked(frame_mask(ink_mask(picture))), inked(picture))


@given(picture=pictures)
def test_any_ink_fills_the_box(picture: Picture) -> None:
    """An image's ink becomes 20 pixels long, give or take one for rounding, and reaches black."""
    framed = frame_mask(ink_mask(picture))
    assert framed.dtype == np.uint8
    assert framed.shape == (SIDE, SIDE)
    assert framed.max() == 255
    rows, columns = np.nonzero(framed)
    assert abs(max(np.ptp(rows), np.ptp(columns)) + 1 - BOX) <= 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 1000), (1000, 1), (28, 28), (3000, 2)])
def test_a_mask_that_is_all_ink_is_framed_with_its_aspect(shape: tuple[int, int]) -> None:
    """Thin ink never vanishes by scaling; in large images, it is two pixels wide."""
    framed = frame_mask(np.ones(shape, np.float32))
    thinnest = 2 if max(shape) > 2 * BOX else 1
    expected = [max(thinnest, round(side * BOX / max(shape))) for side in shape]
    assert inked(framed).shape == tuple(expected)


@pytest.mark.parametrize(("smallest", "side"), [(0, 20), (40, 20), (80, 10), (400, 3)])
def test_ink_below_the_smallest_size_stays_small(smallest: float, side: int) -> None:
    """Ink below the minimum size fills its share of the box."""
    assert inked(frame_mask(np.ones((40, 40), np.float32), smallest=smallest)).shape == (side, side)


SEVEN = np.array([(0, 0), (0.6, 0), (0.25, 1)])


def drawn_seven(size: int, radius: float) -> NDArray[np.float32]:
    """Return the mask of a seven that is `size` pixels high."""
    shape = (size + 40, size * 6 // 10 + 40)
    return render([size * SEVEN + 20], shape, radius=radius).astype(np.float32)


@pytest.mark.parametrize("size", [100, 170, 300, 1000])
@pytest.mark.parametrize("share", [0.004, 0.01, 0.02, 0.03, 0.06])
def test_thin_lines_are_widened(size: int, share: float) -> None:
    """However fine the pen, lines become almost as wide as those of strokes.

    The amount of ink is within a quarter of that of the same seven as strokes of a slightly thinner
    pen, and pixels, 255 for ink, differ by 9 on average at most. Without widening, the finest pen
    gives a quarter of the ink, and pixels differ by 18.
    """
    mask = drawn_seven(size, share * size)
    widened, drawn = frame_mask(mask), frame_strokes([SEVEN], radius=1.0)
    assert int(widened.sum()) == pytest.approx(int(drawn.sum()), rel=0.25)
    assert difference(widened, drawn).mean() <= 9
    assert widened.max() == 255
    rows, columns = np.nonzero(widened)
    assert abs(max(np.ptp(rows), np.ptp(columns)) + 1 - BOX) <= 1


@pytest.mark.parametrize(("size", "radius"), [(60, 6), (100, 9), (110, 20)])
def test_wide_lines_are_not_widened(size: int, radius: float) -> None:
    """Nothing changes if the pen was as thick as MNIST's."""
    mask = drawn_seven(size, radius)
    area = float(frame_mask(mask).sum()) / 255
    assert area == pytest.approx(float(mask.sum()) * (BOX / (size + 2 * radius)) ** 2, rel=0.05)


def test_a_small_mark_is_widened_like_the_digit_next_to_it() -> None:
    """Line width is relative to the minimum size of ink that fills the box."""
    mask = drawn_seven(100, 1)
    widened = frame_mask(mask, smallest=200)
    drawn = frame_strokes([100 * SEVEN], smallest=200, radius=1.0)
    assert int(widened.sum()) == pytest.approx(int(drawn.sum()), rel=0.25)
    assert np.abs(np.array(inked(widened).shape) - inked(drawn).shape).max() <= 1


@pytest.mark.parametrize("side", [19, 20, 21])
def test_ink_of_about_the_boxs_size_is_not_scaled(side: int) -> None:
    """One pixel more or less is not worth the blur: grey levels are unchanged."""
    greys = 40 + np.arange(side * side).reshape(side, side) % 200
    framed = frame_mask(greys.astype(np.float32) / 255)
    np.testing.assert_array_equal(inked(framed), greys)


@pytest.mark.parametrize("side", [18, 22])
def test_ink_of_another_size_fills_the_box(side: int) -> None:
    """Ink two pixels larger or smaller is scaled to the box's 20."""
    assert inked(frame_mask(np.ones((side, side)))).shape == (BOX, BOX)


def test_scaling_down_averages_pixels() -> None:
    """At half the size, a chequerboard is one grey level, which is then scaled to black."""
    chequered = np.indices((40, 40)).sum(axis=0) % 2
    assert inked(frame_mask(np.pad(chequered.astype(np.float32), 5))).tolist() == [[255] * 20] * 20


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (100, 7)])
def test_a_mask_without_ink_gives_a_blank_image(shape: tuple[int, int]) -> None:
    """Without ink there is no box, and the 28x28 is blank."""
    mask = np.zeros(shape, np.float32)
    assert ink_box(mask) is None
    assert frame_mask(mask).tolist() == [[0] * SIDE] * SIDE


def test_the_box_is_left_top_width_height() -> None:
    """The ink's box is relative to the top left corner, in whole pixels."""
    mask = np.zeros((50, 40))
    mask[10:30, 5:12] = 1
    assert ink_box(mask) == (5, 10, 7, 20)
