"""Clear, undo, redo: by key and by button."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pygame
import pytest

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot

Command: TypeAlias = Callable[["Pilot"], None]


def by_key(key: int, mod: int = pygame.KMOD_NONE) -> Command:
    return lambda pilot: pilot.key(key, mod)


def by_button(name: str) -> Command:
    return lambda pilot: pilot.click(name)


def by_finger(name: str) -> Command:
    return lambda pilot: pilot.touch([pilot.button(name)])


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
def test_clear_removes_ink_and_answer(pilot: Pilot, clear: Command) -> None:
    """Undo brings back both."""
    pilot.draw(*pilot.FOUR)
    clear(pilot)
    assert pilot.app.board.is_blank
    assert pilot.app.prediction is None
    pilot.app.undo()
    pilot.step()
    assert pilot.strokes == pilot.FOUR
    assert pilot.text == "4"


@pytest.mark.parametrize("undo", UNDO.values(), ids=list(UNDO))
def test_undo_removes_one_stroke_and_reads_the_rest(pilot: Pilot, undo: Command) -> None:
    """The answer always belongs to the visible ink."""
    pilot.draw(pilot.SEVEN, pilot.FOUR[1])
    undo(pilot)
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.text == "7"
    undo(pilot)
    assert pilot.app.board.is_blank
    assert pilot.app.prediction is None
    undo(pilot)
    assert pilot.app.board.is_blank


@pytest.mark.parametrize("redo", REDO.values(), ids=list(REDO))
def test_redo_restores_what_was_undone(pilot: Pilot, redo: Command) -> None:
    """Strokes come back one by one, with the answer; after the last, redo does nothing."""
    pilot.draw(*pilot.FOUR)
    pilot.app.undo()
    redo(pilot)
    assert pilot.strokes == pilot.FOUR
    assert pilot.text == "4"
    redo(pilot)
    assert pilot.strokes == pilot.FOUR


def test_a_stroke_after_undo_ends_redo(pilot: Pilot) -> None:
    """The new stroke stays; redo changes nothing."""
    pilot.draw(*pilot.FOUR)
    pilot.app.undo()
    pilot.draw(pilot.SEVEN)
    REDO["Ctrl+Y"](pilot)
    assert pilot.strokes == [pilot.FOUR[0], pilot.SEVEN]


@pytest.mark.parametrize("key", [pygame.K_z, pygame.K_y, pygame.K_a, pygame.K_ESCAPE])
def test_an_unbound_key_does_nothing(pilot: Pilot, key: int) -> None:
    """Z and Y are bound only with Ctrl."""
    pilot.draw(pilot.SEVEN)
    pilot.key(key)
    assert pilot.strokes == [pilot.SEVEN]


def test_undo_while_drawing_drops_that_stroke(pilot: Pilot) -> None:
    """The pen draws nothing more until it is lifted."""
    pilot.draw(pilot.SEVEN)
    pilot.press((50, 50))
    UNDO["Ctrl+Z"](pilot)
    pilot.move((90, 90))
    pilot.release((99, 99))
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.text == "7"


def test_a_button_acts_when_it_is_released(pilot: Pilot) -> None:
    """It does not act on the press."""
    pilot.draw(pilot.SEVEN)
    pilot.press(pilot.button("clear"))
    assert pilot.strokes == [pilot.SEVEN]
    pilot.release(pilot.button("clear"))
    assert pilot.app.board.is_blank


def test_a_button_that_is_left_does_not_act(pilot: Pilot) -> None:
    """If it is released elsewhere, even on another button, nothing happens."""
    pilot.draw(pilot.SEVEN)
    for elsewhere in ((50, 50), pilot.button("undo"), (-1000, -1000)):
        pilot.press(pilot.button("clear"))
        pilot.move(elsewhere)
        pilot.release(elsewhere)
        assert pilot.strokes == [pilot.SEVEN]


def test_a_button_acts_if_the_pen_came_back_to_it(pilot: Pilot) -> None:
    """Only the position of the release counts."""
    pilot.draw(pilot.SEVEN)
    pilot.press(pilot.button("clear"))
    pilot.move((50, 50))
    pilot.release(pilot.button("clear"))
    assert pilot.app.board.is_blank


def test_a_stroke_that_ends_on_a_button_does_not_press_it(pilot: Pilot) -> None:
    """The stroke stays on the board."""
    pilot.draw(pilot.SEVEN)
    pilot.press((50, 50))
    pilot.release(pilot.button("clear"))
    assert len(pilot.strokes) == 2


def test_the_right_mouse_button_presses_nothing(pilot: Pilot) -> None:
    """Only the left button presses, as only it draws."""
    pilot.draw(pilot.SEVEN)
    pilot.press(pilot.button("clear"), 3)
    pilot.release(pilot.button("clear"), 3)
    assert pilot.strokes == [pilot.SEVEN]


def test_a_press_on_the_board_lets_a_button_go(pilot: Pilot) -> None:
    """If the release was missed, the next press begins a stroke like any other."""
    pilot.draw(pilot.SEVEN)
    pilot.press(pilot.button("clear"))
    pilot.draw([(50, 50), (60, 60)])
    assert pilot.strokes == [pilot.SEVEN, [(50, 50), (60, 60)]]


def test_losing_the_focus_lets_a_button_go(pilot: Pilot) -> None:
    """A held button does not act, and the next stroke is drawn."""
    pilot.draw(pilot.SEVEN)
    pilot.press(pilot.button("clear"))
    pilot.move((50, 50))
    pilot.step(pygame.event.Event(pygame.WINDOWFOCUSLOST))
    pilot.draw([(50, 50), (60, 60)])
    assert pilot.strokes == [pilot.SEVEN, [(50, 50), (60, 60)]]
