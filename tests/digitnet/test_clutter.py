"""What in a photo is not a digit: each limit, on a page of rectangles, from both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from digitnet.ink import Box
from digitnet.preprocessing.clutter import remove_clutter
from digitnet.preprocessing.components import connected_components

DIGITS: list[Box] = [(100.0 + 60 * place, 100.0, 40.0, 100.0) for place in range(8)]


def kept_of(
    boxes: Sequence[Box], shape: tuple[int, int] = (600, 800), greys: Sequence[float] = ()
) -> list[Box]:
    """Return which of the boxes, each filled with ink, are kept."""
    mask = np.zeros(shape, np.float32)
    for index, box in enumerate(boxes):
        left, top, width, height = map(int, box)
        mask[top : top + height, left : left + width] = greys[index] if greys else 1
    kept = remove_clutter(connected_components(mask)).boxes
    assert set(kept) <= set(boxes)
    return [box for box in boxes if box in kept]


def is_kept(box: Box, others: Sequence[Box] = DIGITS, shape: tuple[int, int] = (600, 800)) -> bool:
    """Whether a box is kept, on a page where all others are."""
    kept = kept_of([*others, box], shape)
    assert kept[: len(others)] == list(others)
    return box in kept


def test_digits_next_to_each_other_are_all_kept() -> None:
    """Even a few or a single one; on blank paper, nothing is kept."""
    for count in (8, 2, 1):
        assert kept_of(DIGITS[:count]) == DIGITS[:count]
    blank = connected_components(np.zeros((50, 50), np.float32))
    assert remove_clutter(blank) is blank


@pytest.mark.parametrize(
    ("shape", "side", "expected"),
    [((600, 800), 7, False), ((600, 800), 8, True), ((1000, 800), 9, False),
     ((1000, 800), 10, True), ((800, 1000), 9, False), ((800, 1000), 10, True)],
)  # fmt: skip
def test_no_digit_is_smaller_than_a_hundredth_of_the_photo(
    shape: tuple[int, int], side: float, *, expected: bool
) -> None:
    """At least 0.012 of its shorter side (9.6 of 800 pixels) and 8 pixels, in either direction."""
    digits = [(100.0 + 40 * place, 100.0, 20.0, 40.0) for place in range(4)]
    assert is_kept((122.0, 120.0, side, 4.0), digits, shape) == expected
    assert is_kept((124.0, 120.0, 4.0, side), digits, shape) == expected


@pytest.mark.parametrize(("grey", "expected"), [(0.54, False), (0.55, True)])
def test_a_digit_is_somewhere_as_dark_as_most_ink(grey: float, *, expected: bool) -> None:
    """A shadow is faint everywhere, a digit only at its edges."""
    kept = kept_of(DIGITS[:3], greys=[1, grey, 1])
    assert (DIGITS[1] in kept) == expected
    mask = np.zeros((600, 800), np.float32)
    mask[100:200, 100:140] = 0.3
    mask[150, 120] = grey
    assert bool(remove_clutter(connected_components(mask)).boxes) == expected


def test_faint_spots_alone_are_not_digits() -> None:
    """If nothing is as dark as ink, nothing is kept."""
    assert kept_of(DIGITS[:2], greys=[0.3, 0.5]) == []


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((1, 300, 40, 100), False),
        ((2, 300, 40, 100), True),
        ((759, 300, 40, 100), False),
        ((758, 300, 40, 100), True),
        ((100, 1, 40, 90), False),
        ((100, 2, 40, 90), True),
        ((100, 499, 40, 100), False),
        ((100, 498, 40, 100), True),
    ],
)
def test_whatever_touches_the_border_is_removed(box: Box, *, expected: bool) -> None:
    """If there are whole digits, anything within two pixels of the border is not a digit."""
    assert is_kept(box) == expected


@pytest.mark.parametrize(("side", "digit_is_kept"), [(30, True), (31, False)])
@pytest.mark.parametrize("shape", [(600, 800), (800, 600)])
def test_a_digit_can_fill_its_image(
    side: float, shape: tuple[int, int], *, digit_is_kept: bool
) -> None:
    """Cut ink is kept unless something larger than 1/20 of the shorter side is not cut."""
    digit, spot = (0.0, 100.0, 80.0, 200.0), (85.0, 150.0, side, side)
    assert kept_of([digit], shape) == [digit]
    assert (digit in kept_of([digit, spot], shape)) == digit_is_kept


@pytest.mark.parametrize(("height", "expected"), [(260, True), (261, False)])
def test_digits_are_not_too_tall(height: float, *, expected: bool) -> None:
    """The typical digit here is 100 pixels tall, and none is 2.6 times as tall."""
    assert is_kept((100.0, 230.0, 40.0, height)) == expected


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(260, 50, True), (261, 50, False), (300, 100, True), (301, 100, False)],
)
def test_digits_are_not_too_wide(width: float, height: float, *, expected: bool) -> None:
    """Nothing is wider than 2.6 times the typical height, unless it is a third as tall as wide."""
    assert is_kept((100.0, 230.0, width, height)) == expected


@pytest.mark.parametrize(("height", "expected"), [(11, False), (12, True)])
def test_a_speck_is_not_a_piece_of_a_digit(height: float, *, expected: bool) -> None:
    """Next to digits of 100 pixels, pieces are at least 12 pixels long."""
    assert is_kept((145.0, 150.0, 8.0, height)) == expected
    assert is_kept((144.0, 150.0, height, 8.0)) == expected


@pytest.mark.parametrize(
    ("height", "gap", "expected"),
    [(49, 35, True), (49, 36, False), (50, 36, True), (50, 300, True)],
)
def test_small_pieces_belong_to_a_digit_close_by(
    height: float, gap: float, *, expected: bool
) -> None:
    """Anything less than half as tall as a digit is kept only within 35 pixels of one."""
    assert is_kept((100.0, 200.0 + gap, 20.0, height)) == expected


@pytest.mark.parametrize(("specks", "expected"), [(4, True), (16, False)])
def test_the_typical_height_is_that_of_most_ink(specks: int, *, expected: bool) -> None:
    """Four dashes of 30 pixels are less ink than two digits of 100, and sixteen are more.

    With the sixteen, whose height is then typical, digits are too tall.
    """
    dashes = [(100.0 + 30 * place, 400.0, 20.0, 30.0) for place in range(specks)]
    kept = kept_of([*DIGITS[:2], *dashes])
    assert kept == (DIGITS[:2] if expected else dashes)


def test_a_photo_of_other_things_has_no_digits() -> None:
    """Where most of what is dark is too large for a digit, the rest is none either."""
    large = [(100.0, 20.0, 300.0, 40.0), (100.0, 300.0, 400.0, 60.0)]
    specks = [(100.0 + 60 * place, 200.0, 10.0, 25.0) for place in range(5)]
    assert kept_of([*large, *specks]) == []


def test_a_digit_that_touches_the_border_is_kept_next_to_specks() -> None:
    """It is much larger than they are, and only its end is along the border."""
    specks = [(100.0, 200.0, 40.0, 40.0), (600.0, 420.0, 20.0, 20.0)]
    digit = (300.0, 0.0, 60.0, 200.0)
    edge = (0.0, 0.0, 20.0, 400.0)
    assert digit in kept_of([digit, *specks])
    assert edge not in kept_of([edge, *specks])
