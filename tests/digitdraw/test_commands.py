"""Clear, undo, redo: by key and by button."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pygame
import pytest

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Hand

Command: TypeAlias = Callable[["Hand"], None]


def by_key(key: int, mod: int = pygame.KMOD_NONE) -> Command:
    return lambda hand: hand.key(key, mod)


def by_button(name: str) -> Command:
    return lambda hand: hand.click(name)


def by_finger(name: str) -> Command:
    return lambda hand: hand.touch([hand.button(name)])


CLEAR = {
    "C": by_key(pygame.K_c),
    "Delete": by_key(pygame.K_DELETE),
    "Backspace": by_key(pygame.K_BACKSPACE),
    "button": by_button("clear"),
    "button by finger": by_finger("clear"),
}
UNDO = {
    "U": by_key(pygame.K_u),
    "Ctrl+Z": by_key(pygame.K_z, pygame.KMOD_LCTRL),
    "Cmd+Z": by_key(pygame.K_z, pygame.KMOD_RMETA),
    "Ctrl+Z with Num Lock": by_key(pygame.K_z, pygame.KMOD_RCTRL | pygame.KMOD_NUM),
    "button": by_button("undo"),
    "button by finger": by_finger("undo"),
}
REDO = {
    "Ctrl+Y": by_key(pygame.K_y, pygame.KMOD_LCTRL),
    "Cmd+Y": by_key(pygame.K_y, pygame.KMOD_LMETA),
    "Ctrl+Shift+Z": by_key(pygame.K_z, pygame.KMOD_LCTRL | pygame.KMOD_RSHIFT),
}


@pytest.mark.parametrize("clear", CLEAR.values(), ids=list(CLEAR))
def test_clear_takes_ink_and_answer_away(hand: Hand, clear: Command) -> None:
    """And undo brings back both."""
    hand.draw(*hand.FOUR)
    clear(hand)
    assert hand.app.board.is_blank
    assert hand.app.prediction is None
    hand.app.undo()
    hand.step()
    assert hand.strokes == hand.FOUR
    assert hand.text == "4"


@pytest.mark.parametrize("undo", UNDO.values(), ids=list(UNDO))
def test_undo_takes_back_one_stroke_and_reads_the_rest(hand: Hand, undo: Command) -> None:
    """The answer is always that of the ink that is seen."""
    hand.draw(hand.SEVEN, hand.FOUR[1])
    undo(hand)
    assert hand.strokes == [hand.SEVEN]
    assert hand.text == "7"
    undo(hand)
    assert hand.app.board.is_blank
    assert hand.app.prediction is None
    undo(hand)
    assert hand.app.board.is_blank


@pytest.mark.parametrize("redo", REDO.values(), ids=list(REDO))
def test_redo_does_again_what_was_undone(hand: Hand, redo: Command) -> None:
    """Stroke by stroke, with the answer; and nothing where there is nothing to do again."""
    hand.draw(*hand.FOUR)
    hand.app.undo()
    redo(hand)
    assert hand.strokes == hand.FOUR
    assert hand.text == "4"
    redo(hand)
    assert hand.strokes == hand.FOUR


def test_a_stroke_after_undo_ends_what_could_be_done_again(hand: Hand) -> None:
    """The new stroke stays; redo changes nothing."""
    hand.draw(*hand.FOUR)
    hand.app.undo()
    hand.draw(hand.SEVEN)
    REDO["Ctrl+Y"](hand)
    assert hand.strokes == [hand.FOUR[0], hand.SEVEN]


@pytest.mark.parametrize("key", [pygame.K_z, pygame.K_y, pygame.K_a, pygame.K_ESCAPE])
def test_a_key_without_a_meaning_does_nothing(hand: Hand, key: int) -> None:
    """Z and Y mean something with Ctrl only."""
    hand.draw(hand.SEVEN)
    hand.key(key)
    assert hand.strokes == [hand.SEVEN]


def test_undo_while_drawing_drops_that_stroke(hand: Hand) -> None:
    """What the pen does until it is lifted draws nothing more."""
    hand.draw(hand.SEVEN)
    hand.press((50, 50))
    UNDO["Ctrl+Z"](hand)
    hand.move((90, 90))
    hand.release((99, 99))
    assert hand.strokes == [hand.SEVEN]
    assert hand.text == "7"


def test_a_button_acts_when_it_is_released(hand: Hand) -> None:
    """Not before."""
    hand.draw(hand.SEVEN)
    hand.press(hand.button("clear"))
    assert hand.strokes == [hand.SEVEN]
    hand.release(hand.button("clear"))
    assert hand.app.board.is_blank


def test_a_button_that_is_left_does_not_act(hand: Hand) -> None:
    """Released elsewhere, even on another button, nothing happens."""
    hand.draw(hand.SEVEN)
    for elsewhere in ((50, 50), hand.button("undo"), (-1000, -1000)):
        hand.press(hand.button("clear"))
        hand.move(elsewhere)
        hand.release(elsewhere)
        assert hand.strokes == [hand.SEVEN]


def test_a_button_acts_if_the_pen_came_back_to_it(hand: Hand) -> None:
    """Only where it is released counts."""
    hand.draw(hand.SEVEN)
    hand.press(hand.button("clear"))
    hand.move((50, 50))
    hand.release(hand.button("clear"))
    assert hand.app.board.is_blank


def test_a_stroke_that_ends_on_a_button_does_not_press_it(hand: Hand) -> None:
    """The stroke stays on the board."""
    hand.draw(hand.SEVEN)
    hand.press((50, 50))
    hand.release(hand.button("clear"))
    assert len(hand.strokes) == 2


def test_the_right_mouse_button_presses_nothing(hand: Hand) -> None:
    """Buttons are for the left one, as ink is."""
    hand.draw(hand.SEVEN)
    hand.press(hand.button("clear"), 3)
    hand.release(hand.button("clear"), 3)
    assert hand.strokes == [hand.SEVEN]


def test_a_press_on_the_board_lets_a_button_go(hand: Hand) -> None:
    """Where the button's release was not heard, the next press begins a stroke like any other."""
    hand.draw(hand.SEVEN)
    hand.press(hand.button("clear"))
    hand.draw([(50, 50), (60, 60)])
    assert hand.strokes == [hand.SEVEN, [(50, 50), (60, 60)]]


def test_losing_the_focus_lets_a_button_go(hand: Hand) -> None:
    """A button that was held does not act, and the next stroke is a stroke."""
    hand.draw(hand.SEVEN)
    hand.press(hand.button("clear"))
    hand.move((50, 50))
    hand.step(pygame.event.Event(pygame.WINDOWFOCUSLOST))
    hand.draw([(50, 50), (60, 60)])
    assert hand.strokes == [hand.SEVEN, [(50, 50), (60, 60)]]
