"""The cache never changes a prediction, and only new ink is computed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.strategies import strokes
from digitnet import Drawing, Prediction, Recognizer, Stroke
from digitnet.preprocessing.cache import RecognitionCache
from digitnet.preprocessing.segmentation import MAX_STROKES


def said(prediction: Prediction) -> list[tuple[Any, ...]]:
    return [(d.label, d.accepted, d.strokes, d.box, d.image.tolist()) for d in prediction.digits]


def assert_same(one: Prediction, other: Prediction) -> None:
    assert said(one) == said(other)
    for a, b in zip(one.digits, other.digits, strict=True):
        assert np.abs(a.probabilities - b.probabilities).max() < 1e-5
        assert abs(a.likelihood - b.likelihood) < 1e-5


@given(
    ink=st.lists(strokes(side=200, max_points=5), min_size=1, max_size=6),
    doings=st.lists(st.sampled_from(["draw", "undo", "again", "pen", "twice"]), max_size=12),
)
def test_cache_changes_no_answer(recognizer: Recognizer, ink: list[Any], doings: list[str]) -> None:
    """Whether ink is added, removed, kept, repeated, or drawn with another pen."""
    cache, drawing, left = RecognitionCache(), Drawing((), canvas=(200, 200), pen=0.05), list(ink)
    for doing in doings:
        if doing == "draw" and left:
            drawing = replace(drawing, strokes=(*drawing.strokes, left.pop()))
        elif doing == "undo":
            drawing = replace(drawing, strokes=drawing.strokes[:-1])
        elif doing == "pen":
            drawing = replace(drawing, pen=0.1 if drawing.pen == 0.05 else 0.05)
        elif doing == "twice":
            drawing = replace(drawing, strokes=drawing.strokes[-1:] * 2)
        assert_same(recognizer.predict(drawing, cache=cache), recognizer.predict(drawing))


def test_only_new_candidates_run_through_the_network(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only candidates with the newest stroke, and none for an unchanged drawing."""
    asked: list[int] = []
    answer = Recognizer.answer

    def noted(self: Recognizer, batch: Any) -> Any:
        asked.append(len(batch))
        return answer(self, batch)

    monkeypatch.setattr(Recognizer, "answer", noted)
    # Next to each other, each one stroke and equally tall.
    ink = tuple(line_at(x) for x in range(0, 800, 100))
    cache = RecognitionCache()
    for count in range(1, len(ink) + 1):
        recognizer.predict(Drawing(ink[:count]), cache=cache)
    recognizer.predict(Drawing(ink), cache=cache)
    assert len(asked) == len(ink)
    assert max(asked) <= 4


def test_images_between_drawings_are_not_cached(recognizer: Recognizer) -> None:
    """Only strokes are cached; an image is always read."""
    cache = RecognitionCache()
    picture = np.zeros((60, 60), np.uint8)
    picture[10:50, 28:32] = 255
    drawing = Drawing((line_at(10),))
    for source in (drawing, picture, drawing, 255 - picture, picture):
        assert_same(recognizer.predict(source, cache=cache), recognizer.predict(source))


def test_too_many_strokes_are_one_scribble(recognizer: Recognizer) -> None:
    """It takes no longer to read than a digit."""
    ink = [line_at(20 * x) for x in range(MAX_STROKES + 1)]
    assert len(recognizer.predict(Drawing(tuple(ink))).digits) == 1
    assert len(recognizer.predict(Drawing(tuple(ink[1:]))).digits) > 1


def line_at(x: float) -> Stroke:
    """Draw an upright line."""
    return Stroke([(x, 0), (x + 2, 100)])
