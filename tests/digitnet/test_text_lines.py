"""Pieces of ink are told apart by line, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet.ink import Box
from digitnet.preprocessing.text_lines import gap_between, text_lines, typical_height

sides = st.integers(0, 100).map(float)
lengths = st.integers(1, 100).map(float)
boxes = st.lists(st.tuples(sides, sides, lengths, lengths), max_size=12)


def page(counts: list[int], slope: float = 0.0) -> list[Box]:
    """Give digits of 40x60 in lines that are 100 apart."""
    return [
        (60.0 * column, 100.0 * row + slope * 60 * column, 40.0, 60.0)
        for row, count in enumerate(counts)
        for column in range(count)
    ]


@given(drawn=boxes)
def test_every_piece_stands_on_one_line(drawn: list[Box]) -> None:
    """Nothing is lost or counted twice, and no line is empty."""
    lines = text_lines(drawn)
    assert sorted(piece for line in lines for piece in line) == list(range(len(drawn)))
    assert all(lines)


@pytest.mark.parametrize("slope", [-0.15, -0.05, 0.0, 0.05, 0.15])
@pytest.mark.parametrize("counts", [[8], [8, 8, 8], [1, 5, 8], [8, 1, 4], [3, 3]])
def test_lines_may_slant(counts: list[int], slope: float) -> None:
    """Lines are told apart from the top, also where one ends lower than the next one begins."""
    ends = np.cumsum(counts)
    expected = [list(range(end - count, end)) for end, count in zip(ends, counts, strict=True)]
    assert text_lines(page(counts, slope)) == expected


@given(drawn=boxes, exponent=st.integers(-20, 20))
def test_the_unit_is_not_seen(drawn: list[Box], exponent: int) -> None:
    """In any unit, pieces stand on the same lines; in powers of two, as these round nothing."""
    unit = 2.0**exponent
    scaled = [(unit * left, unit * top, unit * w, unit * h) for left, top, w, h in drawn]
    assert text_lines(scaled) == text_lines(drawn)


@pytest.mark.parametrize("place", [(500.0, 0.0), (-500.0, 300.0), (0.0, -1000.0)])
def test_the_place_on_the_page_is_not_seen(place: tuple[float, float]) -> None:
    """Wherever on it lines begin, also beside 0."""
    x, y = place
    moved = [(left + x, top + y, width, height) for left, top, width, height in page([5, 8], 0.1)]
    assert text_lines(moved) == text_lines(page([5, 8], 0.1)) == [[*range(5)], [*range(5, 13)]]


@pytest.mark.parametrize(("height", "lines"), [(30, [[0, 1, 2], [3]]), (29, [[0, 1, 2, 3]])])
def test_what_is_half_as_tall_begins_a_line(height: float, lines: list[list[int]]) -> None:
    """And what is smaller never does, however far it is from all digits."""
    assert text_lines([*page([3]), (0.0, 300.0, 40.0, height)]) == lines


@pytest.mark.parametrize(("top", "lines"), [(33, [[0, 1]]), (39, [[0], [1]])])
def test_neighbours_on_a_line_overlap_in_height(top: float, lines: list[list[int]]) -> None:
    """By 40 % of the lower one: 27 of 60 pixels do, 21 do not."""
    assert text_lines([(0.0, 0.0, 40.0, 60.0), (60.0, top, 40.0, 60.0)]) == lines
    assert text_lines([(0.0, 0.0, 40.0, 60.0), (60.0, top, 40.0, 100.0)]) == lines


@pytest.mark.parametrize(("gap", "lines"), [(11, [[0, 1]]), (12, [[0], [1]])])
def test_halves_of_a_digit_are_closer_than_lines(gap: float, lines: list[list[int]]) -> None:
    """Within three tenths of their height, above each other, are two pieces of one digit."""
    assert text_lines([(0.0, 0.0, 40.0, 40.0), (20.0, 40.0 + gap, 40.0, 40.0)]) == lines


def test_only_what_is_above_is_a_half() -> None:
    """Digits that touch with their corners alone are on two lines."""
    assert text_lines([(0.0, 0.0, 40.0, 40.0), (40.0, 45.0, 40.0, 40.0)]) == [[0], [1]]


@pytest.mark.parametrize(("broken", "count"), [(1, 2), (2, 1)])
def test_lines_are_one_where_most_of_the_shorter_is_close(broken: int, count: int) -> None:
    """One of two halves close below the upper line is chance, two of two are broken digits."""
    upper = [(60.0 * place, 0.0, 40.0, 40.0) for place in range(3)]
    tops = [45.0 if place < broken else 60.0 for place in range(2)]
    lower = [(60.0 * place, top, 40.0, 40.0) for place, top in enumerate(tops)]
    assert len(text_lines(upper + lower)) == count


def test_the_usual_height_is_the_median_of_what_is_not_small() -> None:
    """Half of the tallest is not small; dots and bars do not count, however many they are."""
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
def test_the_gap_between_boxes_is_the_shortest_way(other: Box, gap: float) -> None:
    """Sideways, upright, from corner to corner (3, 4, 5), and none where they touch."""
    boxes = np.array([(0.0, 0.0, 10.0, 10.0), other]).T
    assert gap_between(boxes, 0, np.array([1])) == [gap]
    assert gap_between(boxes, 1, np.array([0, 1])).tolist() == [gap, 0]


@pytest.mark.parametrize(
    ("apart", "lines"), [(200, [[7], [0, 1, 2, 3, 4, 5, 6]]), (280, [[0, 1, 2, 3, 4, 5, 6], [7]])]
)
def test_a_slope_is_measured_within_four_heights(apart: float, lines: list[list[int]]) -> None:
    """Above the right end of a falling line stands another one, if they are lines at all."""
    falling = [(apart * place, 30.0 * place, 40.0, 60.0) for place in range(7)]
    assert text_lines([*falling, (6 * apart, 100.0, 40.0, 60.0)]) == lines


def test_a_slope_is_not_measured_from_line_to_line() -> None:
    """Where digits stand wide apart, the next one to the right may be of the line below."""
    upper = [(220.0 * place, 0.0, 40.0, 60.0) for place in range(4)]
    lower = [(220.0 * place + 150, 62.0, 40.0, 60.0) for place in range(4)]
    assert text_lines(upper + lower) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_a_bar_or_dot_stands_on_its_digits_line() -> None:
    """The bar over a five of the second line is nearer to it than to the first line."""
    drawn = [*page([3, 3]), (65.0, 92.0, 30.0, 3.0), (50.0, 55.0, 4.0, 4.0)]
    assert text_lines(drawn) == [[0, 1, 2, 7], [3, 4, 5, 6]]


def test_a_broken_digit_is_no_two_lines() -> None:
    """Halves close above each other are one digit."""
    assert text_lines([(0.0, 0.0, 40.0, 30.0), (0.0, 33.0, 40.0, 30.0)]) == [[0, 1]]
