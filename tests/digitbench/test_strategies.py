"""The public strategies: their guarantees, and that failures shrink to readable examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from digitbench.strategies import drawings, strokes
from digitnet import Drawing, Stroke
from digitnet.recordings import dump_drawing, parse_drawing

T = TypeVar("T")


def simplest(strategy: SearchStrategy[T], condition: Callable[[T], bool] = lambda _: True) -> T:
    """Find what a failure under a condition shrinks to."""
    search = settings(database=None, max_examples=500, suppress_health_check=list(HealthCheck))
    return find(strategy, condition, settings=search)


def test_a_drawing_shrinks_to_one_dot() -> None:
    """In the corner, at time 0, with nothing special about it."""
    assert simplest(drawings()) == Drawing(
        (Stroke([(0, 0, 0)]),), canvas=(500, 500), pen=0.05, device="mouse"
    )


def test_a_stroke_of_two_points_shrinks_to_a_short_line() -> None:
    """The shortest possible, from the corner."""
    line = simplest(strokes(min_points=2), lambda s: s.xy[0].tolist() != s.xy[-1].tolist())
    assert line in (Stroke([(0, 0, 0), (0, 1, 1)]), Stroke([(0, 0, 0), (1, 0, 1)]))


def test_two_strokes_shrink_to_two_dots() -> None:
    """One after another."""
    drawing = simplest(drawings(), lambda drawing: len(drawing.strokes) > 1)
    assert drawing.strokes == (Stroke([(0, 0, 0)]), Stroke([(0, 0, 100)]))


@given(data=st.data(), side=st.integers(1, 1000), most=st.integers(1, 5))
def test_drawings_are_as_asked_for(data: st.DataObject, side: int, most: int) -> None:
    """On the canvas, in whole pixels, within the limits on strokes and points."""
    drawing = data.draw(drawings(side=side, max_strokes=most, min_points=2, max_points=most + 1))
    assert drawing.canvas == (float(side), float(side))
    assert 1 <= len(drawing.strokes) <= most
    for stroke in drawing.strokes:
        assert 2 <= len(stroke.points) <= most + 1
        assert all(0 <= x <= side and 0 <= y <= side for x, y, _ in stroke.points)


@given(drawing=drawings())
def test_time_only_goes_on(drawing: Drawing) -> None:
    """Within a stroke and from one stroke to the next, starting at 0."""
    times = [point.t for stroke in drawing.strokes for point in stroke.points]
    assert times[0] == 0
    assert times == sorted(set(times))


@given(drawing=drawings())
def test_drawings_survive_being_written_and_read(drawing: Drawing) -> None:
    """They are recordings like any other."""
    assert parse_drawing(dump_drawing(drawing)) == drawing
