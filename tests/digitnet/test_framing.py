"""Framing: a digit gives the same 28x28 at any position and size and in any stroke order.

Images that should be the same may differ by one grey level: coordinates are floats, and what rounds
up in one image may round down in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from digitbench.strategies import drawings
from digitnet import Drawing
from digitnet.preprocessing.framing import BOX, RADIUS, SIDE, SOFTNESS, frame_strokes
from digitnet.preprocessing.raster import render

if TYPE_CHECKING:
    from numpy.typing import NDArray

Paths: TypeAlias = "list[NDArray[np.float64]]"
Picture: TypeAlias = "NDArray[np.uint8]"

PEN = 25.0

# Half a pixel, and a little for centres that are all but between two pixels.
HALF = 0.5 + 0.02


def paths_of(drawing: Drawing) -> Paths:
    return [stroke.xy for stroke in drawing.strokes]


def extent_of(paths: Paths) -> float:
    return float(np.ptp(np.concatenate(paths), axis=0).max())


inks: SearchStrategy[Paths] = drawings().map(paths_of)
shapes = inks.filter(lambda paths: extent_of(paths) >= PEN)


def size_of(picture: Picture) -> tuple[int, int]:
    rows, columns = np.nonzero(picture)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def centre_of(picture: Picture) -> NDArray[np.float64]:
    """Return the centre of mass, (x, y), relative to the image's middle."""
    ys, xs = np.mgrid[:SIDE, :SIDE] + 0.5 - SIDE / 2
    return np.array([np.average(axis, weights=picture) for axis in (xs, ys)])


def assert_same(picture: Picture, other: Picture) -> None:
    difference = np.abs(picture.astype(int) - other)
    assert difference.max() <= 1, f"{np.count_nonzero(difference)} pixels differ"


@given(paths=inks, x=st.floats(-1e4, 1e4), y=st.floats(-1e4, 1e4))
def test_moved_ink_is_the_same(paths: Paths, x: float, y: float) -> None:
    """The position on the canvas does not matter."""
    moved = frame_strokes([path + np.array([x, y]) for path in paths], pen=PEN)
    assert_same(moved, frame_strokes(paths, pen=PEN))


@given(paths=inks, factor=st.floats(0.01, 100))
def test_scaled_ink_is_the_same(paths: Paths, factor: float) -> None:
    """The size does not matter if the pen scales with it."""
    scaled = frame_strokes([path * factor for path in paths], pen=PEN * factor)
    assert_same(scaled, frame_strokes(paths, pen=PEN))


@given(paths=shapes, pen=st.floats(0, 2 * PEN))
def test_the_pen_does_not_matter(paths: Paths, pen: float) -> None:
    """The line is equally wide with any pen, unless all the ink is one dot."""
    assert_same(frame_strokes(paths, pen=pen), frame_strokes(paths))


@given(paths=inks, draw=st.data())
def test_order_and_direction_of_strokes_do_not_matter(paths: Paths, draw: st.DataObject) -> None:
    """Strokes can be drawn in any order and from either end."""
    again = [
        path[::-1] if draw.draw(st.booleans()) else path
        for path in draw.draw(st.permutations(paths))
    ]
    assert_same(frame_strokes(again, pen=PEN), frame_strokes(paths, pen=PEN))


@given(paths=inks, share=st.floats(0, 1))
def test_points_along_a_segment_do_not_matter(paths: Paths, share: float) -> None:
    """The pen's sampling rate along a straight line does not matter."""
    again = []
    for path in paths:
        between = path[:-1] + share * np.diff(path, axis=0)
        again.append(np.insert(path, np.arange(1, len(path)), between, axis=0))
    assert_same(frame_strokes(again, pen=PEN), frame_strokes(paths, pen=PEN))


@given(paths=inks)
def test_the_image_is_28_by_28_bytes_with_full_ink(paths: Paths) -> None:
    """Ink gives uint8 (28, 28), 255 on the line and 0 elsewhere."""
    picture = frame_strokes(paths, pen=PEN)
    assert picture.dtype == np.uint8
    assert picture.shape == (SIDE, SIDE)
    assert picture.max() == 255
    assert picture.min() == 0


def test_no_paths_give_a_blank_image() -> None:
    """Without ink, the image is blank."""
    assert frame_strokes([]).tolist() == [[0] * SIDE] * SIDE


@given(paths=shapes)
def test_the_longer_side_is_20_pixels(paths: Paths) -> None:
    """The ink fills MNIST's box: its longer side is 20 pixels, give or take one for soft edges."""
    assert abs(max(size_of(frame_strokes(paths, pen=PEN))) - BOX) <= 1


@given(paths=shapes)
def test_no_ink_is_cut(paths: Paths) -> None:
    """All ink that the same strokes leave on larger paper is in the image, pixel for pixel."""
    low, margin = np.concatenate(paths).min(axis=0), RADIUS + (SOFTNESS - 1) / 2
    scale = (BOX - 2 * margin) / extent_of(paths)
    enlarged = [(path - low) * scale + 20 + margin for path in paths]
    paper = render(enlarged, (60, 60), radius=RADIUS, softness=SOFTNESS)
    picture = frame_strokes(paths, pen=PEN)
    inked = np.rint(paper[paper > 0.5 / 255] * 255)
    np.testing.assert_allclose(np.sort(picture[picture > 0]), np.sort(inked), atol=1)


@given(paths=inks)
def test_the_centre_of_mass_is_in_the_middle(paths: Paths) -> None:
    """The ink is centred to half a pixel, or as far as possible without cutting it off."""
    picture = frame_strokes(paths, pen=PEN)
    for offset, first, last in zip(
        centre_of(picture),
        (picture[:, 0], picture[0]),
        (picture[:, -1], picture[-1]),
        strict=True,
    ):
        is_at_the_edge = first.any() if offset > 0 else last.any()
        assert abs(offset) <= HALF or is_at_the_edge


def test_ink_with_its_mass_at_one_end_stays_whole() -> None:
    """A long tail is not pushed out of the image to centre a heavy head."""
    head = [np.array([[x, 0.0], [x, 100.0]]) for x in range(0, 25, 5)]
    picture = frame_strokes([*head, np.array([[0.0, 50.0], [100.0, 50.0]])])
    assert size_of(picture)[0] == BOX
    assert picture[:, -1].any()
    assert centre_of(picture)[0] < -0.5


@pytest.mark.parametrize("pen", [0.0, PEN])
@pytest.mark.parametrize("place", [(0, 0), (250, 250), (500, 0), (33.3, 66.6)])
def test_a_dot_is_a_dot_in_the_middle(place: tuple[float, float], pen: float) -> None:
    """A click without movement is as large as the line is wide, and is centred."""
    picture = frame_strokes([np.array([place])], pen=pen)
    assert max(size_of(picture)) <= 4
    assert np.abs(centre_of(picture)).max() <= HALF


@given(jitter=st.lists(st.tuples(st.integers(100, 101), st.integers(100, 101)), min_size=1))
def test_a_click_that_jitters_is_still_a_dot(jitter: Sequence[tuple[int, int]]) -> None:
    """If the hand shakes by a pixel with a pen of 25, the ink is not a line of full length."""
    picture = frame_strokes([np.array(jitter, float)], pen=PEN)
    assert max(size_of(picture)) <= 7
    assert np.abs(centre_of(picture)).max() <= HALF


@given(paths=inks, pen=st.floats(0, 200))
def test_a_thicker_pen_makes_nothing_larger(paths: Paths, pen: float) -> None:
    """There is no jump from a shape to a dot: a slightly thicker pen changes little."""
    assume(extent_of(paths) > 0)
    thin, thick = (frame_strokes(paths, pen=width) for width in (pen, pen * 1.01))
    assert max(size_of(thick)) <= max(size_of(thin))
    assert max(size_of(thin)) - max(size_of(thick)) <= 2


@given(paths=shapes, factor=st.floats(0.1, 10))
def test_ink_below_the_smallest_size_stays_small(paths: Paths, factor: float) -> None:
    """Ink below the minimum size fills its share of the box, and other ink all of it."""
    picture = frame_strokes(paths, smallest=extent_of(paths) * factor)
    line = 2 * RADIUS + SOFTNESS
    longest = line + (BOX - line) / max(factor, 1)
    assert max(size_of(picture)) == pytest.approx(longest, abs=1.5)


@pytest.mark.parametrize("extent", [5e-324, 1e-300, 1e-9, 1e7])
def test_no_extent_is_too_small_or_too_large(extent: float) -> None:
    """A diagonal of any length that a stroke can have gives the same image."""
    picture = frame_strokes([np.array([[0, 0], [extent, extent]])])
    assert_same(picture, frame_strokes([np.array([[0.0, 0.0], [1.0, 1.0]])]))
