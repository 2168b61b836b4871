"""Hypothesis strategies for ink; all shrink to simple drawings: one dot, one short line."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from digitnet import Drawing, Stroke


def strokes(
    *, side: int = 500, min_points: int = 1, max_points: int = 12
) -> SearchStrategy[Stroke]:
    """Strokes on whole pixels of a square canvas, with strictly increasing times.

    Args:
        side: of the canvas, in pixels.
        min_points: least number of points.
        max_points: largest number of points.
    """
    pixel = st.integers(0, side)
    step = st.integers(1, 40)
    row = st.tuples(pixel, pixel, step)
    return st.lists(row, min_size=min_points, max_size=max_points).map(_with_times)


def _with_times(rows: list[tuple[int, int, int]]) -> Stroke:
    clock = 0
    points = []
    for x, y, step in rows:
        points.append((x, y, clock))
        clock += step
    return Stroke(points)


def drawings(
    *,
    side: int = 500,
    min_strokes: int = 1,
    max_strokes: int = 4,
    min_points: int = 1,
    max_points: int = 12,
    word: SearchStrategy[str] | None = None,
) -> SearchStrategy[Drawing]:
    """Drawings of a few strokes, one after another, with pen, device and label.

    Args:
        side: of the square canvas, in pixels.
        min_strokes: least number of strokes.
        max_strokes: largest number of strokes.
        min_points: least number of points in a stroke.
        max_points: largest number of points in a stroke.
        word: the labels; None for "" and single digits.
    """
    return st.builds(
        Drawing,
        strokes=st.lists(
            strokes(side=side, min_points=min_points, max_points=max_points),
            min_size=min_strokes,
            max_size=max_strokes,
        ).map(_one_after_another),
        word=st.sampled_from(["", *"0123456789"]) if word is None else word,
        canvas=st.just((side, side)),
        pen=st.sampled_from([0.05, 0.015, 0.15]),
        device=st.sampled_from(["mouse", "touch", "pen"]),
    )


def _one_after_another(drawn: list[Stroke]) -> tuple[Stroke, ...]:
    clock = 0.0
    moved = []
    for stroke in drawn:
        moved.append(Stroke((x, y, t + clock) for x, y, t in stroke.points))
        clock = moved[-1].points[-1].t + 100
    return tuple(moved)
