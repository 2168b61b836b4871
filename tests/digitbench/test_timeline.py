"""The steps of a recording by their time, and the canvas of a recording that has none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from digitbench.replay.timeline import on_canvas, steps_by_time
from digitbench.strategies import drawings
from digitnet import Drawing, Stroke

FIRST = Stroke([(1, 2, 0), (3, 4, 10.4)])
SECOND = Stroke([(5, 6, 100), (7, 8, 120.6)])
BOTH = Drawing((FIRST, SECOND))


def test_the_pen_moves_when_it_did_in_whole_milliseconds() -> None:
    """It goes down at the first point, moves to the others, and goes up at the last."""
    assert steps_by_time(BOTH) == [
        (0, [("down", 1, 2)]),
        (10, [("move", 3, 4), ("up", 3, 4)]),
        (100, [("down", 5, 6)]),
        (121, [("move", 7, 8), ("up", 7, 8)]),
    ]


def test_a_dot_is_down_and_up_at_once() -> None:
    """A click without movement has one point."""
    assert steps_by_time(Drawing((Stroke([(1, 2, 5)]),))) == [(5, [("down", 1, 2), ("up", 1, 2)])]


def test_events_happen_between_the_points_of_the_pen() -> None:
    """In the order of their times, before a point of the same time, and also after all strokes."""
    events = ((130, "save"), (50, "pen", 0.1), (50, "undo"), (100, "erase", 3, 4), (110, "redo"))
    timeline = steps_by_time(replace(BOTH, events=events))
    assert timeline[2:] == [
        (50, [("pen", 0.1)]),
        (50, [("undo",)]),
        (100, [("erase", 3, 4)]),
        (100, [("down", 5, 6)]),
        (110, [("redo",)]),
        (121, [("move", 7, 8), ("up", 7, 8)]),
        (130, [("save",)]),
    ]


def test_unknown_events_are_skipped() -> None:
    """Those of newer programs, and names with another meaning here."""
    events = ((50, "of tomorrow", 1), (60, "down", 1, 2), (70, "move"), (80, "up"))
    assert steps_by_time(replace(BOTH, events=events)) == steps_by_time(BOTH)


@pytest.mark.parametrize(
    "event", [("clear",), ("save",), ("undo",), ("redo",), ("label", "7"), ("erase", 1, 2),
              ("resize", 300, 200), ("pen", 0.1)], ids=str
)  # fmt: skip
def test_every_event_that_the_app_records_is_replayed(event: tuple[Any, ...]) -> None:
    """As it was recorded, at its time."""
    assert steps_by_time(Drawing((), events=((70.4, *event),))) == [(70, [event])]


def test_strokes_keep_their_order_whatever_their_times_say() -> None:
    """A step with an earlier time than the step before it follows immediately."""
    late, early = Stroke([(1, 2, 200), (3, 4, 300)]), Stroke([(5, 6, 0), (7, 8, 350)])
    disordered = Drawing((late, early), events=((100, "undo"), (250, "redo"), (302, "save")))
    assert steps_by_time(disordered) == [
        (100, [("undo",)]),
        (200, [("down", 1, 2)]),
        (250, [("redo",)]),
        (300, [("move", 3, 4), ("up", 3, 4)]),
        (301, [("down", 5, 6)]),
        (302, [("save",)]),
        (350, [("move", 7, 8), ("up", 7, 8)]),
    ]


def test_nothing_happens_before_what_came_before_it() -> None:
    """Nor at the same time: a late stroke or event follows a millisecond after."""
    timeless = Drawing(
        (Stroke([(1, 2, 5), (3, 4, 5)]), Stroke([(5, 6, 0)])), events=((5.2, "undo"),)
    )
    assert steps_by_time(timeless) == [
        (5, [("down", 1, 2), ("move", 3, 4), ("up", 3, 4)]),
        (6, [("down", 5, 6), ("up", 5, 6)]),
        (7, [("undo",)]),
    ]


@given(drawing=drawings())
def test_every_point_happens_once_and_time_goes_on(drawing: Drawing) -> None:
    """In the order in which the ink was drawn."""
    timeline = steps_by_time(drawing)
    times = [at for at, _ in timeline]
    assert times == sorted(set(times))
    happened = [happening for _, group in timeline for happening in group]
    places = [tuple(place) for name, *place in happened if name != "up"]
    assert places == [(x, y) for stroke in drawing.strokes for x, y, _ in stroke.points]
    assert [name for name, *_ in happened].count("up") == len(drawing.strokes)


def test_a_canvas_that_is_named_is_kept() -> None:
    """The drawing is unchanged."""
    drawing = replace(BOTH, canvas=(3.0, 4.0))
    assert on_canvas(drawing) is drawing


@pytest.mark.parametrize(
    ("points", "shift", "side"),
    [
        ([(10, 20), (30, 80)], (0, 0), 80),
        ([(90, 20), (30, 80)], (0, 0), 90),
        ([(-5, 10), (15, 12)], (5, 0), 20),
        ([(10, -30), (12, 15)], (0, 30), 45),
        ([(-7, -3), (-2, -1)], (7, 3), 7),
        ([(0, 0)], (0, 0), 1),
        ([(4, 2)], (0, 0), 4),
    ],
)
def test_the_canvas_is_the_smallest_square_with_the_ink_and_0(
    points: list[tuple[int, int]], shift: tuple[int, int], side: float
) -> None:
    """Only ink with negative coordinates is moved onto it; times are kept."""
    drawing = Drawing((Stroke([(x, y, 7) for x, y in points]),), word="7")
    placed = on_canvas(drawing)
    assert placed.canvas == (side, side)
    assert placed.word == "7"
    assert list(placed.strokes[0].points) == [(x + shift[0], y + shift[1], 7) for x, y in points]


def test_no_ink_has_a_canvas_of_one_pixel() -> None:
    """Any size would do for a blank drawing."""
    assert on_canvas(Drawing(())) == Drawing((), canvas=(1.0, 1.0))
