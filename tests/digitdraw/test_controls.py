"""Buttons, bars, slider and tooltips: what acts when, and what is seen of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from digitdraw.model.board import THICKEST, THINNEST
from digitdraw.model.reader import Reader
from digitdraw.ui.layout import arrange
from digitdraw.ui.panel import percent
from digitdraw.ui.theme import LIGHT
from digitnet import Drawing, Prediction, Recognizer

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.digitdraw.conftest import XY, NewPilot, Pilot, Shown

NO_BUTTON = (0, 0, 0)
BUTTONS = list(arrange(960, 640).buttons)


def pixels(pilot: Pilot) -> NDArray[np.uint8]:
    """Copy what the window shows, uint8 (width, height, 3)."""
    return pygame.surfarray.array3d(pilot.surface)


def hover(pilot: Pilot, place: XY, patience: int = 0) -> None:
    """Move the mouse with no button held, and wait there for some milliseconds."""
    pilot.move(place, NO_BUTTON)
    pilot.now += patience
    pilot.step()


def place_of(pilot: Pilot, rect: pygame.Rect) -> XY:
    """Find the middle of a rectangle of the window, from the board's corner."""
    left, top = pilot.app.board_area.topleft
    return rect.centerx - left, rect.centery - top


def bar(pilot: Pilot, digit: int) -> XY:
    """Find the middle of a digit's bar."""
    return place_of(pilot, arrange(*pilot.surface.get_size()).bars[digit])


def in_digit(pilot: Pilot, index: int) -> XY:
    """Find the middle of a digit that was read."""
    assert pilot.app.prediction is not None
    left, top, width, height = pilot.app.prediction.digits[index].box
    return left + width / 2, top + height / 2


@pytest.mark.parametrize("name", BUTTONS)
def test_a_held_button_looks_pressed_until_it_is_released(pilot: Pilot, name: str) -> None:
    """It acts on release, wherever it was pressed on it."""
    pilot.draw(pilot.SEVEN)
    rect = arrange(*pilot.surface.get_size()).buttons[name]
    corner = (rect.left - pilot.app.board_area.left + 2, rect.top - pilot.app.board_area.top + 2)
    before = pixels(pilot)
    pilot.press(corner)
    held = pixels(pilot)
    changed = np.argwhere((held != before).any(axis=-1))
    assert len(changed)
    assert all(rect.collidepoint(x, y) for x, y in changed.tolist())
    pilot.release((5000, 5000))
    assert (pixels(pilot) == before).all()


@pytest.mark.parametrize("name", ["clear", "theme", "help"])
def test_a_button_acts_on_release_on_itself_only(pilot: Pilot, name: str) -> None:
    """Pressed elsewhere and released on it, or the other way round, nothing happens."""
    pilot.draw(pilot.SEVEN)
    before = pixels(pilot)
    for start, end in (
        (pilot.button("save"), pilot.button(name)),
        (pilot.button(name), pilot.button("save")),
        ((-8, 300), pilot.button(name)),
    ):
        pilot.press(start)
        pilot.move(end)
        pilot.release(end)
        assert (pixels(pilot) == before).all()
    pilot.click(name)
    assert (pixels(pilot) != before).any()


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
def test_a_button_whose_release_was_not_heard_does_not_act(
    pilot: Pilot, lost: pygame.event.Event
) -> None:
    """Though the pen was last seen on it; what comes next is a press like any other."""
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
    """Over everything else, and nothing of it remains."""
    hover(pilot, (300, 300))
    before = pixels(pilot)
    hover(pilot, pilot.button(name), 400)
    assert (pixels(pilot) == before).all()
    hover(pilot, pilot.button(name), 200)
    tip = (pixels(pilot) != before).any(axis=-1)
    assert tip.sum() > 400
    assert (pixels(pilot)[tip] == LIGHT.text).all(axis=-1).mean() > 0.5
    hover(pilot, (300, 300))
    assert (pixels(pilot) == before).all()


@pytest.mark.parametrize("size", [(480, 360), (500, 900), (1920, 1080)], ids=str)
def test_a_tooltip_is_whole_in_any_window(pilot: Pilot, size: tuple[int, int]) -> None:
    """It does not hang over the edge, nor lie on its own button's middle."""
    pilot.resize(size)
    window = pilot.surface.get_rect()
    for name in BUTTONS:
        hover(pilot, (1, 1))
        before = pixels(pilot)
        hover(pilot, pilot.button(name), 600)
        changed = np.argwhere((pixels(pilot) != before).any(axis=-1))
        (left, top), (right, bottom) = changed.min(axis=0), changed.max(axis=0)
        tip = pygame.Rect(left, top, right - left + 1, bottom - top + 1)
        assert window.contains(tip)
        assert not tip.collidepoint(arrange(*size).buttons[name].center)


@pytest.mark.parametrize("way", ["leave", "press", "draw", "key"])
def test_whatever_is_done_takes_the_tooltip_away(pilot: Pilot, way: str) -> None:
    """Leaving the window, a press, a stroke, Esc."""
    pilot.draw([(300, 300)])
    before = pixels(pilot)
    hover(pilot, pilot.button("undo"), 600)
    assert (pixels(pilot) != before).any()
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
    beside = slice(tools.right, tools.right + 100)
    assert (pixels(pilot)[beside] == before[beside]).all()


def test_a_press_beside_all_controls_takes_focus_and_tooltip_away(pilot: Pilot) -> None:
    """At once, and not only when something else is drawn."""
    before = pixels(pilot)
    pilot.key(pygame.K_TAB)
    assert (pixels(pilot) != before).any()
    left, top = pilot.app.board_area.topleft
    pilot.press((-left, -top))
    assert (pixels(pilot) == before).all()


def test_no_tooltip_comes_over_a_page(pilot: Pilot) -> None:
    """The buttons below it cannot be pressed."""
    pilot.key(pygame.K_F1)
    before = pixels(pilot)
    hover(pilot, pilot.button("undo"), 600)
    assert (pixels(pilot) == before).all()


def test_a_button_that_is_pressed_has_no_tooltip(pilot: Pilot) -> None:
    """However long it is held."""
    pilot.press(pilot.button("undo"))
    before = pixels(pilot)
    pilot.now += 5000
    pilot.step()
    assert (pixels(pilot) == before).all()


def focus_of(pilot: Pilot) -> str:
    """Find the button around which a frame of the accent's colour is seen; "" for none."""
    found = [
        name
        for name, rect in arrange(*pilot.surface.get_size()).buttons.items()
        if (pixels(pilot)[rect.left : rect.right, rect.centery] == LIGHT.accent).all(axis=-1).any()
    ]
    assert len(found) < 2
    return found[0] if found else ""


def test_tab_visits_every_button_and_comes_round(pilot: Pilot) -> None:
    """In the order of the window, seen by a frame, with Shift the other way."""
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


def test_the_focused_buttons_tooltip_stays_beside_a_resting_mouse(pilot: Pilot) -> None:
    """Who goes on by keys is told of what the keys are at, not of what the mouse lies on."""
    hover(pilot, pilot.button("help"), 600)
    layout = arrange(*pilot.surface.get_size())
    pilot.key(pygame.K_TAB)
    for _ in range(2):
        for name, rect in ((BUTTONS[0], layout.buttons[BUTTONS[0]]), ("", layout.buttons["help"])):
            beside = pilot.surface.get_at((rect.right + 2 * layout.unit, rect.centery))
            assert (tuple(beside)[:3] == LIGHT.text) == bool(name)
        pilot.now += 600
        pilot.step()


@pytest.mark.parametrize("key", [pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE])
def test_enter_and_space_press_the_focused_button(pilot: Pilot, key: int) -> None:
    """And the focus stays, so that it can be pressed again; without focus they do nothing."""
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
    """From the press on, wherever the mouse is; it stops at its bounds, and on release."""
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
    """What begins on the board ends there."""
    pen = pilot.app.settings.pen
    pilot.draw([(100, 100), place_of(pilot, arrange(*pilot.surface.get_size()).pen)])
    assert pilot.app.settings.pen == pen
    assert len(pilot.strokes) == 1


def test_the_right_button_moves_no_slider(pilot: Pilot) -> None:
    """Nor does it label."""
    pilot.draw(pilot.SEVEN)
    pen = pilot.app.settings.pen
    for place in (place_of(pilot, arrange(*pilot.surface.get_size()).pen), bar(pilot, 3)):
        pilot.press(place, 3)
        pilot.move((place[0] + 30, place[1]), (0, 0, 1))
        pilot.release(place, 3)
    assert pilot.app.settings.pen == pen
    assert pilot.app.truth is None


def test_pointing_at_a_digit_shows_its_bars(pilot: Pilot) -> None:
    """Its 28x28 and its box too; beside all digits, those of the one drawn last come back."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    layout = arrange(*pilot.surface.get_size())
    newest = pixels(pilot)
    hover(pilot, in_digit(pilot, 0))
    assert pilot.app.prediction is not None
    seen = pygame.surfarray.array3d(pilot.surface.subsurface(layout.thumbnail))
    step = layout.thumbnail.width // 28
    grey = seen[step // 2 :: step, step // 2 :: step].mean(axis=-1).T
    image = pilot.app.prediction.digits[0].image.astype(float)
    assert np.corrcoef(255 - grey[1:-1, 1:-1].ravel(), image[1:-1, 1:-1].ravel())[0, 1] > 0.99
    for label, row in enumerate(layout.bars):
        told = {percent(float(d.probabilities[label])) for d in pilot.app.prediction.digits}
        assert len(told) == 2 or label not in (7, 4)
        is_other = (pixels(pilot) != newest)[row.left : row.right, row.top : row.bottom].any()
        assert is_other == (len(told) == 2)
    hover(pilot, (5, 500))
    assert (pixels(pilot) == newest).all()


def test_the_box_of_the_digit_shown_is_bold(pilot: Pilot) -> None:
    """Twice as thick as the other's."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    assert pilot.app.prediction is not None
    for index, other in ((0, 1), (1, 0)):
        hover(pilot, in_digit(pilot, index))
        frames = []
        for digit in (index, other):
            _, top, _, height = pilot.app.prediction.digits[digit].box
            x = in_digit(pilot, digit)[0]
            column = pixels(pilot)[
                round(x) + pilot.app.board_area.left,
                pilot.app.board_area.top + round(top) - 40 : pilot.app.board_area.top + round(top),
            ]
            frames.append(int((column == LIGHT.accent).all(axis=-1).sum()))
            assert height
        assert frames == [2, 1]


class Joining(Reader):
    """Reads the first stroke alone where the pen is thick."""

    def read(self, source: Drawing | Path) -> Prediction | None:
        """Read what is left of the drawing."""
        if isinstance(source, Drawing) and (source.pen or 0) > 0.1:
            source = replace(source, strokes=source.strokes[:1])
        return super().read(source)


def test_a_digit_pointed_at_that_is_no_more_is_forgotten(
    new_pilot: NewPilot, recognizer: Recognizer
) -> None:
    """With another pen, two digits may be one; the mouse still rests where the second was."""
    pilot = new_pilot(Joining(recognizer))
    pilot.draw(*pilot.SEVENTY_FOUR)
    hover(pilot, in_digit(pilot, 1))
    for _ in range(12):
        pilot.key(pygame.K_RIGHTBRACKET)
    assert pilot.text == "7"
    pilot.key(pygame.K_3)
    assert pilot.app.truth == "3"


@pytest.mark.parametrize("digit", range(10))
def test_a_click_on_a_bar_labels(pilot: Pilot, shown: Shown, digit: int) -> None:
    """By mouse and by finger, and the window says what was understood."""
    pilot.draw(pilot.SEVEN)
    pilot.press(bar(pilot, digit))
    assert pilot.app.truth != str(digit)
    pilot.release(bar(pilot, digit))
    assert pilot.app.truth == str(digit)
    assert shown.line("verdict") == f"Labelled {digit}"
    pilot.touch([bar(pilot, (digit + 1) % 10)])
    assert pilot.app.truth == str((digit + 1) % 10)
