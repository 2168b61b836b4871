"""Curves through the points of a stroke."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digitdraw.ink.curve import settled, smooth, split_smooth, thinned


def test_corners_stay_corners() -> None:
    """A sharp turn is meant, so the curve goes exactly to its point."""
    curve = np.array(smooth([0j, 50 + 0j, 100 + 0j, 100 + 50j, 100 + 100j]))
    assert np.abs(curve.imag * (100 - curve.real)).max() < 1e-9
    assert (curve == 100).any()


@given(
    points=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=12),
    data=st.data(),
)
def test_pieces_of_a_curve_are_the_whole_curve(
    points: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Started from any point, with those before it, the curve is the same to the bit."""
    path = [complex(x, y) for x, y in points]
    whole = smooth(path)
    cut = data.draw(st.integers(0, len(path) - 1))
    _, index = split_smooth(path, 0, cut)
    before = max(cut - 2, 0)
    assert smooth(path[before:], cut - before) == whole[index:]


@given(
    steps=st.lists(st.tuples(st.integers(-12, 12), st.integers(-12, 12)), min_size=1, max_size=12),
    data=st.data(),
)
def test_more_points_do_not_change_a_settled_curve(
    steps: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Up to the settled point, the curve stays the same to the bit."""
    path = list(accumulate(complex(x, y) for x, y in steps))
    known = path[: data.draw(st.integers(1, len(path)))]
    end = settled(known)
    assert end >= len(known) - 3
    (curve, here), (longer, there) = (split_smooth(points, 0, end) for points in (known, path))
    assert curve[: here + 1] == longer[: there + 1]


def test_a_slow_mouse_draws_no_staircase() -> None:
    """Whole pixels along a slanted line give a line that is straight to a third of a pixel."""
    curve = np.array(smooth(thinned([complex(x, round(x * 0.31)) for x in range(201)])))
    assert np.abs(curve.imag - curve.real * 0.31).max() < 0.5
    inner = curve[10:-10]
    assert np.abs(inner.imag - inner.real * 0.31).max() < 0.36
