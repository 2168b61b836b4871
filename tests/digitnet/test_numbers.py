"""Numbers of several digits, as drawings and images."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from digitnet import Drawing, Recognizer, Stroke
from digitnet.preprocessing.raster import render

if TYPE_CHECKING:
    from numpy.typing import NDArray

Line: TypeAlias = "list[tuple[float, float]]"


def oval(x: float, y: float, wide: float, high: float) -> Line:
    angles = np.linspace(-np.pi / 2, -2.5 * np.pi, 40)
    return [(x + wide * float(np.cos(a)), y + high * float(np.sin(a))) for a in angles]


def one(x: float) -> list[Line]:
    return [[(x, 100), (x, 200)]]


def seven(x: float) -> list[Line]:
    return [[(x, 100), (x + 60, 100), (x + 25, 200)]]


def zero(x: float) -> list[Line]:
    return [oval(x + 32, 150, 32, 50)]


def four(x: float) -> list[Line]:
    return [[(x + 20, 100), (x, 160), (x + 65, 160)], [(x + 48, 125), (x + 45, 200)]]


def drawing_of(*digits: list[Line]) -> Drawing:
    strokes = [Stroke(line) for digit in digits for line in digit]
    return Drawing(tuple(strokes), canvas=(500, 300), pen=0.03)


def picture_of(drawing: Drawing) -> NDArray[np.uint8]:
    ink = render([stroke.xy for stroke in drawing.strokes], (300, 500), radius=5)
    return (255 - ink * 255).astype(np.uint8)


def test_a_number_is_read_from_left_to_right(recognizer: Recognizer) -> None:
    """Each digit has its own strokes and box, whenever its strokes were drawn."""
    prediction = recognizer.predict(drawing_of(seven(20), four(140), zero(260), one(400)))
    assert prediction.text == "7401"
    assert [digit.strokes for digit in prediction.digits] == [(0,), (1, 2), (3,), (4,)]
    lefts = [digit.box[0] for digit in prediction.digits]
    assert lefts == sorted(lefts)
    assert prediction.confidence == min(digit.confidence for digit in prediction.digits)


def cross(x: float) -> list[Line]:
    return [[(x, 120), (x + 60, 180)], [(x + 60, 120), (x, 180)]]


def test_ink_beside_digits_is_never_dropped(recognizer: Recognizer) -> None:
    """What is not a digit reads as "?", wherever it stands; on its own, it has no text."""
    assert recognizer.predict(drawing_of(seven(20), cross(200), four(380))).text == "7?4"
    assert recognizer.predict(drawing_of(cross(20), four(200))).text == "?4"
    assert recognizer.predict(drawing_of(cross(20), cross(200))).text == ""


def test_ink_beside_digits_of_an_image_is_not_dropped_either(recognizer: Recognizer) -> None:
    """It reads as "?" too, but dust does not."""
    drawn = picture_of(drawing_of(seven(20), cross(200), four(380)))
    assert recognizer.predict(drawn).text == "7?4"
    drawn[150:156, 140:146] = 0
    assert recognizer.predict(drawn).text == "7?4"


def test_ink_beside_a_digit_never_takes_it_along(recognizer: Recognizer) -> None:
    """However close it stands, without touching."""
    for gap in (10, 20, 40, 60):
        step = 65 + gap
        drawing = drawing_of(cross(20), four(20 + step), cross(20 + 2 * step), zero(20 + 3 * step))
        assert recognizer.predict(drawing).text == "?4?0"


def below(y: float, *digits: list[Line]) -> list[Line]:
    return [[(px, py + y) for px, py in line] for digit in digits for line in digit]


def test_lines_are_read_from_the_top(recognizer: Recognizer) -> None:
    """Whenever they were drawn; each digit knows its line, and its strokes in the drawing."""
    lower = below(150, zero(30), seven(120))
    prediction = recognizer.predict(drawing_of(lower, seven(20), four(130), one(230)))
    assert prediction.text == "74107"
    assert [digit.line for digit in prediction.digits] == [0, 0, 0, 1, 1]
    assert [digit.strokes for digit in prediction.digits] == [(2,), (3, 4), (5,), (0,), (1,)]


def test_digits_below_each_other_are_lines(recognizer: Recognizer) -> None:
    """A column of digits is read from the top."""
    drawing = drawing_of(seven(20), below(170, four(20)), below(340, zero(20)))
    prediction = recognizer.predict(drawing)
    assert prediction.text == "740"
    assert [digit.line for digit in prediction.digits] == [0, 1, 2]


def test_digits_can_be_drawn_in_any_order(recognizer: Recognizer) -> None:
    """Reading order is by position, and stroke indices are in drawing order."""
    prediction = recognizer.predict(drawing_of(one(400), seven(20), zero(200)))
    assert prediction.text == "701"
    assert [digit.strokes for digit in prediction.digits] == [(1,), (2,), (0,)]


def test_a_late_stroke_joins_an_earlier_digit(recognizer: Recognizer) -> None:
    """The second stroke of a four is part of it even if another digit was drawn in between."""
    first, second = four(100)
    prediction = recognizer.predict(drawing_of([first], seven(250), [second]))
    assert prediction.text == "47"
    assert [digit.strokes for digit in prediction.digits] == [(0, 2), (1,)]


def test_a_number_in_an_image_is_read_like_a_drawn_one(recognizer: Recognizer) -> None:
    """An image's components are cut like strokes, and each digit has a box in pixels."""
    drawn = drawing_of(seven(20), four(140), zero(260), one(400))
    prediction = recognizer.predict(picture_of(drawn))
    assert prediction.text == "7401"
    for digit, (left, top) in zip(prediction.digits, [(20, 100), (140, 100)], strict=False):
        assert abs(digit.box[0] + 5 - left) <= 2
        assert abs(digit.box[1] + 5 - top) <= 2
        assert digit.strokes is None
