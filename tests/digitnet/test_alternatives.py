"""Other texts for the same ink, and their probabilities."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.strategies import drawings
from digitnet import ArgumentError, Drawing, Prediction, Recognizer, Stroke
from digitnet.alternatives import Edge, best_readings

NUMBER = Drawing(
    (
        Stroke.of([20, 80, 45], [100, 100, 200]),
        Stroke.of([160, 140, 205], [100, 160, 160]),
        Stroke.of([188, 185], [125, 200]),
    ),
    canvas=(300, 300),
    pen=0.03,
)


@given(
    drawing=drawings(min_strokes=0),
    count=st.integers(1, 6),
    digits=st.sampled_from([None, 1]),
    allowed=st.sampled_from([None, "17"]),
)
def test_the_answer_comes_first(
    recognizer: Recognizer, drawing: Drawing, count: int, digits: Any, allowed: Any
) -> None:
    """Then other texts, from the most probable; together no more than certain."""
    prediction = recognizer.predict(drawing, digits=digits, allowed=allowed)
    found = prediction.alternatives(count)
    assert 1 <= len(found) <= count
    assert found[0].text == prediction.text
    assert len({text for text, _ in found}) == len(found)
    assert all(one.probability >= two.probability for one, two in pairwise(found[1:]))
    assert all(0 <= probability <= 1 for _, probability in found)
    assert sum(probability for _, probability in found) <= 1 + 1e-6
    assert prediction.alternatives(1) == found[:1]


def test_one_digit_has_the_probabilities_of_its_labels(
    recognizer: Recognizer, seven: Drawing
) -> None:
    """Those of the labels, given that it is a digit, times the likelihood of that."""
    prediction = recognizer.predict(seven)
    (digit,) = prediction.digits
    found = dict(prediction.alternatives(11))
    assert found[""] == pytest.approx(1 - digit.likelihood, abs=1e-4)
    for label in range(10):
        expected = digit.likelihood * float(digit.probabilities[label])
        assert found.get(str(label), 0.0) == pytest.approx(expected, abs=1e-4)


def test_digits_of_a_number_are_combined(recognizer: Recognizer) -> None:
    """In pictures and drawings, and those of other lines."""
    prediction = recognizer.predict(NUMBER)
    first, *others = prediction.alternatives(5)
    assert (prediction.text, first.text) == ("74", "74")
    assert first.probability > 0.9
    assert {text for text, _ in others} & {"14", "79", "?4", "7?"}
    lower = [Stroke([(x, y + 200) for x, y, _ in stroke.points]) for stroke in NUMBER.strokes]
    both = recognizer.predict(Drawing((*NUMBER.strokes, *lower)))
    assert both.alternatives(1)[0].text == both.text == "7474"


def test_nothing_has_one_alternative(recognizer: Recognizer) -> None:
    """A blank source is certainly blank."""
    for blank in (Drawing(()), np.zeros((50, 50))):
        for digits in (None, 1):
            assert recognizer.predict(blank, digits=digits).alternatives() == [("", 1.0)]


def test_predictions_keep_their_alternatives(recognizer: Recognizer) -> None:
    """In a pickle too; those made of digits alone only vary the labels."""
    prediction = recognizer.predict(NUMBER)
    copy: Prediction = pickle.loads(pickle.dumps(prediction))  # noqa: S301 - our own bytes
    assert copy.alternatives(4) == prediction.alternatives(4)
    assert Prediction(prediction.digits).alternatives(2)[0].text == "74"


@pytest.mark.parametrize("count", [0, -1, 1.5, "3", True, None])
def test_the_error_for_an_invalid_count(recognizer: Recognizer, count: Any) -> None:
    """The message is one line."""
    with pytest.raises(ArgumentError, match=r"\Acount=.+\Z"):
        recognizer.predict(NUMBER).alternatives(count)


@given(data=st.data(), last=st.integers(1, 4))
def test_all_readings_of_a_line_add_up_to_one(data: st.DataObject, last: int) -> None:
    """And the first is the best path with the likeliest label of each piece."""
    edges = []
    for stop in range(1, last + 1):
        for start in range(stop):
            if start == stop - 1 or data.draw(st.booleans()):
                label = data.draw(st.integers(0, 8))
                probabilities = np.zeros(10, np.float32)
                probabilities[label : label + 2] = 0.75, 0.25
                answer = (probabilities, data.draw(st.floats(0.5, 1)), True)
                edges.append(Edge(start, stop, data.draw(st.floats(-5, 0)), 1.0, answer))
    readings = best_readings([edges], 10_000)
    assert math.fsum(probability for probability, _ in readings) == pytest.approx(1)
    totals = {0: 0.0}
    for stop in range(1, last + 1):
        totals[stop] = max(totals[e.start] + e.score for e in edges if e.stop == stop)
    path, stop = [], last
    while stop:
        edge = next(
            e for e in edges if e.stop == stop and totals[e.start] + e.score == totals[stop]
        )
        assert edge.answer is not None
        path.append(int(edge.answer[0].argmax()))
        stop = edge.start
    best = max(probability for probability, _ in readings)
    ties = [
        [p.label for p in pieces] for probability, pieces in readings if probability > best - 1e-9
    ]
    assert path[::-1] in ties
