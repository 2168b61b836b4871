"""Slashes between digits, which have the shape of a one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.digitnet.test_numbers import drawing_of, seven, zero

from digitnet import Drawing, Recognizer, Stroke
from digitnet.preprocessing.pen_path import pen_path
from digitnet.preprocessing.slashes import is_slash

NEIGHBOURS = ((0.0, 100.0, 60.0, 100.0), (200.0, 100.0, 60.0, 110.0))
"""The boxes of the digits on both sides."""


def slash(
    x: float, top: float = 80, bottom: float = 225, lean: float = 50
) -> list[tuple[float, float]]:
    return [(x + lean, top), (x, bottom)]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (slash(120), True),
        (slash(120)[::-1], True),
        (slash(120, lean=0), True),
        (slash(120, top=98, bottom=202), False),  # as high as the digits
        (slash(120, top=100, bottom=240), False),  # goes below them, but not above
        (slash(120, top=80, bottom=195), False),  # rises above them, but stands on their line
        (slash(120, lean=-50), False),  # a backslash
        ([(120, 110), (170, 80), (120, 225)], False),  # a one with a flag
    ],
)
def test_place_and_size_tell(points: list[tuple[float, float]], *, expected: bool) -> None:
    """It must be higher than the digits beside it, and go beyond them at both ends."""
    stroke = Stroke(points)
    assert is_slash(pen_path([stroke.xy]), stroke.bounds, NEIGHBOURS, 100) is expected


def test_a_slash_is_between_digits(recognizer: Recognizer) -> None:
    """First or last, a slanted line stays a one."""
    assert recognizer.predict(drawing_of([slash(20)], seven(180))).text == "17"
    assert recognizer.predict(drawing_of(seven(20), [slash(110)])).text == "71"


def test_a_date_keeps_its_slashes(recognizer: Recognizer) -> None:
    """They read as "?", and are never dropped or read as ones."""
    date = drawing_of(seven(20), [slash(110)], zero(180), [slash(270)], seven(340))
    assert recognizer.predict(date).text == "7?0?7"


def test_a_slanted_one_among_digits_is_a_one(recognizer: Recognizer) -> None:
    """As high as the others, it is read."""
    assert (
        recognizer.predict(drawing_of(seven(20), [slash(110, 100, 200, 15)], seven(200))).text
        == "717"
    )


def test_two_strokes_are_no_slash() -> None:
    """A slash has one stroke."""
    halves = [np.array([(170.0, 80.0), (145.0, 150.0)]), np.array([(145.0, 155.0), (120.0, 225.0)])]
    box = Drawing(tuple(map(Stroke, halves))).bounds
    assert box is not None
    assert not is_slash(pen_path(halves), box, NEIGHBOURS, 100)
