"""Ink in a photo does not depend on the light, and blank paper has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitnet import Recognizer
from digitnet.preprocessing.clutter import remove_clutter
from digitnet.preprocessing.components import connected_components
from digitnet.preprocessing.grey_image import GreyImage
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
    """Check that a mask contains the middles of the strokes, and nothing away from them."""
    assert mask.dtype == np.float32
    assert 0 <= mask.min() <= mask.max() <= 1
    assert (mask[render([SEVEN, ONE], SHAPE, radius=2) == 1] > 0.5).all()
    assert not mask[render([SEVEN, ONE], SHAPE, radius=9) == 0].any()


@settings(max_examples=15)
@given(darkest=st.floats(0.35, 1), angle=st.floats(0, 6.28), contrast=st.floats(0.4, 0.9))
def test_light_does_not_matter(darkest: float, angle: float, contrast: float) -> None:
    """Ink is found on paper lit from any side, down to a third of the light."""
    paper = np.float32(0.9) * ramp(darkest, angle)
    assert_is_the_ink(ink_on_paper(noisy(paper * (1 - np.float32(contrast) * INK))))


def test_light_ink_on_dark_paper_is_found() -> None:
    """Chalk counts as ink."""
    board = np.float32(0.2) * ramp(0.6, 1)
    assert_is_the_ink(ink_on_paper(noisy(board * (1 + 2 * INK))))


def test_the_edge_of_a_shadow_is_not_ink() -> None:
    """Neither its sides nor its corners are ink, but ink inside and next to it is found."""
    light = np.ones(SHAPE, np.float32)
    light[100:, 170:] = 0.5
    assert_is_the_ink(ink_on_paper(noisy(np.float32(0.9) * light * (1 - np.float32(0.7) * INK))))


@pytest.mark.parametrize("contrast", [0.1, 0.3])
@pytest.mark.parametrize("is_squared", [False, True])
def test_ruled_lines_are_not_ink(contrast: float, *, is_squared: bool) -> None:
    """Slanting lines are removed, and the strokes that cross them are complete."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    lines = np.abs((y + 0.03 * x) % 25 - 12) <= 0.5
    if is_squared:
        lines |= np.abs((x - 0.03 * y) % 25 - 12) <= 0.5
    paper = np.float32(0.9) * (1 - np.float32(contrast) * lines)
    grey = noisy(paper * (1 - np.float32(0.8) * INK))
    assert is_photo(GreyImage(grey))
    parts = remove_clutter(connected_components(ink_on_paper(grey)))
    assert_is_the_ink(parts.mask * np.isin(parts.labels, parts.ids))


@settings(max_examples=40)
@given(grey=st.floats(0.3, 0.95), amount=st.floats(0, 0.02), darkest=st.floats(0.5, 1))
def test_nothing_is_read_on_blank_paper(
    recognizer: Recognizer, grey: float, amount: float, darkest: float
) -> None:
    """Noise and light alone are not digits."""
    assert recognizer.predict(noisy(np.float32(grey) * ramp(darkest, 2), amount)).text == ""


def test_images_made_by_programs_are_not_photos() -> None:
    """Neither paper of one grey level nor an image too small to show paper is a photo."""
    for grey in (INK, 1 - INK, np.zeros(SHAPE, np.float32)):
        assert not is_photo(GreyImage(grey))
        ink = read_ink(grey)
        mask = np.zeros(ink.shape)
        mask[tuple(map(slice, ink.corner[::-1], np.add(ink.corner[::-1], ink.mask.shape)))] = (
            ink.mask
        )
        np.testing.assert_allclose(mask, INK if grey.any() else 0, atol=1e-6)
    pictured = noisy(np.float32(0.8) - np.float32(0.5) * INK)
    assert is_photo(GreyImage(pictured))
    assert not is_photo(GreyImage(pictured[:99]))


@pytest.mark.parametrize(("share", "expected"), [(0.2, False), (0.3, True)])
def test_a_programs_paper_is_mostly_one_grey_level(share: float, *, expected: bool) -> None:
    """Three quarters of it are the same; a few similar pixels do not make it a photo.

    Ink does not count, however much there is, and may have soft edges.
    """
    grey = np.full((200, 200), 0.8, np.float32)
    inner = grey[2:-2, 2:-2].reshape(-1)
    inner[np.random.default_rng(0).random(inner.size) < share] -= np.float32(0.02)
    grey[2:-2, 2:-2] = inner.reshape(196, 196)
    assert is_photo(GreyImage(grey)) == expected
    grey[20:180, 60:140] = 0
    assert is_photo(GreyImage(grey)) == expected


def ruled(*rows: int) -> Grey:
    """Return a program's white paper with thin lines from one side to the other."""
    grey = np.ones((160, 200), np.float32)
    grey[list(rows)] = 0.7
    return grey


@pytest.mark.parametrize(
    ("rows", "expected"), [((40, 80), False), ((40, 80, 120), True), ((0, 80, 120), True)]
)
@pytest.mark.parametrize("turns", range(4))
def test_three_lines_from_side_to_side_are_ruling(
    rows: tuple[int, ...], turns: int, *, expected: bool
) -> None:
    """Even on paper of one grey level; two lines may be anything, such as a frame."""
    assert is_photo(GreyImage(np.rot90(ruled(*rows), turns))) == expected


@pytest.mark.parametrize("turns", range(4))
def test_lines_that_end_before_a_side_are_ink(turns: int) -> None:
    """Even by a pixel, on either side."""
    grey = ruled(40, 80, 120)
    grey[:, -1] = 1
    assert not is_photo(GreyImage(np.rot90(grey, turns)))


@pytest.mark.parametrize("factor", [1, 2, 3])
@pytest.mark.parametrize("is_dark", [True, False])
def test_the_size_of_a_photo_does_not_matter(factor: int, *, is_dark: bool) -> None:
    """Ink is found to the pixel even if the paper is estimated at a smaller scale.

    The size is one pixel more than a multiple of that scale.
    """
    shape = (factor * SHAPE[0] + 1, factor * SHAPE[1] + 1)
    paths = [SEVEN * factor, ONE * factor]
    ink = render(paths, shape, radius=5 * factor).astype(np.float32)
    y, x = np.mgrid[0 : 1 : shape[0] * 1j, 0 : 1 : shape[1] * 1j]
    light = (0.4 + 0.3 * (x + y)).astype(np.float32)
    mask = ink_on_paper(noisy(light * (1 - 0.7 * ink) if is_dark else 0.3 * light * (1 + 2 * ink)))
    assert (mask[render(paths, shape, radius=3 * factor) == 1] > 0.5).all()
    assert not mask[render(paths, shape, radius=7 * factor) == 0].any()


@pytest.mark.parametrize("radius", [1.5, 3, 8, 14])
def test_lines_of_every_width_are_found(radius: float) -> None:
    """From a fine pen to a marker: middles and edges, and nothing else."""
    ink = render([SEVEN, ONE], SHAPE, radius=radius).astype(np.float32)
    mask = ink_on_paper(noisy(np.float32(0.85) * ramp(0.7, 1) * (1 - np.float32(0.7) * ink)))
    assert (mask[render([SEVEN, ONE], SHAPE, radius=radius - 1) == 1] > 0.3).all()
    assert not mask[render([SEVEN, ONE], SHAPE, radius=radius + 2.5) == 0].any()


def test_thick_and_thin_lines_are_found_together() -> None:
    """Ink that only one of the windows finds is added to the rest."""
    thick = render([ONE], SHAPE, radius=20).astype(np.float32)
    thin = render([SEVEN], SHAPE, radius=2).astype(np.float32)
    mask = ink_on_paper(noisy(np.float32(0.9) * (1 - np.float32(0.7) * np.maximum(thick, thin))))
    assert (mask[render([ONE], SHAPE, radius=17) == 1] > 0.5).all()
    assert (mask[render([SEVEN], SHAPE, radius=1) == 1] > 0.3).all()


@pytest.mark.parametrize(("contrast", "is_found"), [(0.03, False), (0.12, True)])
def test_ink_stands_out_from_the_noise(contrast: float, *, is_found: bool) -> None:
    """Marks hardly stronger than the paper's noise are not ink."""
    grey = noisy(np.float32(0.8) * (1 - np.float32(contrast) * INK))
    mask = ink_on_paper(grey)
    assert mask.shape == SHAPE
    assert mask.any() == is_found
    if is_found:
        assert_is_the_ink(mask)


def test_noise_alone_is_not_ink() -> None:
    """However strong the noise and however dark the paper."""
    for grey in (0.2, 0.5, 0.9):
        for amount in (0, 0.005, 0.03):
            assert not ink_on_paper(noisy(np.full(SHAPE, grey, np.float32), amount)).any()


def test_large_images_are_read_at_a_smaller_scale() -> None:
    """The mask stays small; boxes are in the source's pixels and inside it."""
    ink = read_ink(np.full((6000, 8001), 255, np.uint8))
    assert ink.shape[0] * ink.shape[1] < 2_000_000
    assert ink.size == (8001, 6000)
    height, width = ink.shape
    assert ink.in_source((0, 0, width, height)) == (0, 0, 8001, 6000)


def test_lines_are_read_from_the_top(recognizer: Recognizer) -> None:
    """Clean images can have several lines, too; each is read from left to right."""
    page = np.vstack([INK, INK[:, ::-1], INK])
    page[300:600] = np.roll(INK, 60, axis=1)
    digits = recognizer.predict(page).digits
    assert [(digit.label, digit.line) for digit in digits] == [
        (7, 0), (1, 0), (7, 1), (1, 1), (7, 2), (1, 2)
    ]  # fmt: skip


@pytest.mark.parametrize("is_light", [False, True])
@pytest.mark.parametrize("width", [8, 30, 70])
def test_lines_of_any_width_are_found_on_an_even_canvas(width: int, *, is_light: bool) -> None:
    """Dark or light, even on a paper that is almost black, next to which noise is large."""
    ink = np.zeros((300, 300), np.float32)
    ink[40:260, 150 - width // 2 : 150 + width // 2] = 1
    grey = 0.04 + 0.9 * (ink if is_light else 1 - ink)
    grey += np.random.default_rng(0).normal(0, 1.5 / 255, grey.shape).astype(np.float32)
    found = ink_on_paper(np.clip(grey, 0, 1).astype(np.float32)) > 0.5
    assert np.mean(found != (ink > 0)) < 0.01
