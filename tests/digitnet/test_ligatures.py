"""Cutting strokes that join digits: where, and what the parts are."""

from __future__ import annotations

from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.strategies import strokes
from digitnet import Drawing, Point, Recognizer, Stroke
from digitnet.ink import union
from digitnet.preprocessing.cache import RecognitionCache
from digitnet.preprocessing.ligatures import CutStroke

Path = list[tuple[float, float]]


def circle(x: float, y: float, radius: float, *, start: float = -90, wide: float = 0.7) -> Path:
    """Return a closed ellipse around (x, y), drawn anticlockwise from an angle in degrees."""
    angles = np.radians(start - np.linspace(0, 360, 40))
    return [(x + wide * radius * float(np.cos(a)), y + radius * float(np.sin(a))) for a in angles]


def zeros(count: int) -> Stroke:
    """Return zeros 100 apart and 100 high, joined at their tops by lines in one stroke."""
    return Stroke(chain.from_iterable(circle(100 * i, 0, 50) for i in range(count)))


EIGHTY = Stroke(
    [
        *[(30 * float(np.sin(2 * a)), -50 * float(np.cos(a))) for a in np.linspace(0, 6.28, 60)],
        *circle(95, 0, 50),
    ]
)
THIRTY = Stroke(
    [(-25, -40), (0, -50), (20, -30), (5, -5), (-5, -2), (8, 0), (25, 25), (0, 50), (-28, 38),
     (0, 53), (45, 0), *circle(90, 0, 50, start=-180)]
)  # fmt: skip


def bounds(cut: CutStroke) -> list[tuple[float, ...]]:
    parts = (cut.part(index, index + 1) for index in range(cut.count))
    return [tuple(round(side, 6) for side in part.bounds) for part in parts]


def test_a_stroke_is_cut_where_the_pen_went_on() -> None:
    """In the middle of each line between two circles, from left to right."""
    cut = CutStroke(zeros(3))
    assert cut.count == 3
    lefts = [left for left, *_ in bounds(cut)]
    assert lefts == pytest.approx([-35, 50, 150], abs=15)


@pytest.mark.parametrize(
    "path",
    [
        [(0, 0)],
        [(0, 0), (0, 100)],
        [(0, 0), (300, 0)],
        [(0, 0), (300, 5)],
        circle(0, 0, 50, wide=1.0),
        [(0, 0), (60, 0), (20, 100)],
    ],
    ids=["dot", "one", "flat", "bar", "zero", "seven"],
)
def test_other_strokes_are_left_whole(path: Path) -> None:
    """If they are not wide, or nothing but wide."""
    cut = CutStroke(Stroke(path))
    assert cut.count == 1
    assert cut.part(0, 1) is cut.stroke


@given(stroke=strokes(min_points=2) | st.just(zeros(2)) | st.just(THIRTY))
def test_the_parts_are_the_stroke(stroke: Stroke) -> None:
    """Side by side they hold all of it, and the same ones are the same objects."""
    cut = CutStroke(stroke)
    parts = [cut.part(index, index + 1) for index in range(cut.count)]
    assert union([part.bounds for part in parts]) == pytest.approx(stroke.bounds)
    for one, other in pairwise(parts):
        assert one.bounds[0] + one.bounds[2] == pytest.approx(other.bounds[0])
    assert cut.part(0, cut.count) is stroke
    assert all(cut.part(i, i + 1) is part for i, part in enumerate(parts))


@given(stroke=strokes(min_points=2) | st.just(zeros(3)) | st.just(EIGHTY))
def test_how_it_was_drawn_does_not_matter(stroke: Stroke) -> None:
    """From the other end or with more points, it has the same parts."""
    middles = [
        Point((a.x + b.x) / 2, (a.y + b.y) / 2, (a.t + b.t) / 2) for a, b in pairwise(stroke.points)
    ]
    more = [*chain(*zip(stroke.points, middles, strict=False)), stroke.points[-1]]
    parts = bounds(CutStroke(stroke))
    for points in (stroke.points[::-1], more):
        assert bounds(CutStroke(Stroke(points))) == [pytest.approx(b, abs=1e-4) for b in parts]


@pytest.mark.parametrize(
    ("text", "stroke"),
    [("00", zeros(2)), ("000", zeros(3)), ("80", EIGHTY), ("30", THIRTY)],
    ids=["00", "000", "80", "30"],
)
def test_digits_joined_in_one_stroke_are_read(
    recognizer: Recognizer, text: str, stroke: Stroke
) -> None:
    """They share it, and each has a box of its own."""
    prediction = recognizer.predict(Drawing((stroke,)))
    assert prediction.text == text
    assert [digit.strokes for digit in prediction.digits] == [(0,)] * len(text)
    lefts = [digit.box[0] for digit in prediction.digits]
    assert lefts == sorted(set(lefts))


def test_the_parts_are_cached_with_their_stroke() -> None:
    """While a drawing keeps the stroke, its parts stay the same objects."""
    cache, stroke = RecognitionCache(), zeros(2)
    cache.start_drawing()
    cut = cache.cut(stroke)
    cache.start_drawing()
    assert cache.cut(stroke) is cut
    cache.start_drawing()
    cache.start_drawing()
    assert cache.cut(stroke) is not cut


def test_strokes_touch_where_they_cross_or_meet() -> None:
    """However few points they have; a gap wider than the reach keeps them apart."""
    stem = CutStroke(Stroke([(0, 0), (0, 100)]))
    bar = CutStroke(Stroke([(-30, 50), (30, 50)]))
    far = CutStroke(Stroke([(20, 0), (20, 100)]))
    dot = CutStroke(Stroke([(3, 40)]))
    assert stem.touches(bar, 5)
    assert bar.touches(far, 5)
    assert stem.touches(dot, 5)
    assert not stem.touches(far, 5)
