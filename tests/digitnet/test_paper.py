"""The ink on a photo does not depend on light, and paper alone has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitnet import Recognizer
from digitnet.preprocessing.clutter import without_clutter
from digitnet.preprocessing.components import connected_parts
from digitnet.preprocessing.greys import Greys
from digitnet.preprocessing.images import read_ink
from digitnet.preprocessing.paper import ink_on_paper, is_photo
from digitnet.preprocessing.raster import render

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grey = NDArray[np.float32]

SHAPE = (300, 400)
SEVEN = np.array([(60, 60), (130, 60), (90, 200)], np.float64)
ONE = np.array([(240, 60), (240, 200)], np.float64)
INK = render([SEVEN, ONE], SHAPE, radius=5).astype(np.float32)


def noisy(grey: Grey, amount: float = 0.006) -> Grey:
    noise = np.random.default_rng(0).normal(0, amount, grey.shape)
    rounded: Grey = np.rint(np.clip(grey + noise, 0, 1) * 255).astype(np.float32) / np.float32(255)
    return rounded


def ramp(darkest: float, angle: float) -> Grey:
    y, x = np.mgrid[-0.5 : 0.5 : SHAPE[0] * 1j, -0.5 : 0.5 : SHAPE[1] * 1j]
    light: Grey = (
        1 - (1 - darkest) * (0.5 + (x * np.cos(angle) + y * np.sin(angle)) / 1.5)
    ).astype(np.float32)
    return light


def assert_is_the_ink(mask: Grey) -> None:
    """Hold that a mask has the strokes' middles, and nothing beside them."""
    assert mask.dtype == np.float32
    assert 0 <= mask.min() <= mask.max() <= 1
    assert (mask[render([SEVEN, ONE], SHAPE, radius=2) == 1] > 0.5).all()
    assert not mask[render([SEVEN, ONE], SHAPE, radius=9) == 0].any()


@settings(max_examples=15)
@given(darkest=st.floats(0.35, 1), angle=st.floats(0, 6.28), contrast=st.floats(0.4, 0.9))
def test_the_light_is_not_seen(darkest: float, angle: float, contrast: float) -> None:
    """Ink is found on paper that is lit from any side, down to a third of the light."""
    paper = np.float32(0.9) * ramp(darkest, angle)
    assert_is_the_ink(ink_on_paper(noisy(paper * (1 - np.float32(contrast) * INK))))


def test_light_ink_on_dark_paper_is_found() -> None:
    """Chalk is ink, too."""
    board = np.float32(0.2) * ramp(0.6, 1)
    assert_is_the_ink(ink_on_paper(noisy(board * (1 + 2 * INK))))


def test_the_edge_of_a_shadow_is_no_ink() -> None:
    """Neither its side nor its corner is found, and the ink in it and beside it is."""
    light = np.ones(SHAPE, np.float32)
    light[100:, 170:] = 0.5
    assert_is_the_ink(ink_on_paper(noisy(np.float32(0.9) * light * (1 - np.float32(0.7) * INK))))


@pytest.mark.parametrize("contrast", [0.1, 0.3])
@pytest.mark.parametrize("is_squared", [False, True])
def test_the_papers_lines_are_no_ink(contrast: float, *, is_squared: bool) -> None:
    """Slanting lines are taken away, and the strokes that they cross are whole."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    lines = np.abs((y + 0.03 * x) % 25 - 12) <= 0.5
    if is_squared:
        lines |= np.abs((x - 0.03 * y) % 25 - 12) <= 0.5
    paper = np.float32(0.9) * (1 - np.float32(contrast) * lines)
    grey = noisy(paper * (1 - np.float32(0.8) * INK))
    assert is_photo(Greys(grey))
    parts = without_clutter(connected_parts(ink_on_paper(grey)))
    assert_is_the_ink(parts.mask * np.isin(parts.labels, parts.numbers))


@settings(max_examples=40)
@given(grey=st.floats(0.3, 0.95), amount=st.floats(0, 0.02), darkest=st.floats(0.5, 1))
def test_nothing_is_read_on_empty_paper(
    recognizer: Recognizer, grey: float, amount: float, darkest: float
) -> None:
    """Noise and light alone are no digit."""
    assert recognizer.predict(noisy(np.float32(grey) * ramp(darkest, 2), amount)).text == ""


def test_pictures_that_programs_make_are_no_photos() -> None:
    """Paper of one grey is read as it is; so is what is too small to show any paper."""
    for grey in (INK, 1 - INK, np.zeros(SHAPE, np.float32)):
        assert not is_photo(Greys(grey))
        ink = read_ink(grey)
        mask = np.zeros(ink.shape)
        mask[tuple(map(slice, ink.corner[::-1], np.add(ink.corner[::-1], ink.mask.shape)))] = (
            ink.mask
        )
        np.testing.assert_allclose(mask, INK if grey.any() else 0, atol=1e-6)
    pictured = noisy(np.float32(0.8) - np.float32(0.5) * INK)
    assert is_photo(Greys(pictured))
    assert not is_photo(Greys(pictured[:99]))


def test_large_pictures_are_read_at_a_smaller_scale() -> None:
    """What is worked on stays small, boxes come in the source's pixels, and stay inside."""
    ink = read_ink(np.full((6000, 8001), 255, np.uint8))
    assert ink.shape[0] * ink.shape[1] < 2_000_000
    assert ink.size == (8001, 6000)
    height, width = ink.shape
    assert ink.in_source((0, 0, width, height)) == (0, 0, 8001, 6000)


def test_lines_are_read_from_the_top(recognizer: Recognizer) -> None:
    """A clean picture, too, may have several lines; each is read from left to right."""
    page = np.vstack([INK, INK[:, ::-1], INK])
    page[300:600] = np.roll(INK, 60, axis=1)
    digits = recognizer.predict(page).digits
    assert [(digit.label, digit.line) for digit in digits] == [
        (7, 0), (1, 0), (7, 1), (1, 1), (7, 2), (1, 2)
    ]  # fmt: skip
