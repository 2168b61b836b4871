"""Drawings of rows that were recorded in no known format."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.strategies import drawings
from digitnet import ArgumentError, DigitnetError, Drawing, InkError, Recognizer
from digitnet.ink import EVEN_TIMES, MAX_POINTS
from digitnet.points import Third

Rows = list[tuple[float, float, float]]


def in_the_air(drawing: Drawing) -> Rows:
    """Return rows for "pen-down": a movement in the air precedes and ends each stroke."""
    rows: Rows = [(-9, -9, 0)]
    for stroke in drawing.strokes:
        rows += [(x, y, 1) for x, y, _ in stroke.points] + [(math.nan, math.nan, 0)]
    return rows


def with_ends(drawing: Drawing) -> Rows:
    return [
        (x, y, index == len(stroke.points) - 1)
        for stroke in drawing.strokes
        for index, (x, y, _) in enumerate(stroke.points)
    ]


def with_ids(drawing: Drawing) -> Rows:
    return [
        (x, y, -3 * number)
        for number, stroke in enumerate(drawing.strokes)
        for x, y, _ in stroke.points
    ]


CONVENTIONS = pytest.mark.parametrize(
    ("third", "to_rows"),
    [("pen-down", in_the_air), ("stroke-end", with_ends), ("stroke-id", with_ids)],
)
FORMS: Sequence[Callable[[Rows], Any]] = [
    list,
    iter,
    lambda rows: np.array(rows, np.float32),
    lambda rows: [list(map(str, row)) for row in rows],
]


def coordinates(drawing: Drawing) -> list[Any]:
    return [stroke.xy.tolist() for stroke in drawing.strokes]


@CONVENTIONS
@given(drawing=drawings(), form=st.sampled_from(FORMS))
def test_strokes_survive_the_way_through_rows(
    drawing: Drawing, form: Callable[[Rows], Any], third: Third, to_rows: Callable[[Drawing], Rows]
) -> None:
    """From a list, an iterator, an array, or texts, in each convention."""
    rows = [tuple(map(float, row)) for row in to_rows(drawing)]
    back = Drawing.from_points(form(rows), third=third, word=drawing.word)  # type: ignore[arg-type]
    assert coordinates(back) == coordinates(drawing)
    assert (back.word, back.tags) == (drawing.word, (EVEN_TIMES,))
    times = [point.t for stroke in back.strokes for point in stroke.points]
    assert times == sorted(set(times))
    assert times[0] == 0


@given(drawing=drawings(), start=st.integers(-(10**6), 10**12))
def test_times_survive_too(drawing: Drawing, start: int) -> None:
    """Shifted to start at 0; all else is as it was given."""
    times = [start + point.t for stroke in drawing.strokes for point in stroke.points]
    back = Drawing.from_points(
        with_ids(drawing),
        third="stroke-id",
        times=times,
        word=drawing.word,
        canvas=drawing.canvas,
        pen=drawing.pen,
        device=drawing.device,
    )
    assert back == drawing


@given(drawing=drawings())
def test_steps_are_added_up(drawing: Drawing) -> None:
    """Only the place of the first point is lost."""
    rows = np.array(with_ends(drawing), float)
    rows[1:, :2] = np.diff(rows[:, :2], axis=0)
    back = Drawing.from_points(rows, third="stroke-end", relative=True)
    assert coordinates(back) == coordinates(drawing)


@given(drawing=drawings())
def test_ink_whose_y_points_up_is_flipped(drawing: Drawing) -> None:
    """Within its own height, where flipping twice changes nothing, or within the canvas."""
    rows = with_ids(drawing)
    once = Drawing.from_points(rows, third="stroke-id", y_up=True)
    assert once.bounds == drawing.bounds
    twice = Drawing.from_points(with_ids(once), third="stroke-id", y_up=True)
    assert coordinates(twice) == coordinates(drawing)
    on_canvas = Drawing.from_points(rows, third="stroke-id", y_up=True, canvas=(500, 500))
    assert on_canvas.strokes[0].xy[0].tolist() == [rows[0][0], 500 - rows[0][1]]


def test_movements_in_the_air_take_time() -> None:
    """With a rate; strokes that follow each other at once are 100 ms apart."""
    rows = [(0, 0, 0), (0, 0, 1), (9, 9, 1), (5, 5, 0), (1, 1, 1)]
    drawing = Drawing.from_points(rows, third="pen-down", rate=200)
    assert [[point.t for point in stroke.points] for stroke in drawing.strokes] == [[0, 5], [15]]
    apart = Drawing.from_points([(0, 0, 1), (9, 9, 1), (1, 1, 2)], third="stroke-id", rate=200)
    assert [[point.t for point in stroke.points] for stroke in apart.strokes] == [[0, 5], [105]]
    assert drawing.tags == apart.tags == ()


@pytest.mark.parametrize("rows", [[], np.zeros((0, 3)), [(1, 2, 0)]])
def test_no_ink_is_a_blank_drawing(rows: Any) -> None:
    """As in a recording."""
    assert Drawing.from_points(rows, third="pen-down").strokes == ()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(1, 2)], r"shape \(1, 2\); pass rows of three numbers"),
        (np.zeros((5, 4)), r"shape \(5, 4\)"),
        ([1, 2, 3], r"shape \(3,\)"),
        ([(1, 2, "x")], "not rows of numbers"),
        ([(1, 2, 0), (1, 2)], "not rows of numbers"),
        (5, "not rows of numbers"),
        (np.zeros((2, 3), complex), "complex128; pass real numbers"),
        ([(0, 0, 0), (0, 0, math.nan)], "row 2: its third number is not finite"),
        ([(0, 0, 4), (0, 0, 7), (1, 1, 4)], "row 3: stroke 4 continues after another one"),
        ([(math.inf, 0, 0)], "not finite"),
        ([(0, 0, 0)] * (MAX_POINTS + 1), "exceeds the limit"),
    ],
)
def test_other_rows_are_refused(rows: Any, message: str) -> None:
    """In one line that says what was found."""
    with pytest.raises(InkError, match=message) as error:
        Drawing.from_points(rows, third="stroke-id")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"third": "pen"}, ArgumentError, "'pen-down', 'stroke-end', 'stroke-id'"),
        ({"rate": 0}, ArgumentError, "rate=0: pass how many rows"),
        ({"rate": math.nan}, ArgumentError, "rate=nan"),
        ({"rate": 100, "times": [0, 1]}, ArgumentError, "pass one of them"),
        ({"times": [0]}, InkError, r"2 points have times of shape \(1,\)"),
        ({"times": ["x", "y"]}, InkError, "the times are not rows of numbers"),
        ({"times": [0, math.inf]}, InkError, "not finite"),
    ],
)
def test_other_arguments_are_refused(
    arguments: dict[str, Any], error: type[DigitnetError], message: str
) -> None:
    """Each error says what to pass."""
    with pytest.raises(error, match=message):
        Drawing.from_points([(0, 0, 0), (1, 1, 0)], **{"third": "stroke-id", **arguments})


def test_rows_can_be_read(recognizer: Recognizer) -> None:
    """Here those of a tablet whose y points up."""
    rows = [(40, 210, 1), (160, 210, 1), (90, 40, 1), (90, 40, 0)]
    drawing = Drawing.from_points(rows, third="pen-down", y_up=True)
    assert recognizer.predict(drawing).text == "7"
