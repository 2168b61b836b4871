"""Labels that cannot belong to their ink."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.formats.labels import check_belongs
from digitbench.formats.skipped import SkippedError
from digitnet import Drawing, Stroke


def bar(x: float, y: float, height: float = 50) -> Stroke:
    return Stroke.of([x, x + 5], [y, y + height])


@pytest.mark.parametrize(
    ("word", "strokes", "message"),
    [
        ("7", [bar(x, 0) for x in range(9)], "'7' cannot belong to as many as 9 strokes"),
        ("7", [bar(x, 0) for x in range(8)], ""),
        ("12", [bar(10 * x, 0) for x in range(12)], ""),
        ("7", [bar(0, 0), bar(90, 0)], "'7' cannot belong to 2 parts that are apart"),
        ("7", [bar(0, 0), bar(0, 130)], "'7' cannot belong to 2 parts that are apart"),
        ("12", [bar(0, 0), bar(90, 0), bar(180, 0)], "'12' cannot belong to 3 parts"),
        ("12", [bar(0, 0), bar(90, 0)], ""),
        ("7", [bar(0, 0), bar(14, 0), bar(0, 90)], ""),
        ("7", [bar(0, 0), bar(20, 0)], "'7' cannot belong to 2 parts that are apart"),
        ("7", [bar(0, 0), bar(20, 0, 30)], ""),
        ("7", [bar(0, 0), Stroke([(300, 0)]), Stroke.of([200, 290], [9, 9])], ""),
        ("7", [], ""),
    ],
    ids=str,
)
def test_a_label_of_less_than_the_ink_is_refused(
    word: str, strokes: list[Stroke], message: str
) -> None:
    """More than four strokes a digit and four more, or more high parts than digits."""
    drawing = Drawing(tuple(strokes), word=word)
    if not message:
        check_belongs(drawing, 0)
        return
    with pytest.raises(SkippedError, match=message):
        check_belongs(drawing, 0)


def test_a_label_without_digits_is_refused_for_a_page() -> None:
    """It has too few characters for so many strokes; the name of an object has none."""
    page = Drawing(tuple(bar(x, 0) for x in range(99)))
    check_belongs(page, 0)
    with pytest.raises(SkippedError, match="a label of 5 characters cannot belong"):
        check_belongs(page, len("Notes"))


@given(
    heights=st.lists(st.integers(20, 60), min_size=1, max_size=12),
    gaps=st.lists(st.floats(1, 99), min_size=12, max_size=12),
)
def test_a_number_of_one_stroke_a_digit_belongs(heights: list[int], gaps: list[float]) -> None:
    """However many digits, and however far apart."""
    strokes, x = [], 0.0
    for height, gap in zip(heights, gaps, strict=False):
        strokes.append(bar(x, 0, height))
        x += 5 + gap
    check_belongs(Drawing(tuple(strokes), word="1" * len(strokes)), 0)
