"""Made pictures of every kind, with ink from the bundled recordings, are read."""

from __future__ import annotations

import numpy as np
import pytest

from digitbench.run.suite import bundled_recordings, read_all
from digitnet import Recognizer
from picture_kinds import Inks
from pictures import KINDS, edits, read_kind, summarize

LARGE = {"sheet of boxes": 2, "large sheet of boxes": 1, "sudoku": 2, "few boxes": 4}
"""Kinds of which a few pictures are enough."""

MEASURED = ("letters and digits", "no paper")
"""Kinds that are read too badly for a test, as some letters look like digits, and some things."""

FLOORS = {
    "cell, up to the edge": 0.9,
    "row of touching boxes": 0.9,
    "row of separate boxes": 0.85,
    "comb": 0.9,
    "dashed lines on two sides": 0.9,
    "few boxes": 0.9,
    "sheet of boxes": 0.9,
    "large sheet of boxes": 0.95,
    "sudoku": 0.9,
}


@pytest.fixture(scope="module")
def inks(recognizer: Recognizer) -> Inks:
    """The strokes of all bundled digits and numbers."""
    recordings = list(read_all(bundled_recordings()))
    numbers = [d for d in recordings if len(d.word) > 1]
    return Inks(
        drawings=[d for d in recordings if len(d.word) == 1],
        numbers=[
            (drawing, [digit.strokes or () for digit in answer.digits])
            for drawing, answer in zip(numbers, recognizer.predict_many(numbers), strict=True)
        ],
    )


@pytest.mark.parametrize("name", [name for name in KINDS if name not in MEASURED])
def test_pictures_are_read(name: str, inks: Inks, recognizer: Recognizer) -> None:
    """For most kinds, 96 % of the digits are right; blank paper reads as blank."""
    report = summarize(read_kind(KINDS[name], LARGE.get(name, 25), 100, inks, recognizer))
    if name == "blank with noise":
        assert report["right"] == report["pictures"]
    assert report["digits"] >= FLOORS.get(name, 0.96)


def test_the_same_seed_makes_the_same_picture(inks: Inks) -> None:
    make = KINDS["blank with noise"]
    one, other = (make(inks, np.random.default_rng(5)) for _ in range(2))
    assert one == other or np.array_equal(np.asarray(one[0]), np.asarray(other[0]))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0), ("123", "", 3), ("", "12", 2), ("1234", "1334", 1), ("1234", "0123", 2)],
)
def test_edits_are_counted(one: str, other: str, expected: int) -> None:
    assert edits(one, other) == edits(other, one) == expected
