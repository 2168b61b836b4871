"""Window filters, compared with the slowest implementation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet.preprocessing.filters import closing, maximum_filter, minimum_filter, smooth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grey = NDArray[np.float32]


@st.composite
def pictures(draw: st.DrawFn) -> Grey:
    shape = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    greys = st.integers(0, 8).map(lambda eighths: eighths / 8)
    drawn = draw(st.lists(greys, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    return np.array(drawn, np.float32).reshape(shape)


def window_by_window(values: Grey, radius: int, take: Callable[[Grey], np.float32]) -> Grey:
    result = np.empty_like(values)
    for row, column in np.ndindex(values.shape):
        rows = slice(max(row - radius, 0), row + radius + 1)
        result[row, column] = take(values[rows, max(column - radius, 0) : column + radius + 1])
    return result


@given(values=pictures(), radius=st.integers(0, 12))
def test_maximum_and_minimum_are_those_of_each_window(values: Grey, radius: int) -> None:
    """Windows of any size, even larger than the image, are cut off at its edge."""
    for actual, take in (
        (maximum_filter(values, radius), np.max),
        (minimum_filter(values, radius), np.min),
    ):
        np.testing.assert_array_equal(actual, window_by_window(values, radius, take))
        assert actual.dtype == np.float32


@given(values=pictures(), radius=st.integers(0, 5))
def test_closing_never_darkens_and_is_idempotent(values: Grey, radius: int) -> None:
    """The defining properties of a closing."""
    filled = closing(values, radius)
    assert (filled >= values).all()
    np.testing.assert_array_equal(closing(filled, radius), filled)


@pytest.mark.parametrize(("width", "is_filled"), [(1, True), (4, True), (5, False), (9, False)])
def test_lines_narrower_than_the_window_are_filled(width: int, *, is_filled: bool) -> None:
    """A window of radius 2 has 5 pixels; the edges of wider lines stay in place."""
    paper = np.ones((20, 30), np.float32)
    line = paper.copy()
    line[:, 10 : 10 + width] = 0.25
    np.testing.assert_array_equal(closing(line, 2), paper if is_filled else line)


def test_a_point_is_smoothed_with_1_2_1() -> None:
    """Weights are 1, 2, 1 over 4 horizontally and vertically: 16 in all."""
    values = np.zeros((5, 5), np.float32)
    values[2, 2] = 16
    expected = [[0, 0, 0, 0, 0], [0, 1, 2, 1, 0], [0, 2, 4, 2, 0], [0, 1, 2, 1, 0], [0, 0, 0, 0, 0]]
    assert smooth(values).tolist() == expected
    assert smooth(values).dtype == np.float32


@given(values=pictures())
def test_smoothing_repeats_the_edges(values: Grey) -> None:
    """A uniform image stays uniform up to the edge, and no pixel leaves the range of the others."""
    assert (smooth(np.full_like(values, 0.375)) == 0.375).all()
    assert values.min() <= smooth(values).min() <= smooth(values).max() <= values.max()
