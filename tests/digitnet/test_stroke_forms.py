"""Strokes as points or as the lists of all x and all y, and which of them a stroke is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet import InkError, Recognizer, Stroke
from digitnet.preprocessing.sources import as_drawing

SEVEN = ([10, 40, 70, 60, 40], [10, 10, 10, 50, 90])
NUMBERS = st.integers(0, 255)


def lists(strokes: Any) -> list[Any]:
    """Return strokes as Quick, Draw! writes them."""
    return [[list(row) for row in zip(*stroke, strict=True)] for stroke in strokes]


def points_of(source: Any) -> list[list[tuple[float, ...]]]:
    drawing = as_drawing(source)
    assert drawing is not None
    return [[tuple(point) for point in stroke.points] for stroke in drawing.strokes]


strokes_of = st.integers(2, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.tuples(*[NUMBERS] * width), min_size=1, max_size=8), min_size=1, max_size=4
    )
)


@given(strokes=strokes_of, as_array=st.booleans())
def test_quick_draw_is_read_unless_it_is_open_to_doubt(strokes: Any, *, as_array: bool) -> None:
    """If one stroke has more than three points, or one, all others are read like it."""
    source = lists(strokes)
    if as_array:
        source = [np.array(stroke) for stroke in source]
    expected = [Stroke(stroke) for stroke in strokes]
    if any(len(stroke) > 3 for stroke in strokes):
        assert points_of(source) == [[tuple(p) for p in stroke.points] for stroke in expected]


@given(strokes=strokes_of)
def test_points_are_read_as_before(strokes: Any) -> None:
    """Tuples of two or three numbers are points, whatever their number."""
    expected = [[tuple(p) for p in Stroke(stroke).points] for stroke in strokes]
    assert points_of(strokes) == expected


@pytest.mark.parametrize("form", [list, tuple, np.array])
def test_a_seven_of_quick_draw_is_a_seven(recognizer: Recognizer, form: Any) -> None:
    """With and without times, and with a bar of two points."""
    assert recognizer.predict([form(SEVEN)]).text == "7"
    assert recognizer.predict([form([*SEVEN, [0, 9, 20, 35, 50]])]).text == "7"
    assert recognizer.predict([form(SEVEN), form([[30, 75], [50, 52]])]).text == "7"


def test_a_stroke_that_can_be_both_is_refused() -> None:
    """Two rows of three, on their own, or where the other strokes are of both kinds."""
    message = r"\Astroke \d of the list can be read as \d points or as the lists .+\Z"
    for source in (
        [[[0, 100, 40], [0, 0, 200]]],
        [SEVEN, [[1, 2], [3, 4]], [(1, 1), (2, 2), (3, 3), (4, 4)]],
        [SEVEN, [[1, 2], [3, 4], [5, 6]]],
    ):
        with pytest.raises(InkError, match=message):
            as_drawing(source)
    assert points_of([[(0, 0, 40), (9, 9, 200)]]) == [[(0, 0, 40), (9, 9, 200)]]
    assert points_of([[[0, 0, 40], [9, 9, 200]], [[1, 2, 3]]])[1] == [(1, 2, 3)]


def test_lists_must_be_equally_long() -> None:
    """The error names the stroke and the lengths."""
    with pytest.raises(InkError, match=r"\Astroke 1 of the list: .+ lengths, not 4 and 3\Z"):
        as_drawing([[[1, 2, 3, 4], [1, 2, 3]]])


def test_what_follows_the_time_is_ignored() -> None:
    """Pressure and tilt; two such points are points if another stroke has more."""
    pen = [(x, 2 * x, 10 * x, 0.5, 0) for x in range(5)]
    expected = [(x, 2 * x, 10 * x) for x in range(5)]
    assert points_of([pen]) == points_of([np.array(pen)]) == [expected]
    assert points_of([pen, pen[:2], pen[:1]]) == [expected, expected[:2], expected[:1]]


def test_a_tensor_is_a_stroke_like_an_array(recognizer: Recognizer) -> None:
    """Whatever can be an array, and one line for what cannot."""
    torch = pytest.importorskip("torch")
    stroke = torch.tensor(SEVEN, dtype=torch.float32)
    assert recognizer.predict([stroke]).text == recognizer.predict([stroke.T]).text == "7"
    with pytest.raises(InkError, match=r"\Astroke 1 of the list: .+detach.+\Z"):
        as_drawing([stroke.requires_grad_()])
