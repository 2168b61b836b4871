"""The path of the pen: the same however the strokes are ordered, directed, placed and scaled."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.strategies import drawings
from digitnet.preprocessing.pen_path import CHANNELS, POINTS, pen_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

Paths: TypeAlias = "list[NDArray[np.float64]]"

inks = drawings().map(lambda drawing: [stroke.xy for stroke in drawing.strokes])
inks = inks.filter(lambda paths: np.ptp(np.concatenate(paths), axis=0).max() > 5)

STEM = np.array([[3.0, 0.0], [3.0, 10.0]])
CORNER = np.array([[1.0, 0.0], [0.0, 6.0], [5.0, 6.0]])


def assert_same(path: NDArray[np.float32], other: NDArray[np.float32]) -> None:
    """Compare positions and lifts; directions of steps of no length are rounding errors."""
    np.testing.assert_allclose(path[:2], other[:2], atol=1e-3)
    np.testing.assert_array_equal(path[4:], other[4:])


@given(inks)
def test_it_is_finite_and_in_the_frame(paths: Paths) -> None:
    """Positions are within the ink's box; directions have length 1 or 0; every stroke shows."""
    path = pen_path(paths)
    assert path.shape == (CHANNELS, POINTS)
    assert path.dtype == np.float32
    assert np.abs(path[:2]).max() <= 1 + 1e-5
    lengths = np.hypot(*path[2:4])
    assert ((np.abs(lengths - 1) < 1e-3) | (lengths < 1e-3)).all()
    assert path[4].sum() == path[5].sum() == len(paths)


@given(inks, st.floats(0.01, 100), st.floats(-1000, 1000))
def test_place_and_size_make_no_difference(paths: Paths, factor: float, shift: float) -> None:
    """Moved and scaled ink has the same path."""
    moved = [path * factor + shift for path in paths]
    np.testing.assert_allclose(pen_path(moved)[:2], pen_path(paths)[:2], atol=1e-2)


@pytest.mark.parametrize("paths", [[CORNER, STEM], [STEM, CORNER], [STEM[::-1], CORNER[::-1]]])
def test_order_and_direction_make_no_difference(paths: Paths) -> None:
    """A four is the same whichever stroke comes first, and from whichever end it is drawn."""
    assert_same(pen_path(paths), pen_path([CORNER, STEM]))


@pytest.mark.parametrize("turn", [1, -1])
def test_the_direction_of_a_circle_makes_no_difference(turn: int) -> None:
    """Where the ends meet, they do not tell which way the pen went."""
    angle = np.linspace(0, 2 * np.pi, 40)
    circle = np.stack([np.sin(angle), -np.cos(angle)], axis=1)
    assert_same(pen_path([circle[::turn]]), pen_path([circle]))


def test_a_point_more_makes_no_difference() -> None:
    """Points are spread by length, however many a segment has."""
    middle = (CORNER[:1] + CORNER[1:2]) / 2
    denser = np.concatenate([CORNER[:1], middle, CORNER[1:]])
    assert_same(pen_path([denser, STEM]), pen_path([CORNER, STEM]))


def test_a_break_changes_little() -> None:
    """If the pen is lifted for a moment, the path goes on where it was."""
    line = np.stack([np.linspace(0, 4, 50), np.linspace(0, 10, 50)], axis=1)
    broken, whole = pen_path([line[26:], line[:25]]), pen_path([line])
    np.testing.assert_allclose(broken[:2], whole[:2], atol=0.15)
    assert broken[5].sum() == 2


def test_small_ink_stays_small() -> None:
    """Next to other ink, or for its pen, ink that is tiny does not fill the frame."""
    assert np.abs(pen_path([STEM], smallest=40)[:2]).max() == pytest.approx(0.25)
    assert np.abs(pen_path([STEM], pen=160)[:2]).max() == pytest.approx(0.25)


def test_a_dot_has_a_path() -> None:
    """It is in the middle, and has no direction."""
    path = pen_path([np.array([[7.0, 9.0]])])
    assert not path[:4].any()
    assert path[4].sum() == 1


def test_there_may_be_more_strokes_than_points() -> None:
    """The others are left out."""
    paths = [STEM + np.array([index, 0]) for index in range(POINTS + 10)]
    assert pen_path(paths)[4].sum() == POINTS
