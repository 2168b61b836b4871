"""Ink is made of immutable values that cannot hold what is no ink."""

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


def test_a_point_without_a_time_is_at_the_start() -> None:
    """The time of a point is 0 where none is given."""
    assert Point(3, 4) == (3, 4, 0)


def test_a_stroke_takes_pairs_triples_and_points_alike() -> None:
    """However its points are given, the same points make the same stroke."""
    assert Stroke([(1, 2), (3, 4)]) == Stroke([(1, 2, 0), (3, 4, 0)])
    assert Stroke([(1, 2, 5)]) == Stroke([Point(1, 2, 5)]) == Stroke(iter([[1, 2, 5]]))
    assert all(isinstance(point, Point) for point in Stroke([(1, 2), (3, 4)]).points)


def test_a_stroke_of_lists_is_the_stroke_of_their_points() -> None:
    """`Stroke.of` pairs up the lists, with times and without."""
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
    """Nothing that ink is made of lets an attribute be set."""
    with pytest.raises(AttributeError):
        setattr(value, attribute, None)


def test_xy_cannot_be_changed() -> None:
    """The coordinates that a stroke lends out are read-only."""
    with pytest.raises(ValueError, match="read-only"):
        DIAGONAL.xy[0, 0] = 5


def test_a_stroke_that_travelled_is_equal_and_still_cannot_be_changed() -> None:
    """A pickled stroke comes back as the same immutable value."""
    stroke = Stroke([(1, 2), (3, 4)])
    assert stroke.xy.size, "cached before the journey"
    returned = pickle.loads(pickle.dumps(stroke))  # noqa: S301 - our own bytes
    assert returned == stroke
    assert not returned.xy.flags.writeable


@pytest.mark.parametrize("limit", [MAX_COORDINATE, -MAX_COORDINATE])
def test_the_largest_coordinate_is_still_ink(limit: float) -> None:
    """The limit itself is allowed, on both axes."""
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
def test_what_is_no_stroke_is_refused(points: Any) -> None:
    """Whatever does not name finite places of a sane size is an InkError of one line."""
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
    """Lists of unequal lengths are an InkError that tells the lengths."""
    with pytest.raises(InkError, match=f"not {lengths}$"):
        Stroke.of(*lists)


def test_a_drawing_has_a_largest_number_of_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many points as the limit are a drawing; one more, over all strokes, is an InkError."""
    monkeypatch.setattr("digitnet.ink.MAX_POINTS", 4)
    assert len(Drawing((DIAGONAL, DIAGONAL)).strokes) == 2
    with pytest.raises(InkError, match="5 points exceeds the limit of 4"):
        Drawing((DIAGONAL, DIAGONAL, Stroke([(0, 0)])))


def test_drawings_of_the_same_ink_are_equal() -> None:
    """Drawings are values: the same strokes, in a list or a tuple, are the same drawing."""
    listed = Drawing([DIAGONAL], word="1")  # type: ignore[arg-type]
    assert listed == Drawing((Stroke(DIAGONAL.points),), word="1")
    assert Drawing((DIAGONAL,), word="1") != Drawing((DIAGONAL,), word="7")


def test_a_blank_drawing_has_no_bounds() -> None:
    """Where no ink is, there are no bounds."""
    assert Drawing(()).bounds is None


def test_a_dot_has_bounds_without_size() -> None:
    """The bounds are the points', without the pen's width."""
    assert Drawing((Stroke([(3, 4)]),)).bounds == (3, 4, 0, 0)


@given(drawing=drawings())
def test_bounds_are_the_smallest_box_around_all_points(drawing: Drawing) -> None:
    """Each side of the bounds touches a point of some stroke, and no point is outside."""
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
    """The pen's diameter is its share of the canvas's shorter side; 0 where either is unknown."""
    assert Drawing((DIAGONAL,), pen=pen, canvas=canvas).pen_pixels == pytest.approx(pixels)


def test_times_can_be_counted_from_the_first_point() -> None:
    """`from_zero` moves all times, of points and of events, and nothing else."""
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
