"""Grouping pieces of ink into lines."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet.ink import Box
from digitnet.preprocessing.text_lines import gap_between, stroke_lines, text_lines, typical_height

sides = st.integers(0, 100).map(float)
lengths = st.integers(1, 100).map(float)
boxes = st.lists(st.tuples(sides, sides, lengths, lengths), max_size=12)


def page(counts: list[int], slope: float = 0.0) -> list[Box]:
    """Return digits of 40x60 in lines that are 100 apart."""
    return [
        (60.0 * column, 100.0 * row + slope * 60 * column, 40.0, 60.0)
        for row, count in enumerate(counts)
        for column in range(count)
    ]


@given(drawn=boxes)
def test_every_piece_is_on_one_line(drawn: list[Box]) -> None:
    """No piece is lost or counted twice, and no line is empty."""
    lines = text_lines(drawn)
    assert sorted(piece for line in lines for piece in line) == list(range(len(drawn)))
    assert all(lines)


@pytest.mark.parametrize("slope", [-0.15, -0.05, 0.0, 0.05, 0.15])
@pytest.mark.parametrize("counts", [[8], [8, 8, 8], [1, 5, 8], [8, 1, 4], [3, 3]])
def test_lines_can_slant(counts: list[int], slope: float) -> None:
    """Lines are in order from the top, even if one ends lower than the next one begins."""
    ends = np.cumsum(counts)
    expected = [list(range(end - count, end)) for end, count in zip(ends, counts, strict=True)]
    assert text_lines(page(counts, slope)) == expected


@given(drawn=boxes, exponent=st.integers(-20, 20))
def test_the_unit_does_not_matter(drawn: list[Box], exponent: int) -> None:
    """In any unit, the lines are the same; powers of two avoid rounding."""
    unit = 2.0**exponent
    scaled = [(unit * left, unit * top, unit * w, unit * h) for left, top, w, h in drawn]
    assert text_lines(scaled) == text_lines(drawn)


@pytest.mark.parametrize("place", [(500.0, 0.0), (-500.0, 300.0), (0.0, -1000.0)])
def test_the_position_on_the_page_does_not_matter(place: tuple[float, float]) -> None:
    """Wherever lines begin, even at negative coordinates."""
    x, y = place
    moved = [(left + x, top + y, width, height) for left, top, width, height in page([5, 8], 0.1)]
    assert text_lines(moved) == text_lines(page([5, 8], 0.1)) == [[*range(5)], [*range(5, 13)]]


@pytest.mark.parametrize(("height", "lines"), [(30, [[0, 1, 2], [3]]), (29, [[0, 1, 2, 3]])])
def test_pieces_half_as_tall_can_start_a_line(height: float, lines: list[list[int]]) -> None:
    """Smaller pieces never do, however far they are from all digits."""
    assert text_lines([*page([3]), (0.0, 300.0, 40.0, height)]) == lines


@pytest.mark.parametrize(("top", "lines"), [(33, [[0, 1]]), (39, [[0], [1]])])
def test_neighbours_on_a_line_overlap_vertically(top: float, lines: list[list[int]]) -> None:
    """By 40% of the shorter one: 27 of 60 pixels are enough, 21 are not."""
    assert text_lines([(0.0, 0.0, 40.0, 60.0), (60.0, top, 40.0, 60.0)]) == lines
    assert text_lines([(0.0, 0.0, 40.0, 60.0), (60.0, top, 40.0, 100.0)]) == lines


@pytest.mark.parametrize(("gap", "lines"), [(11, [[0, 1]]), (12, [[0], [1]])])
def test_halves_of_a_digit_are_closer_than_lines(gap: float, lines: list[list[int]]) -> None:
    """Pieces above each other within three tenths of their height are one digit."""
    assert text_lines([(0.0, 0.0, 40.0, 40.0), (20.0, 40.0 + gap, 40.0, 40.0)]) == lines


def test_only_pieces_above_each_other_are_halves() -> None:
    """Digits that touch only at their corners are on two lines."""
    assert text_lines([(0.0, 0.0, 40.0, 40.0), (40.0, 45.0, 40.0, 40.0)]) == [[0], [1]]


@pytest.mark.parametrize(("broken", "count"), [(1, 2), (2, 1)])
def test_lines_are_joined_if_most_of_the_shorter_is_close(broken: int, count: int) -> None:
    """One of two pieces close below the upper line is chance; two of two are broken digits."""
    upper = [(60.0 * place, 0.0, 40.0, 40.0) for place in range(3)]
    tops = [45.0 if place < broken else 60.0 for place in range(2)]
    lower = [(60.0 * place, top, 40.0, 40.0) for place, top in enumerate(tops)]
    assert len(text_lines(upper + lower)) == count


def test_the_typical_height_is_the_median_without_small_pieces() -> None:
    """Half of the tallest is not small; dots and bars do not count, however many there are."""
    assert typical_height(np.array([100.0, 60.0, 50.0, 49.0, 5.0, 5.0, 5.0])) == 60


@pytest.mark.parametrize(
    ("other", "gap"),
    [
        ((13.0, 0.0, 5.0, 10.0), 3),
        ((-8.0, 0.0, 5.0, 10.0), 3),
        ((0.0, 14.0, 10.0, 5.0), 4),
        ((0.0, -9.0, 10.0, 5.0), 4),
        ((13.0, 14.0, 5.0, 5.0), 5),
        ((-8.0, -9.0, 5.0, 5.0), 5),
        ((10.0, 10.0, 5.0, 5.0), 0),
        ((2.0, 2.0, 5.0, 5.0), 0),
    ],
)
def test_the_gap_between_boxes_is_the_shortest_distance(other: Box, gap: float) -> None:
    """Horizontally, vertically, from corner to corner (3, 4, 5), and 0 where they touch."""
    boxes = np.array([(0.0, 0.0, 10.0, 10.0), other]).T
    assert gap_between(boxes, 0, np.array([1])) == [gap]
    assert gap_between(boxes, 1, np.array([0, 1])).tolist() == [gap, 0]


@pytest.mark.parametrize(
    ("apart", "lines"), [(200, [[7], [0, 1, 2, 3, 4, 5, 6]]), (280, [[0, 1, 2, 3, 4, 5, 6], [7]])]
)
def test_a_slope_is_measured_within_four_heights(apart: float, lines: list[list[int]]) -> None:
    """A digit above the right end of a descending line is on another line, if close enough."""
    falling = [(apart * place, 30.0 * place, 40.0, 60.0) for place in range(7)]
    assert text_lines([*falling, (6 * apart, 100.0, 40.0, 60.0)]) == lines


def test_a_slope_is_not_measured_from_line_to_line() -> None:
    """If digits are far apart, the next one to the right may be on the line below."""
    upper = [(220.0 * place, 0.0, 40.0, 60.0) for place in range(4)]
    lower = [(220.0 * place + 150, 62.0, 40.0, 60.0) for place in range(4)]
    assert text_lines(upper + lower) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_a_bar_or_dot_is_on_the_line_of_its_digit() -> None:
    """The bar of a five on the second line is nearer to it than to the first line."""
    drawn = [*page([3, 3]), (65.0, 92.0, 30.0, 3.0), (50.0, 55.0, 4.0, 4.0)]
    assert text_lines(drawn) == [[0, 1, 2, 7], [3, 4, 5, 6]]


def test_a_broken_digit_is_not_two_lines() -> None:
    """Halves close above each other are one digit."""
    assert text_lines([(0.0, 0.0, 40.0, 30.0), (0.0, 33.0, 40.0, 30.0)]) == [[0, 1]]


@pytest.mark.parametrize("slope", [-0.15, 0.0, 0.15])
@pytest.mark.parametrize("counts", [[8], [8, 8, 8], [5, 8], [8, 2, 4], [1, 1, 1], [3, 1]])
def test_strokes_on_several_lines(counts: list[int], slope: float) -> None:
    """Lines of strokes are found as those of images are."""
    ends = np.cumsum(counts)
    expected = [list(range(end - count, end)) for end, count in zip(ends, counts, strict=True)]
    assert stroke_lines(page(counts, slope)) == expected


@pytest.mark.parametrize(
    "strokes",
    [
        pytest.param([(0, 0, 60, 100)], id="one stroke"),
        pytest.param([(0, 30, 50, 70), (30, 0, 40, 3)], id="a five with a bar far above"),
        pytest.param([(0, 0, 60, 100), (10, 50, 40, 2)], id="a crossed seven"),
        pytest.param([(0, 0, 45, 45), (3, 62, 48, 42)], id="an eight of two circles"),
        pytest.param([(0, 0, 80, 6), (0, 40, 78, 9)], id="an equals sign"),
        pytest.param([(30, 0, 2, 2), (0, 30, 60, 4), (30, 60, 2, 3)], id="a division sign"),
        pytest.param([(0, 0, 2, 2), (0, 25, 6, 60)], id="an i"),
        pytest.param([(0, 0, 60, 100), (70, 95, 3, 3), (90, 0, 60, 100)], id="a decimal point"),
        pytest.param([(60 * i, 45 * i, 50, 60) for i in range(5)], id="a steeply slanting line"),
        pytest.param([(60 * i, -45 * i, 50, 60) for i in range(5)], id="a line that rises steeply"),
        pytest.param([(0, 0, 40, 60), (10, 80, 200, 5), (30, 95, 40, 2)], id="underlined"),
    ],
)
def test_strokes_above_each_other_can_be_on_one_line(strokes: list[Box]) -> None:
    """Parts of a digit, signs of several strokes, and what does not stand below other digits."""
    assert stroke_lines(strokes) == [list(range(len(strokes)))]


@given(drawn=boxes, order=st.randoms(use_true_random=False))
def test_the_order_of_drawing_does_not_matter(drawn: list[Box], order: random.Random) -> None:
    """The same strokes are on the same lines."""
    shuffled = drawn[:]
    order.shuffle(shuffled)
    lines = [sorted(drawn[i] for i in line) for line in stroke_lines(drawn)]
    assert [sorted(shuffled[i] for i in line) for line in stroke_lines(shuffled)] == lines
