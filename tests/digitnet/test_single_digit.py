"""Cells that hold one digit or none, and what the caller knows about the digits that can occur."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitbench.strategies import drawings
from digitnet import ArgumentError, DigitnetError, Drawing, Recognizer, Stroke
from digitnet.expected import Expected
from digitnet.preprocessing.cache import RecognitionCache
from digitnet.preprocessing.raster import render
from digitnet.preprocessing.single_digit import build_cell

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.digitnet.conftest import Command

ZERO = [
    (100 + 32 * float(np.cos(angle)), 100 + 50 * float(np.sin(angle)))
    for angle in np.linspace(0, 2 * np.pi, 40)
]
DIGITS: dict[str, list[Any]] = {
    "0": [ZERO],
    "1": [[(100, 50), (100, 150)]],
    "4": [[(80, 50), (60, 110), (125, 110)], [(108, 75), (105, 150)]],
    "7": [[(60, 50), (140, 50), (95, 150)]],
    "": [],
}
EDGES: list[Any] = [np.s_[:6], np.s_[:, :6], np.s_[-6:], np.s_[:, -6:]]


def drawn(lines: list[Any]) -> Drawing:
    return Drawing(tuple(Stroke(line) for line in lines), canvas=(200, 200), pen=0.05)


def picture(lines: list[Any]) -> NDArray[np.uint8]:
    """Return strokes as an image, 200x200, black on white."""
    ink = render([np.array(line, float) for line in lines], (200, 200), radius=5)
    return (255 - ink * 255).astype(np.uint8)


def moved(lines: list[Any], right: float, down: float) -> list[Any]:
    return [[(x + right, y + down) for x, y in line] for line in lines]


@pytest.mark.parametrize("digit", DIGITS)
def test_what_is_left_of_a_frame_is_no_digit(recognizer: Recognizer, digit: str) -> None:
    """Along any of the image's sides, beside a digit or in an empty cell, light or dark."""
    for count in range(5):
        for sides in combinations(EDGES, count):
            cell = picture(DIGITS[digit])
            for side in sides:
                cell[side] = 0
            assert recognizer.predict(cell, digits=1).text == digit
            assert recognizer.predict(255 - cell, digits=1).text == digit


@pytest.mark.parametrize("digit", DIGITS)
def test_dust_and_another_line_are_left_out(recognizer: Recognizer, digit: str) -> None:
    """They are neither part of the digit nor read as "?"."""
    cell = picture(DIGITS[digit])
    for x, y in ((20, 20), (150, 25), (170, 120), (35, 140)):
        cell[y : y + 4, x : x + 4] = 0
    cell[185:195, 60:140:20] = 0
    prediction = recognizer.predict(cell, digits=1)
    assert prediction.text == digit
    if digit:
        (box,) = (found.box for found in recognizer.predict(picture(DIGITS[digit])).digits)
        assert prediction.digits[0].box == pytest.approx(box, abs=1)


def test_other_strokes_are_left_out(recognizer: Recognizer) -> None:
    """The digit knows its strokes; a sign or another line beside it has no text."""
    cross = [[(170, 30), (195, 55)], [(195, 30), (170, 55)]]
    prediction = recognizer.predict(drawn([*cross, *DIGITS["4"]]), digits=1)
    assert (prediction.text, prediction.digits[0].strokes) == ("4", (2, 3))
    smaller = [[(x / 2, y / 2) for x, y in line] for line in DIGITS["7"]]
    prediction = recognizer.predict(drawn([*moved(smaller, 60, 200), *DIGITS["4"]]), digits=1)
    assert (prediction.text, prediction.digits[0].strokes) == ("4", (1, 2))


def test_signs_are_not_taken_apart_for_a_digit(
    recognizer: Recognizer, bundled: list[Drawing]
) -> None:
    """A cross holds no one, and a face no zero; what they are like is not accepted."""
    signs = [drawing for drawing in bundled if not drawing.word]
    cross = [[(60, 60), (120, 120)], [(120, 60), (60, 120)]]
    sources: list[Any] = [*signs, drawn(cross), picture(cross)]
    for sign in sources:
        prediction = recognizer.predict(sign, digits=1)
        assert prediction.text == ""
        assert [digit.accepted for digit in prediction.digits] in ([], [False])


def test_a_digit_is_read_alike_with_and_without_a_cell(
    recognizer: Recognizer, bundled: list[Drawing]
) -> None:
    """Knowing that there is one digit changes no right answer to one."""
    single = [drawing for drawing in bundled if drawing.word]
    answers = recognizer.predict_many(single, digits=1)
    assert [answer.text for answer in answers] == [drawing.word for drawing in single]


@given(drawing=drawings(min_strokes=0))
def test_a_cell_has_one_digit_at_most(recognizer: Recognizer, drawing: Drawing) -> None:
    """Whatever was drawn, and the same with a cache that has seen it read as a number."""
    cache = RecognitionCache()
    plain = recognizer.predict(drawing, cache=cache)
    cell = recognizer.predict(drawing, digits=1, cache=cache)
    assert len(cell.digits) <= 1
    assert cell.text in ("", *"0123456789")
    assert cell.text == recognizer.predict(drawing, digits=1).text
    assert recognizer.predict(drawing, cache=cache).text == plain.text


@given(drawing=drawings(min_strokes=0), allowed=st.text("0123456789", min_size=1, max_size=4))
def test_only_allowed_digits_are_read(
    recognizer: Recognizer, drawing: Drawing, allowed: str
) -> None:
    """The others have no probability, and the cache does not keep what was allowed."""
    cache = RecognitionCache()
    plain = recognizer.predict(drawing, cache=cache)
    prediction = recognizer.predict(drawing, allowed=allowed, cache=cache)
    assert set(prediction.text) <= {*allowed, "?"}
    for digit in prediction.digits:
        assert str(digit.label) in allowed
        assert digit.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert set(np.flatnonzero(digit.probabilities)) <= {int(label) for label in allowed}
    again = recognizer.predict(drawing, allowed="0123456789", cache=cache)
    assert again.text == plain.text


def test_a_digit_that_is_not_allowed_is_not_read_as_another(recognizer: Recognizer) -> None:
    """It reads as "?" beside digits; a doubtful one reads as the likeliest that is allowed."""
    number = drawn([*moved(DIGITS["7"], -50, 0), *moved(DIGITS["0"], 100, 0)])
    assert recognizer.predict(number).text == "70"
    assert recognizer.predict(number, allowed="123456789").text == "7?"
    assert recognizer.predict(drawn(DIGITS["0"]), allowed="89").text == ""
    probabilities = np.array([[0.45, 0, 0, 0, 0, 0, 0.55, 0, 0, 0]], np.float32)
    kept, likelihoods = Expected(allowed="123456789").restrict(
        (probabilities, np.ones(1, np.float32))
    )
    assert (kept[0, 6], likelihoods[0]) == (1, pytest.approx(0.55))


def test_what_is_allowed_takes_part_in_the_search(recognizer: Recognizer) -> None:
    """Where ones cannot occur, two bars are the parts of a sign rather than an eleven."""
    bars = drawn([*moved(DIGITS["1"], -20, 0), *moved(DIGITS["1"], 20, 0)])
    assert recognizer.predict(bars).text == "11"
    assert recognizer.predict(bars, allowed="023456789").text == ""


def test_the_command_line_passes_it_on(command: Command, tmp_path: Path) -> None:
    """`--digits 1` and `--allowed`; anything else is wrong usage, in one line."""
    cell = picture(DIGITS["7"])
    cell[:, :6] = 0
    path = tmp_path / "cell.png"
    Image.fromarray(cell).save(path)
    (line,) = command("predict", "--json", "--digits", 1, path).lines
    assert json.loads(line)["text"] == "7"
    options = ("--json", "--digits", 1, "--allowed", "12", "--top", 2)
    (line,) = command("predict", *options, path).lines
    record = json.loads(line)
    assert record["text"] == ""
    assert [set(each) for each in record["alternatives"]] == [{"text", "probability"}] * 2
    for wrong in (("--digits", 2), ("--allowed", "x"), ("--allowed", "")):
        outcome = command("predict", *wrong, path)
        assert outcome.code == 2
        assert len(outcome.err.splitlines()) == 1


def test_many_sources_with_the_same_knowledge(recognizer: Recognizer) -> None:
    """`predict_many` and `attempt_many` pass it on."""
    sources: list[Any] = [picture(DIGITS["7"]), drawn(DIGITS["0"]), drawn([])]
    for many in (recognizer.predict_many, recognizer.attempt_many):
        texts = [
            getattr(each, "text", None) for each in many(sources, digits=1, allowed="123456789")
        ]
        assert texts == ["7", "", ""]


@pytest.mark.parametrize(
    "known",
    [
        {"digits": 0}, {"digits": 2}, {"digits": "1"}, {"digits": True}, {"allowed": ""},
        {"allowed": "x"}, {"allowed": "1x" * 5000}, {"allowed": 7}, {"allowed": "²"},
    ],
)  # fmt: skip
def test_the_error_for_impossible_knowledge(recognizer: Recognizer, known: Any) -> None:
    """One short line at the call, which is also a ValueError."""
    for call in (recognizer.predict, recognizer.predict_many, recognizer.attempt_many):
        with pytest.raises(ArgumentError, match=r"\A(digits|allowed)=.{,150}\Z") as caught:
            call([], **known)
        assert isinstance(caught.value, ValueError)
        assert isinstance(caught.value, DigitnetError)


sides = st.integers(0, 100).map(float)
boxes = st.lists(st.tuples(sides, sides, sides, sides), min_size=1, max_size=9)


@given(drawn_boxes=boxes, data=st.data())
def test_candidates_of_a_cell_are_runs_in_its_order(drawn_boxes: Any, data: st.DataObject) -> None:
    """Each piece is in the order once, what touches stays together, and no cost is negative."""
    index = st.integers(0, len(drawn_boxes) - 1)
    touching = data.draw(st.lists(st.tuples(index, index), max_size=3))
    cell = build_cell(drawn_boxes, touching=touching)
    assert sorted(cell.order) == list(range(len(drawn_boxes)))
    for candidate in cell.candidates:
        members = cell.members(candidate)
        assert members
        assert all((one in members) == (other in members) for one, other in touching)
        assert cell.left_out[candidate] >= 0


def test_a_scribble_in_a_cell_is_one_piece(recognizer: Recognizer) -> None:
    """It takes no longer to read than a digit."""
    bars = [[(4 * x, 20), (4 * x + 2, 120)] for x in range(40)]
    drawing = replace(drawn(bars), pen=0.01)
    assert [digit.strokes for digit in recognizer.predict(drawing, digits=1).digits] in (
        [],
        [tuple(range(40))],
    )
