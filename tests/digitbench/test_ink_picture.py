"""Ink as vector graphics: it fills the picture, and shows order and direction of strokes."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given

from digitbench.report.ink_picture import picture_ink
from digitbench.strategies import drawings
from digitnet import Drawing, Stroke

NUMBER = re.compile(r"-?\d+\.\d")


def points(path: str) -> list[tuple[float, float]]:
    """Return the coordinates of a path, or of several triangles."""
    numbers = [float(number) for number in NUMBER.findall(path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def triangles(arrows: str) -> list[list[tuple[float, float]]]:
    """Return triangles, each with its tip first."""
    return [points(arrow) for arrow in arrows.split("z")[:-1]]


@given(drawing=drawings(min_strokes=0))
def test_all_ink_is_within_the_picture(drawing: Drawing) -> None:
    """Points, arrows and numbers, for ink of any size and number of strokes."""
    picture = picture_ink(drawing)
    assert 0 < picture.width < 400
    assert 0 < picture.height < 400
    drawn = points("".join([*picture.paths, picture.arrows]))
    for x, y in [*drawn, *(label[:2] for label in picture.labels)]:
        assert -0.1 <= x <= picture.width + 0.1
        assert -0.1 <= y <= picture.height + 0.1


@given(drawing=drawings())
def test_a_drawing_looks_the_same_at_any_position(drawing: Drawing) -> None:
    """Ink moved by whole pixels gives the same picture, except for rounding."""
    moved = Drawing(
        tuple(Stroke((x + 64, y + 32, t) for x, y, t in s.points) for s in drawing.strokes),
        canvas=drawing.canvas or (1000, 1000),
        pen=drawing.pen,
    )
    still = Drawing(drawing.strokes, canvas=moved.canvas, pen=drawing.pen)
    here, there = picture_ink(still), picture_ink(moved)
    assert (here.width, here.height) == pytest.approx((there.width, there.height), abs=0.2)
    assert [label[2] for label in here.labels] == [label[2] for label in there.labels]


def test_arrows_point_in_the_direction_of_drawing() -> None:
    """Along a stroke down, then to the right."""
    corner = Stroke.of([0, 0, 0, 50, 100], [0, 50, 100, 100, 100])
    arrows = triangles(picture_ink(Drawing((corner,), canvas=(100, 100), pen=0.05)).arrows)
    headings = [
        np.subtract(tip, np.mean([left, right], axis=0)).round() for tip, left, right in arrows
    ]
    assert len(headings) >= 4
    down, right = headings[0], headings[-1]
    assert down[1] > 0
    assert down[0] == pytest.approx(0, abs=0.5)
    assert right[0] > 0
    assert right[1] == pytest.approx(0, abs=0.5)


def test_strokes_are_numbered_in_order() -> None:
    """Each near its start, without overlaps."""
    strokes = [Stroke.of([10, 90], [20, 20]), Stroke.of([10, 10], [20, 90])]
    picture = picture_ink(Drawing(tuple(strokes), canvas=(100, 100), pen=0.02))
    (x1, y1, first), (x2, y2, second) = picture.labels
    assert (first, second) == (1, 2)
    assert math.dist((x1, y1), (x2, y2)) >= 1.4 * picture.radius
    start = points(picture.paths[0])[0]
    assert all(math.dist(start, place[:2]) < 2 * picture.radius for place in picture.labels)


def test_a_tap_is_a_dot() -> None:
    """A line of zero length, with room around it."""
    picture = picture_ink(Drawing((Stroke([(5, 5)]),), canvas=(100, 100), pen=0.05))
    assert picture.paths[-1].endswith("h0")
    assert picture.pen < picture.width / 4
    assert picture.arrows == ""


def test_long_scribbles_make_small_pictures() -> None:
    """For any number of points."""
    rng = np.random.default_rng(0)
    scribble = Drawing((Stroke(rng.uniform(0, 600, (50_000, 2)).tolist()),), canvas=(600, 600))
    picture = picture_ink(scribble)
    assert sum(map(len, picture.paths)) + len(picture.arrows) < 60_000
