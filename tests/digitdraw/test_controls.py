"""Buttons, bars, slider and tooltips: when they act, and what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from digitdraw.model.board import THICKEST, THINNEST
from digitdraw.ui.layout import arrange
from digitdraw.ui.theme import LIGHT

if TYPE_CHECKING:
    from tests.digitdraw.conftest import XY, Pilot, Shown

NO_BUTTON = (0, 0, 0)
BUTTONS = list(arrange(960, 640).buttons)


def place_of(pilot: Pilot, rect: pygame.Rect) -> XY:
    """Return the centre of a rectangle of the window, relative to the board's corner."""
    left, top = pilot.app.board_area.topleft
    return rect.centerx - left, rect.centery - top


def bar(pilot: Pilot, digit: int) -> XY:
    """Return the centre of a digit's bar."""
    return place_of(pilot, arrange(*pilot.surface.get_size()).bars[digit])


@pytest.mark.parametrize("name", BUTTONS)
def test_a_held_button_looks_pressed_until_it_is_released(pilot: Pilot, name: str) -> None:
    """It acts on release, wherever on it the press was."""
    pilot.draw(pilot.SEVEN)
    rect = arrange(*pilot.surface.get_size()).buttons[name]
    corner = (rect.left - pilot.app.board_area.left + 2, rect.top - pilot.app.board_area.top + 2)
    before = pilot.pixels()
    pilot.press(corner)
    held = pilot.pixels()
    changed = np.argwhere((held != before).any(axis=-1))
    assert len(changed)
    assert all(rect.collidepoint(x, y) for x, y in changed.tolist())
    pilot.release((5000, 5000))
    assert (pilot.pixels() == before).all()


@pytest.mark.parametrize("name", ["clear", "theme", "help"])
def test_a_button_acts_on_release_on_itself_only(pilot: Pilot, name: str) -> None:
    """Pressed elsewhere and released on it, or the other way round, nothing happens."""
    pilot.draw(pilot.SEVEN)
    before = pilot.pixels()
    for start, end in (
        (pilot.button("save"), pilot.button(name)),
        (pilot.button(name), pilot.button("save")),
        ((-8, 300), pilot.button(name)),
    ):
        pilot.press(start)
        pilot.move(end)
        pilot.release(end)
        assert (pilot.pixels() == before).all()
    pilot.click(name)
    assert (pilot.pixels() != before).any()


@pytest.mark.parametrize(
    "lost",
    [
        pygame.event.Event(pygame.WINDOWFOCUSLOST),
        pygame.event.Event(pygame.WINDOWMINIMIZED),
        pygame.event.Event(
            pygame.MOUSEMOTION, pos=(300, 300), rel=(0, 0), buttons=NO_BUTTON, touch=False
        ),
    ],
    ids=["focus", "minimized", "motion"],
)
def test_a_button_whose_release_was_missed_does_not_act(
    pilot: Pilot, lost: pygame.event.Event
) -> None:
    """Even if the pen was last seen on it; the next press is like any other."""
    pilot.draw(pilot.SEVEN)
    pilot.press(pilot.button("clear"))
    pilot.step(lost)
    assert pilot.strokes == [pilot.SEVEN]
    pilot.release(pilot.button("clear"))
    assert pilot.strokes == [pilot.SEVEN]
    pilot.click("clear")
    assert pilot.app.board.is_blank


def test_a_button_held_while_a_page_opens_is_let_go(pilot: Pilot) -> None:
    """The click that closes the page presses nothing under it."""
    pilot.draw(pilot.SEVEN)
    pilot.press(pilot.button("clear"))
    pilot.key(pygame.K_F1)
    pilot.release(pilot.button("clear"))
    pilot.click("clear")
    assert pilot.strokes == [pilot.SEVEN]
    pilot.click("clear")
    assert pilot.app.board.is_blank


@pytest.mark.parametrize("name", BUTTONS)
def test_a_tooltip_comes_after_a_while_and_goes(pilot: Pilot, name: str) -> None:
    """It covers everything else, and leaves no trace."""
    pilot.hover((300, 300))
    before = pilot.pixels()
    pilot.hover(pilot.button(name), 400)
    assert (pilot.pixels() == before).all()
    pilot.hover(pilot.button(name), 200)
    tip = (pilot.pixels() != before).any(axis=-1)
    assert tip.sum() > 400
    assert (pilot.pixels()[tip] == LIGHT.text).all(axis=-1).mean() > 0.5
    pilot.hover((300, 300))
    assert (pilot.pixels() == before).all()


@pytest.mark.parametrize("size", [(480, 360), (500, 900), (1920, 1080)], ids=str)
def test_a_tooltip_is_whole_in_any_window(pilot: Pilot, size: tuple[int, int]) -> None:
    """It neither leaves the window nor covers its own button's centre."""
    pilot.resize(size)
    window = pilot.surface.get_rect()
    for name in BUTTONS:
        pilot.hover((1, 1))
        before = pilot.pixels()
        pilot.hover(pilot.button(name), 600)
        changed = np.argwhere((pilot.pixels() != before).any(axis=-1))
        (left, top), (right, bottom) = changed.min(axis=0), changed.max(axis=0)
        tip = pygame.Rect(left, top, right - left + 1, bottom - top + 1)
        assert window.contains(tip)
        assert not tip.collidepoint(arrange(*size).buttons[name].center)


@pytest.mark.parametrize("way", ["leave", "press", "draw", "key"])
def test_any_action_hides_the_tooltip(pilot: Pilot, way: str) -> None:
    """By leaving the window, a press, a stroke or Esc."""
    pilot.draw([(300, 300)])
    before = pilot.pixels()
    pilot.hover(pilot.button("undo"), 600)
    assert (pilot.pixels() != before).any()
    if way == "leave":
        pilot.step(pygame.event.Event(pygame.WINDOWLEAVE))
    elif way == "press":
        pilot.press(pilot.button("undo"))
        pilot.release((5000, 5000))
    elif way == "draw":
        pilot.draw([(300, 300)])
        pilot.app.undo()
        pilot.draw([(300, 300)])
        pilot.app.undo()
        pilot.step()
    else:
        pilot.key(pygame.K_ESCAPE)
    pilot.now += 600
    pilot.step()
    tools = arrange(*pilot.surface.get_size()).tools
    next_to = slice(tools.right, tools.right + 100)
    assert (pilot.pixels()[next_to] == before[next_to]).all()


def test_a_press_next_to_all_controls_clears_focus_and_tooltip(pilot: Pilot) -> None:
    """At once, and not only when something else is drawn."""
    before = pilot.pixels()
    pilot.key(pygame.K_TAB)
    assert (pilot.pixels() != before).any()
    left, top = pilot.app.board_area.topleft
    pilot.press((-left, -top))
    assert (pilot.pixels() == before).all()


def test_no_tooltip_comes_over_a_page(pilot: Pilot) -> None:
    """The buttons under it cannot be pressed."""
    pilot.key(pygame.K_F1)
    before = pilot.pixels()
    pilot.hover(pilot.button("undo"), 600)
    assert (pilot.pixels() == before).all()


def test_a_button_that_is_pressed_has_no_tooltip(pilot: Pilot) -> None:
    """No matter how long it is held."""
    pilot.press(pilot.button("undo"))
    before = pilot.pixels()
    pilot.now += 5000
    pilot.step()
    assert (pilot.pixels() == before).all()


def focus_of(pilot: Pilot) -> str:
    """Return the button with a frame in the accent colour; "" for none."""
    found = [
        name
        for name, rect in arrange(*pilot.surface.get_size()).buttons.items()
        if (pilot.pixels()[rect.left : rect.right, rect.centery] == LIGHT.accent).all(axis=-1).any()
    ]
    assert len(found) < 2
    return found[0] if found else ""


def test_tab_visits_every_button_and_wraps_around(pilot: Pilot) -> None:
    """In the order of the window, marked by a frame; with Shift in reverse."""
    assert focus_of(pilot) == ""
    seen = []
    for _ in range(len(BUTTONS) + 1):
        pilot.key(pygame.K_TAB)
        pilot.now += 600
        pilot.step()
        seen.append(focus_of(pilot))
    assert seen == [*BUTTONS, BUTTONS[0]]
    pilot.key(pygame.K_TAB, pygame.KMOD_LSHIFT)
    assert focus_of(pilot) == BUTTONS[-1]
    pilot.key(pygame.K_ESCAPE)
    assert focus_of(pilot) == ""
    pilot.key(pygame.K_TAB, pygame.KMOD_LSHIFT)
    assert focus_of(pilot) == BUTTONS[-1]


def test_the_focused_buttons_tooltip_stays_while_the_mouse_rests(pilot: Pilot) -> None:
    """Keyboard users see the tooltip of the focused button, not of the one under the mouse."""
    pilot.hover(pilot.button("help"), 600)
    layout = arrange(*pilot.surface.get_size())
    pilot.key(pygame.K_TAB)
    for _ in range(2):
        for name, rect in ((BUTTONS[0], layout.buttons[BUTTONS[0]]), ("", layout.buttons["help"])):
            next_to = pilot.surface.get_at((rect.right + 2 * layout.unit, rect.centery))
            assert (tuple(next_to)[:3] == LIGHT.text) == bool(name)
        pilot.now += 600
        pilot.step()


@pytest.mark.parametrize("key", [pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE])
def test_enter_and_space_press_the_focused_button(pilot: Pilot, key: int) -> None:
    """The focus stays, so that it can be pressed again; without focus they do nothing."""
    pilot.draw(*pilot.FOUR)
    pilot.key(key)
    assert pilot.strokes == pilot.FOUR
    for _ in range(BUTTONS.index("undo") + 1):
        pilot.key(pygame.K_TAB)
    pilot.key(key)
    assert len(pilot.strokes) == 1
    pilot.key(key)
    assert pilot.app.board.is_blank
    assert focus_of(pilot) == "undo"


def test_the_slider_follows_the_pen_beyond_its_ends(pilot: Pilot) -> None:
    """It follows the mouse anywhere from press to release, within its bounds."""
    start = place_of(pilot, arrange(*pilot.surface.get_size()).pen)
    pilot.press(start)
    middle = pilot.app.settings.pen
    assert THINNEST < middle < THICKEST
    pilot.move((start[0] + 20, -300))
    assert pilot.app.settings.pen > middle
    for x, pen in ((5000, THICKEST), (-5000, THINNEST)):
        pilot.move((x, 300))
        assert pilot.app.settings.pen == pen
    pilot.release((-5000, 300))
    pilot.move(start, NO_BUTTON)
    pilot.move(start)
    assert pilot.app.settings.pen == THINNEST
    assert pilot.strokes == []


def test_a_stroke_over_the_slider_is_a_stroke(pilot: Pilot) -> None:
    """A stroke that begins on the board ends there."""
    pen = pilot.app.settings.pen
    pilot.draw([(100, 100), place_of(pilot, arrange(*pilot.surface.get_size()).pen)])
    assert pilot.app.settings.pen == pen
    assert len(pilot.strokes) == 1


def test_the_right_button_moves_no_slider(pilot: Pilot) -> None:
    """Neither does it label."""
    pilot.draw(pilot.SEVEN)
    pen = pilot.app.settings.pen
    for place in (place_of(pilot, arrange(*pilot.surface.get_size()).pen), bar(pilot, 3)):
        pilot.press(place, 3)
        pilot.move((place[0] + 30, place[1]), (0, 0, 1))
        pilot.release(place, 3)
    assert pilot.app.settings.pen == pen
    assert pilot.app.truth is None


@pytest.mark.parametrize("digit", range(10))
def test_a_click_on_a_bar_labels(pilot: Pilot, shown: Shown, digit: int) -> None:
    """By mouse and by finger, and the window shows the label."""
    pilot.draw(pilot.SEVEN)
    pilot.press(bar(pilot, digit))
    assert pilot.app.truth != str(digit)
    pilot.release(bar(pilot, digit))
    assert pilot.app.truth == str(digit)
    assert shown.line("verdict") == f"Labelled {digit}"
    pilot.touch([bar(pilot, (digit + 1) % 10)])
    assert pilot.app.truth == str((digit + 1) % 10)
