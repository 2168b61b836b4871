"""The rasterizer, compared with distances computed one by one, and with sampled areas."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from digitnet.preprocessing import raster
from digitnet.preprocessing.raster import render, squared_distance

if TYPE_CHECKING:
    from numpy.typing import NDArray

Place: TypeAlias = tuple[float, float]
Picture: TypeAlias = "NDArray[np.float64]"

HEIGHT, WIDTH = 12, 16

places = st.tuples(st.floats(-6, WIDTH + 6), st.floats(-6, HEIGHT + 6))
polylines = st.lists(places, min_size=1, max_size=6).map(np.array)
inks: SearchStrategy[list[Picture]] = st.lists(polylines, min_size=1, max_size=3)
radii = st.floats(0.5, 4)
softnesses = st.floats(0.5, 3)


def assert_equal(actual: Picture, expected: Picture | float) -> None:
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-9)


def distance_to_segment(place: Place, start: Place, end: Place) -> float:
    """Measure to the nearer end, or perpendicular to the line."""
    (px, py), (ax, ay), (bx, by) = place, start, end
    to_start, to_end = math.hypot(px - ax, py - ay), math.hypot(px - bx, py - by)
    length = math.hypot(bx - ax, by - ay)
    is_between = (px - ax) * (bx - ax) + (py - ay) * (by - ay) > 0 and (px - bx) * (ax - bx) + (
        py - by
    ) * (ay - by) > 0
    if not is_between:
        return min(to_start, to_end)
    return abs((bx - ax) * (py - ay) - (by - ay) * (px - ax)) / length


def distance_to_ink(place: Place, paths: Sequence[Picture]) -> float:
    return min(
        distance_to_segment(place, tuple(start), tuple(end))
        for path in paths
        for start, end in zip(path, [*path[1:], path[-1]], strict=True)
    )


def render_pixel_by_pixel(paths: Sequence[Picture], radius: float, softness: float) -> Picture:
    picture = np.zeros((HEIGHT, WIDTH))
    for row in range(HEIGHT):
        for column in range(WIDTH):
            distance = distance_to_ink((column + 0.5, row + 0.5), paths)
            grey = (radius + softness / 2 - distance) / softness
            picture[row, column] = min(max(grey, 0), 1)
    return picture


def covered_area(paths: Sequence[Picture], radius: float, samples: int = 8) -> Picture:
    """Return, for each pixel, the share of its samples that are on the ink."""
    ys, xs = (np.mgrid[: HEIGHT * samples, : WIDTH * samples] + 0.5) / samples
    covered = np.zeros(xs.shape, bool)
    for path in paths:
        for x, y in path:
            covered |= np.hypot(xs - x, ys - y) <= radius
        for (ax, ay), (bx, by) in itertools.pairwise(path):
            # Rotated so that the segment lies on the first axis.
            length = math.hypot(bx - ax, by - ay)
            cos, sin = (bx - ax) / length, (by - ay) / length
            along, across = (xs - ax) * cos + (ys - ay) * sin, (ys - ay) * cos - (xs - ax) * sin
            covered |= (along >= 0) & (along <= length) & (np.abs(across) <= radius)
    shares: Picture = covered.reshape(HEIGHT, samples, WIDTH, samples).mean(axis=(1, 3))
    return shares


@given(paths=inks, radius=radii, softness=softnesses)
def test_grey_levels_follow_from_the_distance_to_the_nearest_segment(
    paths: list[Picture], radius: float, softness: float
) -> None:
    """Each pixel has exactly the level given by its distance to the ink, computed one by one."""
    picture = render(paths, (HEIGHT, WIDTH), radius=radius, softness=softness)
    assert_equal(picture, render_pixel_by_pixel(paths, radius, softness))


@pytest.mark.parametrize("points", [100, 1000])
def test_a_long_scribble_is_as_exact_as_a_short_line(points: int) -> None:
    """The optimization for large amounts of ink does not change a pixel."""
    scribble = [np.random.default_rng(points).uniform(-20, 40, (points, 2))]
    picture = render(scribble, (HEIGHT, WIDTH), radius=0.3)
    assert_equal(picture, render_pixel_by_pixel(scribble, 0.3, 1))


@pytest.mark.parametrize("radius", [0.75, 1.25, 2.0])
@pytest.mark.parametrize("seed", range(5))
def test_grey_levels_are_about_the_covered_area(seed: int, radius: float) -> None:
    """Grey levels are covered areas, except at corners; a quarter pixel off errs twice as much."""
    rng = np.random.default_rng(seed)
    paths = [rng.uniform(0, (WIDTH, HEIGHT), (points, 2)) for points in (1, 2, 5)]
    error = np.abs(render(paths, (HEIGHT, WIDTH), radius=radius) - covered_area(paths, radius))
    assert error.mean() < 0.025


def test_a_dot_is_round() -> None:
    """A single point is a disc: symmetrical in eight ways, with the area given by its radius."""
    dot = render([np.array([[10.5, 10.5]])], (21, 21), radius=6)
    for seen in (dot[::-1], dot[:, ::-1], dot.T):
        assert_equal(seen, dot)
    assert dot.sum() == pytest.approx(math.pi * 6**2, rel=0.01)


def test_a_line_is_as_wide_as_twice_its_radius() -> None:
    """The ink across a straight line adds up to its width."""
    line = render([np.array([[-5.0, 6.3], [30.0, 6.3]])], (HEIGHT, WIDTH), radius=2.2)
    assert_equal(line.sum(axis=0), 4.4)


def test_no_paths_give_a_blank_image() -> None:
    """If nothing is drawn, the image has its size and no ink."""
    blank = render([], (3, 4), radius=1)
    assert blank.shape == (3, 4)
    assert blank.dtype == np.float64
    assert not blank.any()


@given(paths=inks, radius=radii, left=st.integers(-40, 40), top=st.integers(-40, 40))
def test_an_image_is_a_window_on_endless_paper(
    paths: list[Picture], radius: float, left: int, top: int
) -> None:
    """Ink outside the image is cut off, and changes nothing inside."""
    window = render([path - (left, top) for path in paths], (HEIGHT, WIDTH), radius=radius)
    paper = render([path + 50 for path in paths], (120, 120), radius=radius)
    seen = paper[top + 50 : top + 50 + HEIGHT, left + 50 : left + 50 + WIDTH]
    assert_equal(window, seen)


def test_ink_far_outside_is_cut_off() -> None:
    """Lines that begin and end thousands of pixels outside cross the image like any other."""
    far = render([np.array([[-5000.0, 6.0], [5000.0, 6.0]])], (HEIGHT, WIDTH), radius=1)
    near = render([np.array([[-5.0, 6.0], [25.0, 6.0]])], (HEIGHT, WIDTH), radius=1)
    assert_equal(far, near)
    assert not render([np.array([[1e7, 1e7]])], (HEIGHT, WIDTH), radius=1).any()


@given(paths=inks, radius=radii, draw=st.data())
def test_order_and_direction_do_not_matter(
    paths: list[Picture], radius: float, draw: st.DataObject
) -> None:
    """The image is the same for any order and direction of the strokes."""
    again = [
        path[::-1] if draw.draw(st.booleans()) else path
        for path in draw.draw(st.permutations(paths))
    ]
    assert_equal(
        render(again, (HEIGHT, WIDTH), radius=radius),
        render(paths, (HEIGHT, WIDTH), radius=radius),
    )


@pytest.mark.parametrize(("few", "block"), [(0, 1), (0, 300), (0, 2**20), (2**13, 2**20)])
@settings(max_examples=15)
@given(paths=inks, reach=st.floats(0.3, 6))
def test_distances_are_exact_within_reach(
    monkeypatch: pytest.MonkeyPatch, few: int, block: int, paths: list[Picture], reach: float
) -> None:
    """And never too short beyond it, whichever way they are computed, in any number of blocks."""
    monkeypatch.setattr(raster, "_FEW", few)
    monkeypatch.setattr(raster, "_BLOCK", block)
    measured = squared_distance(paths, (HEIGHT, WIDTH), reach)
    assert measured.shape == (HEIGHT, WIDTH)
    for (row, column), distance in np.ndenumerate(np.sqrt(measured)):
        expected = distance_to_ink((column + 0.5, row + 0.5), paths)
        assert distance > expected - 1e-9
        assert distance < expected + 1e-6 or expected > reach - 1e-9


@pytest.mark.parametrize("few", [0, 2**13])
@pytest.mark.parametrize("number", [np.int16, np.float16, np.float32])
def test_paths_can_have_any_dtype(
    monkeypatch: pytest.MonkeyPatch, few: int, number: type[np.number[Any]]
) -> None:
    """Integers and short floats are drawn as exactly as others; the result is float64."""
    monkeypatch.setattr(raster, "_FEW", few)
    path = np.array([(1, 2), (11, 3), (14, 10)])
    drawn = render([path.astype(number)], (HEIGHT, WIDTH), radius=2)
    assert drawn.dtype == np.float64
    assert_equal(drawn, render([path.astype(np.float64)], (HEIGHT, WIDTH), radius=2))


@pytest.mark.parametrize("few", [0, 2**13])
@pytest.mark.parametrize("points", [2, 3])
def test_a_stroke_without_movement_is_a_dot(
    monkeypatch: pytest.MonkeyPatch, few: int, points: int
) -> None:
    """However often the same point is repeated."""
    monkeypatch.setattr(raster, "_FEW", few)
    dot = render([np.array([[5.25, 6.5]])], (HEIGHT, WIDTH), radius=2)
    again = render([np.array([[5.25, 6.5]] * points)], (HEIGHT, WIDTH), radius=2)
    assert_equal(again, dot)
