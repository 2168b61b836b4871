"""Pieces of ink are told apart by line, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet.ink import Box
from digitnet.preprocessing.text_lines import text_lines

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


def test_a_bar_or_dot_stands_on_its_digits_line() -> None:
    """The bar over a five of the second line is nearer to it than to the first line."""
    drawn = [*page([3, 3]), (65.0, 92.0, 30.0, 3.0), (50.0, 55.0, 4.0, 4.0)]
    assert text_lines(drawn) == [[0, 1, 2, 7], [3, 4, 5, 6]]


def test_a_broken_digit_is_no_two_lines() -> None:
    """Halves close above each other are one digit."""
    assert text_lines([(0.0, 0.0, 40.0, 30.0), (0.0, 33.0, 40.0, 30.0)]) == [[0, 1]]
