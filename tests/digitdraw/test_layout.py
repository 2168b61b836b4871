"""The layout of the window, and the contrast of its text."""

from __future__ import annotations

from itertools import combinations

import pygame
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digitdraw.ink.paint import Colour
from digitdraw.input.actions import Slot
from digitdraw.ui.layout import arrange, buttons_in
from digitdraw.ui.theme import THEMES

LANDSCAPE = st.tuples(st.integers(480, 3840), st.integers(360, 2160))
PORTRAIT = st.tuples(st.integers(360, 2160), st.integers(480, 3840))

TEXT_ON = {
    "text": ("background", "button", "button_pressed"),
    "muted": ("background", "paper"),
    "accent": ("paper",),
    "background": ("text",),
    "warning": ("background",),
}
"""The colours of text, each with the backgrounds that it appears on."""


def parts_of(size: tuple[int, int]) -> dict[str, pygame.Rect]:
    """Return all parts of a window by name."""
    layout = arrange(*size)
    bars = {f"bar {label}": bar for label, bar in enumerate(layout.bars)}
    parts = ("board", "answer", "verdict", "thumbnail", "caption", "pen", "status")
    return {name: getattr(layout, name) for name in parts} | bars | layout.buttons


@given(size=LANDSCAPE | PORTRAIT)
@example(size=(480, 360))
@example(size=(360, 480))
@example(size=(3840, 2160))
@example(size=(2160, 3840))
@example(size=(3840, 360))
@example(size=(360, 3840))
def test_parts_do_not_overlap(size: tuple[int, int]) -> None:
    """Each is inside the window and not empty."""
    window = pygame.Rect(0, 0, *size)
    parts = parts_of(size)
    for name, part in parts.items():
        assert window.contains(part), name
        assert part.width > 0, name
        assert part.height > 0, name
    for (name, part), (other_name, other) in combinations(parts.items(), 2):
        assert not part.colliderect(other), (name, other_name)


@given(size=LANDSCAPE | PORTRAIT)
def test_the_board_is_the_largest_part(size: tuple[int, int]) -> None:
    """By area."""
    parts = parts_of(size)
    board = parts.pop("board")
    assert all(board.width * board.height > part.width * part.height for part in parts.values())


@given(size=LANDSCAPE | PORTRAIT)
def test_the_thumbnail_has_square_pixels(size: tuple[int, int]) -> None:
    """Each of the 28x28 pixels is a square of the same size."""
    thumbnail = arrange(*size).thumbnail
    assert thumbnail.width == thumbnail.height
    assert thumbnail.width % 28 == 0


@pytest.mark.parametrize("size", [(960, 640), (640, 960)], ids=str)
def test_rows_and_buttons_are_in_order(size: tuple[int, int]) -> None:
    """Ten rows with 0 at the top, and the buttons of each group in order and of one size."""
    layout = arrange(*size)
    assert len(layout.bars) == 10
    tops = [bar.top for bar in layout.bars]
    assert tops == sorted(tops)
    tools = (*buttons_in(Slot.INK_TOOLS), *buttons_in(Slot.APP_TOOLS))
    assert tuple(layout.buttons) == (*tools, *buttons_in(Slot.ANSWER))
    for group in (tools, buttons_in(Slot.ANSWER)):
        buttons = [layout.buttons[name] for name in group]
        assert [b.topleft for b in buttons] == sorted(b.topleft for b in buttons)
        assert len({button.size for button in buttons}) == 1


def luminance(colour: Colour) -> float:
    """Return the relative luminance, as WCAG 2.2 defines it."""
    shares = [channel / 255 for channel in colour]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21 to 1, and #767676 on white just passes 4.5 to 1."""
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "background"),
    [(text, background) for text, backgrounds in TEXT_ON.items() for background in backgrounds],
)
def test_text_has_enough_contrast(text: str, background: str, theme: str) -> None:
    """At least 4.5 to 1 to its background (WCAG AA)."""
    colours = THEMES[theme]
    assert contrast(getattr(colours, text), getattr(colours, background)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_ink_has_high_contrast(theme: str) -> None:
    """At least 7 to 1 to paper (WCAG AAA)."""
    assert contrast(THEMES[theme].ink, THEMES[theme].paper) >= 7
