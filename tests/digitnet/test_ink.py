"""Ink consists of immutable, validated values."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from digitbench.strategies import drawings
from digitnet import Drawing, InkError, Point, Stroke
from digitnet.ink import MAX_COORDINATE, from_zero

DIAGONAL = Stroke([(0, 0), (30, 40)])


def test_the_default_time_is_0() -> None:
    """A point without a time is at 0."""
    assert Point(3, 4) == (3, 4, 0)


def test_a_stroke_accepts_pairs_triples_and_points() -> None:
    """The same points in any form give equal strokes."""
    assert Stroke([(1, 2), (3, 4)]) == Stroke([(1, 2, 0), (3, 4, 0)])
    assert Stroke([(1, 2, 5)]) == Stroke([Point(1, 2, 5)]) == Stroke(iter([[1, 2, 5]]))
    assert all(isinstance(point, Point) for point in Stroke([(1, 2), (3, 4)]).points)


def test_a_stroke_of_lists_is_the_stroke_of_their_points() -> None:
    """`Stroke.of` zips the lists, with or without times."""
    assert Stroke.of([1, 3], [2, 4]) == Stroke([(1, 2), (3, 4)])
    assert Stroke.of([1, 3], [2, 4], [0, 9]) == Stroke([(1, 2, 0), (3, 4, 9)])


def test_xy_holds_the_coordinates_as_float64() -> None:
    """`xy` is float64 (n, 2), x before y, without the times."""
    assert DIAGONAL.xy.dtype == np.float64
    assert DIAGONAL.xy.tolist() == [[0, 0], [30, 40]]


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        (Point(1, 2), "x"),
        (DIAGONAL, "points"),
        (Drawing((DIAGONAL,)), "strokes"),
        (Drawing((DIAGONAL,)), "word"),
    ],
)
def test_values_cannot_be_changed(value: object, attribute: str) -> None:
    """No attribute of ink can be set."""
    with pytest.raises(AttributeError):
        setattr(value, attribute, None)


def test_xy_cannot_be_changed() -> None:
    """A stroke's array of coordinates is read-only."""
    with pytest.raises(ValueError, match="read-only"):
        DIAGONAL.xy[0, 0] = 5


def test_an_unpickled_stroke_is_equal_and_immutable() -> None:
    """An unpickled stroke is the same immutable value."""
    stroke = Stroke([(1, 2), (3, 4)])
    assert stroke.xy.size, "cached before the journey"
    returned = pickle.loads(pickle.dumps(stroke))  # noqa: S301 - our own bytes
    assert returned == stroke
    assert not returned.xy.flags.writeable


@pytest.mark.parametrize("limit", [MAX_COORDINATE, -MAX_COORDINATE])
def test_the_largest_coordinate_is_valid(limit: float) -> None:
    """The limit itself is allowed on both axes."""
    assert Stroke([(limit, limit)]).xy.tolist() == [[limit, limit]]


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([], id="no point"),
        pytest.param([(math.nan, 0)], id="x is NaN"),
        pytest.param([(0, 0), (0, math.nan)], id="y is NaN"),
        pytest.param([(math.inf, 0)], id="x is infinite"),
        pytest.param([(0, -math.inf)], id="y is infinite"),
        pytest.param([(0, 0, math.nan)], id="t is NaN"),
        pytest.param([(0, 0, math.inf)], id="t is infinite"),
        pytest.param([(1.01 * MAX_COORDINATE, 0)], id="x is too large"),
        pytest.param([(0, -1.01 * MAX_COORDINATE)], id="y is too small"),
        pytest.param([(10**400, 0)], id="x is beyond all floats"),
        pytest.param([(0, 0, 10**400)], id="t is beyond all floats"),
        pytest.param([(1,)], id="one number"),
        pytest.param([(1, 2, 3, 4)], id="four numbers"),
        pytest.param([1, 2], id="numbers for points"),
        pytest.param(None, id="None for points"),
        pytest.param([(None, 1)], id="None for x"),
        pytest.param([(1, 1, None)], id="None for t"),
        pytest.param([(1j, 1)], id="complex x"),
        pytest.param([("1", "2")], id="text for x and y"),
        pytest.param([(1, 2, "3")], id="text for t"),
        pytest.param(["12"], id="text for a point"),
        pytest.param([([1, 2], [3, 4])], id="lists for x and y"),
    ],
)
def test_invalid_strokes_are_refused(points: Any) -> None:
    """Anything but finite coordinates of a sane size is a one-line InkError."""
    with pytest.raises(InkError, match=r"\A.+\Z"):
        Stroke(points)


@pytest.mark.parametrize(
    ("lists", "lengths"),
    [
        (([1, 2], [1]), "2 and 1"),
        (([], [1]), "0 and 1"),
        (([1, 2], [1, 2], [0]), "2 and 2 and 1"),
    ],
)
def test_unequal_lists_are_refused(lists: Sequence[list[float]], lengths: str) -> None:
    """The InkError names the lengths."""
    with pytest.raises(InkError, match=f"not {lengths}$"):
        Stroke.of(*lists)


def test_a_drawing_has_a_maximum_number_of_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit itself is allowed; one point more, over all strokes, is an InkError."""
    monkeypatch.setattr("digitnet.ink.MAX_POINTS", 4)
    assert len(Drawing((DIAGONAL, DIAGONAL)).strokes) == 2
    with pytest.raises(InkError, match="5 points exceeds the limit of 4"):
        Drawing((DIAGONAL, DIAGONAL, Stroke([(0, 0)])))


def test_drawings_of_the_same_ink_are_equal() -> None:
    """Drawings are values: the same strokes in a list or a tuple are equal drawings."""
    listed = Drawing([DIAGONAL], word="1")  # type: ignore[arg-type]
    assert listed == Drawing((Stroke(DIAGONAL.points),), word="1")
    assert Drawing((DIAGONAL,), word="1") != Drawing((DIAGONAL,), word="7")


def test_a_blank_drawing_has_no_bounds() -> None:
    """Without ink, there are no bounds."""
    assert Drawing(()).bounds is None


def test_a_dot_has_bounds_without_size() -> None:
    """Bounds are those of the points, without the pen's width."""
    assert Drawing((Stroke([(3, 4)]),)).bounds == (3, 4, 0, 0)


@given(drawing=drawings())
def test_bounds_are_the_smallest_box_around_all_points(drawing: Drawing) -> None:
    """Each side of the bounds touches a point, and no point is outside."""
    assert drawing.bounds is not None
    left, top, width, height = drawing.bounds
    xs, ys, _ = zip(*(point for stroke in drawing.strokes for point in stroke.points), strict=True)
    assert (min(xs), max(xs)) == (left, left + width)
    assert (min(ys), max(ys)) == (top, top + height)


@pytest.mark.parametrize(
    ("pen", "canvas", "pixels"),
    [
        (0.05, (400, 300), 15),
        (0.05, (300, 400), 15),
        (None, (400, 300), 0),
        (0.05, None, 0),
        (None, None, 0),
    ],
)
def test_the_pen_is_measured_by_the_shorter_side(
    pen: float | None, canvas: tuple[float, float] | None, pixels: float
) -> None:
    """The pen's diameter is a share of the canvas's shorter side; 0 if either is unknown."""
    assert Drawing((DIAGONAL,), pen=pen, canvas=canvas).pen_pixels == pytest.approx(pixels)


def test_times_can_be_counted_from_the_first_point() -> None:
    """`from_zero` shifts the times of points and events, and nothing else."""
    late = Drawing(
        (Stroke([(1, 2, 500), (3, 4, 516)]), Stroke([(5, 6, 900)])),
        word="7",
        events=((700, "undo"), (800, "resize", [200, 150])),
    )
    assert from_zero(late) == Drawing(
        (Stroke([(1, 2, 0), (3, 4, 16)]), Stroke([(5, 6, 400)])),
        word="7",
        events=((200, "undo"), (300, "resize", [200, 150])),
    )
    assert from_zero(Drawing(())) == Drawing(())
