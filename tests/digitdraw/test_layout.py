"""Where things stand in the window, and that they can be read there."""

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
"""Which colour of type stands on which ground."""


def parts_of(size: tuple[int, int]) -> dict[str, pygame.Rect]:
    """All that stands in a window, by name."""
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
def test_everything_has_a_place_of_its_own(size: tuple[int, int]) -> None:
    """Inside the window, not empty, and on nothing else."""
    window = pygame.Rect(0, 0, *size)
    parts = parts_of(size)
    for name, part in parts.items():
        assert window.contains(part), name
        assert part.width > 0, name
        assert part.height > 0, name
    for (name, part), (other_name, other) in combinations(parts.items(), 2):
        assert not part.colliderect(other), (name, other_name)


@given(size=LANDSCAPE | PORTRAIT)
def test_the_board_has_most_of_the_window(size: tuple[int, int]) -> None:
    """Nothing else is as large as the place where one draws."""
    parts = parts_of(size)
    board = parts.pop("board")
    assert all(board.width * board.height > part.width * part.height for part in parts.values())


@given(size=LANDSCAPE | PORTRAIT)
def test_what_the_network_sees_is_shown_in_whole_pixels(size: tuple[int, int]) -> None:
    """Each of its 28x28 pixels is a square of the same size."""
    thumbnail = arrange(*size).thumbnail
    assert thumbnail.width == thumbnail.height
    assert thumbnail.width % 28 == 0


@pytest.mark.parametrize("size", [(960, 640), (640, 960)], ids=str)
def test_rows_and_buttons_stand_in_order(size: tuple[int, int]) -> None:
    """Ten rows from 0 at the top, and each group of buttons in its order, of one size."""
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
    """Relative luminance as WCAG 2.2 defines it."""
    shares = [channel / 255 for channel in colour]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio as WCAG 2.2 defines it, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    """Black on white is 21 to 1, and #767676 on white just passes 4.5 to 1."""
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "ground"), [(text, ground) for text, grounds in TEXT_ON.items() for ground in grounds]
)
def test_text_can_be_read(text: str, ground: str, theme: str) -> None:
    """Type reaches a contrast of 4.5 to 1 on what it stands on (WCAG AA)."""
    colours = THEMES[theme]
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_ink_can_be_seen(theme: str) -> None:
    """Ink on paper reaches even 7 to 1 (WCAG AAA)."""
    assert contrast(THEMES[theme].ink, THEMES[theme].paper) >= 7
