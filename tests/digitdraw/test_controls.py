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
from digitdraw.ui.panel import per_cent
from digitdraw.ui.theme import LIGHT
from digitnet import Drawing, Prediction, Recognizer

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.digitdraw.conftest import XY, Hand, NewHand, Shown

NO_BUTTON = (0, 0, 0)
BUTTONS = list(arrange(960, 640).buttons)


def pixels(hand: Hand) -> NDArray[np.uint8]:
    """Copy what the window shows, uint8 (width, height, 3)."""
    return pygame.surfarray.array3d(hand.surface)


def hover(hand: Hand, place: XY, patience: int = 0) -> None:
    """Move the mouse with no button held, and wait there for some milliseconds."""
    hand.move(place, NO_BUTTON)
    hand.now += patience
    hand.step()


def place_of(hand: Hand, rect: pygame.Rect) -> XY:
    """Find the middle of a rectangle of the window, from the board's corner."""
    left, top = hand.app.board_area.topleft
    return rect.centerx - left, rect.centery - top


def bar(hand: Hand, digit: int) -> XY:
    """Find the middle of a digit's bar."""
    return place_of(hand, arrange(*hand.surface.get_size()).bars[digit])


def in_digit(hand: Hand, index: int) -> XY:
    """Find the middle of a digit that was read."""
    assert hand.app.prediction is not None
    left, top, width, height = hand.app.prediction.digits[index].box
    return left + width / 2, top + height / 2


@pytest.mark.parametrize("name", BUTTONS)
def test_a_held_button_looks_pressed_until_it_is_released(hand: Hand, name: str) -> None:
    """It acts on release, wherever it was pressed on it."""
    hand.draw(hand.SEVEN)
    rect = arrange(*hand.surface.get_size()).buttons[name]
    corner = (rect.left - hand.app.board_area.left + 2, rect.top - hand.app.board_area.top + 2)
    before = pixels(hand)
    hand.press(corner)
    held = pixels(hand)
    changed = np.argwhere((held != before).any(axis=-1))
    assert len(changed)
    assert all(rect.collidepoint(x, y) for x, y in changed.tolist())
    hand.release((5000, 5000))
    assert (pixels(hand) == before).all()


@pytest.mark.parametrize("name", ["clear", "theme", "help"])
def test_a_button_acts_on_release_on_itself_only(hand: Hand, name: str) -> None:
    """Pressed elsewhere and released on it, or the other way round, nothing happens."""
    hand.draw(hand.SEVEN)
    before = pixels(hand)
    for start, end in (
        (hand.button("save"), hand.button(name)),
        (hand.button(name), hand.button("save")),
        ((-8, 300), hand.button(name)),
    ):
        hand.press(start)
        hand.move(end)
        hand.release(end)
        assert (pixels(hand) == before).all()
    hand.click(name)
    assert (pixels(hand) != before).any()


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
    hand: Hand, lost: pygame.event.Event
) -> None:
    """Though the pen was last seen on it; what comes next is a press like any other."""
    hand.draw(hand.SEVEN)
    hand.press(hand.button("clear"))
    hand.step(lost)
    assert hand.strokes == [hand.SEVEN]
    hand.release(hand.button("clear"))
    assert hand.strokes == [hand.SEVEN]
    hand.click("clear")
    assert hand.app.board.is_blank


def test_a_button_held_while_a_page_opens_is_let_go(hand: Hand) -> None:
    """The click that closes the page presses nothing under it."""
    hand.draw(hand.SEVEN)
    hand.press(hand.button("clear"))
    hand.key(pygame.K_F1)
    hand.release(hand.button("clear"))
    hand.click("clear")
    assert hand.strokes == [hand.SEVEN]
    hand.click("clear")
    assert hand.app.board.is_blank


@pytest.mark.parametrize("name", BUTTONS)
def test_a_tooltip_comes_after_a_while_and_goes(hand: Hand, name: str) -> None:
    """Over everything else, and nothing of it remains."""
    hover(hand, (300, 300))
    before = pixels(hand)
    hover(hand, hand.button(name), 400)
    assert (pixels(hand) == before).all()
    hover(hand, hand.button(name), 200)
    tip = (pixels(hand) != before).any(axis=-1)
    assert tip.sum() > 400
    assert (pixels(hand)[tip] == LIGHT.text).all(axis=-1).mean() > 0.5
    hover(hand, (300, 300))
    assert (pixels(hand) == before).all()


@pytest.mark.parametrize("size", [(480, 360), (500, 900), (1920, 1080)], ids=str)
def test_a_tooltip_is_whole_in_any_window(hand: Hand, size: tuple[int, int]) -> None:
    """It does not hang over the edge, nor lie on its own button's middle."""
    hand.resize(size)
    window = hand.surface.get_rect()
    for name in BUTTONS:
        hover(hand, (1, 1))
        before = pixels(hand)
        hover(hand, hand.button(name), 600)
        changed = np.argwhere((pixels(hand) != before).any(axis=-1))
        (left, top), (right, bottom) = changed.min(axis=0), changed.max(axis=0)
        tip = pygame.Rect(left, top, right - left + 1, bottom - top + 1)
        assert window.contains(tip)
        assert not tip.collidepoint(arrange(*size).buttons[name].center)


@pytest.mark.parametrize("way", ["leave", "press", "draw", "key"])
def test_whatever_is_done_takes_the_tooltip_away(hand: Hand, way: str) -> None:
    """Leaving the window, a press, a stroke, Esc."""
    hand.draw([(300, 300)])
    before = pixels(hand)
    hover(hand, hand.button("undo"), 600)
    assert (pixels(hand) != before).any()
    if way == "leave":
        hand.step(pygame.event.Event(pygame.WINDOWLEAVE))
    elif way == "press":
        hand.press(hand.button("undo"))
        hand.release((5000, 5000))
    elif way == "draw":
        hand.draw([(300, 300)])
        hand.app.undo()
        hand.draw([(300, 300)])
        hand.app.undo()
        hand.step()
    else:
        hand.key(pygame.K_ESCAPE)
    hand.now += 600
    hand.step()
    tools = arrange(*hand.surface.get_size()).tools
    beside = slice(tools.right, tools.right + 100)
    assert (pixels(hand)[beside] == before[beside]).all()


def test_a_press_beside_all_controls_takes_focus_and_tooltip_away(hand: Hand) -> None:
    """At once, and not only when something else is drawn."""
    before = pixels(hand)
    hand.key(pygame.K_TAB)
    assert (pixels(hand) != before).any()
    left, top = hand.app.board_area.topleft
    hand.press((-left, -top))
    assert (pixels(hand) == before).all()


def test_no_tooltip_comes_over_a_page(hand: Hand) -> None:
    """The buttons below it cannot be pressed."""
    hand.key(pygame.K_F1)
    before = pixels(hand)
    hover(hand, hand.button("undo"), 600)
    assert (pixels(hand) == before).all()


def test_a_button_that_is_pressed_has_no_tooltip(hand: Hand) -> None:
    """However long it is held."""
    hand.press(hand.button("undo"))
    before = pixels(hand)
    hand.now += 5000
    hand.step()
    assert (pixels(hand) == before).all()


def focus_of(hand: Hand) -> str:
    """Find the button around which a frame of the accent's colour is seen; "" for none."""
    found = [
        name
        for name, rect in arrange(*hand.surface.get_size()).buttons.items()
        if (pixels(hand)[rect.left : rect.right, rect.centery] == LIGHT.accent).all(axis=-1).any()
    ]
    assert len(found) < 2
    return found[0] if found else ""


def test_tab_visits_every_button_and_comes_round(hand: Hand) -> None:
    """In the order of the window, seen by a frame, with Shift the other way."""
    assert focus_of(hand) == ""
    seen = []
    for _ in range(len(BUTTONS) + 1):
        hand.key(pygame.K_TAB)
        hand.now += 600
        hand.step()
        seen.append(focus_of(hand))
    assert seen == [*BUTTONS, BUTTONS[0]]
    hand.key(pygame.K_TAB, pygame.KMOD_LSHIFT)
    assert focus_of(hand) == BUTTONS[-1]
    hand.key(pygame.K_ESCAPE)
    assert focus_of(hand) == ""
    hand.key(pygame.K_TAB, pygame.KMOD_LSHIFT)
    assert focus_of(hand) == BUTTONS[-1]


def test_the_focused_buttons_tooltip_stays_beside_a_resting_mouse(hand: Hand) -> None:
    """Who goes on by keys is told of what the keys are at, not of what the mouse lies on."""
    hover(hand, hand.button("help"), 600)
    layout = arrange(*hand.surface.get_size())
    hand.key(pygame.K_TAB)
    for _ in range(2):
        for name, rect in ((BUTTONS[0], layout.buttons[BUTTONS[0]]), ("", layout.buttons["help"])):
            beside = hand.surface.get_at((rect.right + 2 * layout.unit, rect.centery))
            assert (tuple(beside)[:3] == LIGHT.text) == bool(name)
        hand.now += 600
        hand.step()


@pytest.mark.parametrize("key", [pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE])
def test_enter_and_space_press_the_focused_button(hand: Hand, key: int) -> None:
    """And the focus stays, so that it can be pressed again; without focus they do nothing."""
    hand.draw(*hand.FOUR)
    hand.key(key)
    assert hand.strokes == hand.FOUR
    for _ in range(BUTTONS.index("undo") + 1):
        hand.key(pygame.K_TAB)
    hand.key(key)
    assert len(hand.strokes) == 1
    hand.key(key)
    assert hand.app.board.is_blank
    assert focus_of(hand) == "undo"


def test_the_slider_follows_the_pen_beyond_its_ends(hand: Hand) -> None:
    """From the press on, wherever the mouse is; it stops at its bounds, and on release."""
    start = place_of(hand, arrange(*hand.surface.get_size()).pen)
    hand.press(start)
    middle = hand.app.settings.pen
    assert THINNEST < middle < THICKEST
    hand.move((start[0] + 20, -300))
    assert hand.app.settings.pen > middle
    for x, pen in ((5000, THICKEST), (-5000, THINNEST)):
        hand.move((x, 300))
        assert hand.app.settings.pen == pen
    hand.release((-5000, 300))
    hand.move(start, NO_BUTTON)
    hand.move(start)
    assert hand.app.settings.pen == THINNEST
    assert hand.strokes == []


def test_a_stroke_over_the_slider_is_a_stroke(hand: Hand) -> None:
    """What begins on the board ends there."""
    pen = hand.app.settings.pen
    hand.draw([(100, 100), place_of(hand, arrange(*hand.surface.get_size()).pen)])
    assert hand.app.settings.pen == pen
    assert len(hand.strokes) == 1


def test_the_right_button_moves_no_slider(hand: Hand) -> None:
    """Nor does it label."""
    hand.draw(hand.SEVEN)
    pen = hand.app.settings.pen
    for place in (place_of(hand, arrange(*hand.surface.get_size()).pen), bar(hand, 3)):
        hand.press(place, 3)
        hand.move((place[0] + 30, place[1]), (0, 0, 1))
        hand.release(place, 3)
    assert hand.app.settings.pen == pen
    assert hand.app.truth is None


def test_pointing_at_a_digit_shows_its_bars(hand: Hand) -> None:
    """Its 28x28 and its box too; beside all digits, those of the one drawn last come back."""
    hand.draw(*hand.SEVENTY_FOUR)
    layout = arrange(*hand.surface.get_size())
    newest = pixels(hand)
    hover(hand, in_digit(hand, 0))
    assert hand.app.prediction is not None
    seen = pygame.surfarray.array3d(hand.surface.subsurface(layout.seen))
    step = layout.seen.width // 28
    grey = seen[step // 2 :: step, step // 2 :: step].mean(axis=-1).T
    image = hand.app.prediction.digits[0].image.astype(float)
    assert np.corrcoef(255 - grey[1:-1, 1:-1].ravel(), image[1:-1, 1:-1].ravel())[0, 1] > 0.99
    for label, row in enumerate(layout.bars):
        told = {per_cent(float(d.probabilities[label])) for d in hand.app.prediction.digits}
        assert len(told) == 2 or label not in (7, 4)
        is_other = (pixels(hand) != newest)[row.left : row.right, row.top : row.bottom].any()
        assert is_other == (len(told) == 2)
    hover(hand, (5, 500))
    assert (pixels(hand) == newest).all()


def test_the_box_of_the_digit_shown_is_bold(hand: Hand) -> None:
    """Twice as thick as the other's."""
    hand.draw(*hand.SEVENTY_FOUR)
    assert hand.app.prediction is not None
    for index, other in ((0, 1), (1, 0)):
        hover(hand, in_digit(hand, index))
        frames = []
        for digit in (index, other):
            _, top, _, height = hand.app.prediction.digits[digit].box
            x = in_digit(hand, digit)[0]
            column = pixels(hand)[
                round(x) + hand.app.board_area.left,
                hand.app.board_area.top + round(top) - 40 : hand.app.board_area.top + round(top),
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
    new_hand: NewHand, recognizer: Recognizer
) -> None:
    """With another pen, two digits may be one; the mouse still rests where the second was."""
    hand = new_hand(Joining(recognizer))
    hand.draw(*hand.SEVENTY_FOUR)
    hover(hand, in_digit(hand, 1))
    for _ in range(12):
        hand.key(pygame.K_RIGHTBRACKET)
    assert hand.text == "7"
    hand.key(pygame.K_3)
    assert hand.app.truth == "3"


@pytest.mark.parametrize("digit", range(10))
def test_a_click_on_a_bar_labels(hand: Hand, shown: Shown, digit: int) -> None:
    """By mouse and by finger, and the window says what was understood."""
    hand.draw(hand.SEVEN)
    hand.press(bar(hand, digit))
    assert hand.app.truth != str(digit)
    hand.release(bar(hand, digit))
    assert hand.app.truth == str(digit)
    assert shown.line("verdict") == f"It is {digit}, you say"
    hand.touch([bar(hand, (digit + 1) % 10)])
    assert hand.app.truth == str((digit + 1) % 10)
