"""Mouse and fingers as one pen: what draws, what does not, and what ends a stroke."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pygame
import pytest

if TYPE_CHECKING:
    from tests.digitdraw.conftest import XY, Pilot

A, B, C, D = (100, 100), (200, 150), (300, 120), (350, 300)

INTERRUPTIONS = [
    pygame.WINDOWLEAVE,
    pygame.WINDOWFOCUSLOST,
    pygame.WINDOWMINIMIZED,
    pygame.WINDOWHIDDEN,
]

Wield = Callable[["Pilot", "XY"], None]
"""Puts a pen down, or moves it, somewhere."""

PENS: dict[str, tuple[Wield, Wield]] = {
    "mouse": (lambda pilot, place: pilot.press(place), lambda pilot, place: pilot.move(place)),
    "finger": (
        lambda pilot, place: pilot.finger(pygame.FINGERDOWN, place),
        lambda pilot, place: pilot.finger(pygame.FINGERMOTION, place),
    ),
}


def near(strokes: list[list[XY]]) -> list[list[XY]]:
    """Round away the error of finger positions, which are fractions of the window."""
    return [[(round(x, 6), round(y, 6)) for x, y in stroke] for stroke in strokes]


def test_the_left_button_draws(pilot: Pilot) -> None:
    """A stroke runs from press to release through every position in between."""
    pilot.press(A)
    pilot.move(B)
    pilot.move(C)
    pilot.release(C)
    assert pilot.strokes == [[A, B, C]]


@pytest.mark.parametrize("button", [2, 3, 4, 5, 6, 7])
def test_no_other_button_draws(pilot: Pilot, button: int) -> None:
    """Middle, right, wheel (4, 5) and thumb buttons leave no ink."""
    pilot.press(A, button)
    pilot.move(B, (0, 1, 1))
    pilot.release(B, button)
    assert pilot.app.board.is_blank


def test_the_wheel_draws_nothing(pilot: Pilot) -> None:
    """Turning the wheel leaves no ink."""
    pilot.step(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=1, flipped=False, which=0))
    assert pilot.app.board.is_blank


@pytest.mark.parametrize("button", [2, 3, 4, 5])
def test_another_button_does_not_disturb_a_stroke(pilot: Pilot, button: int) -> None:
    """While the left button draws, pressing and releasing others changes nothing."""
    pilot.press(A)
    pilot.press(B, button)
    pilot.move(B)
    pilot.release(B, button)
    pilot.move(C)
    pilot.release(C)
    assert pilot.strokes == [[A, B, C]]


@pytest.mark.parametrize("other", [2, 4, 5, 6])
def test_the_left_button_draws_while_another_one_is_held(pilot: Pilot, other: int) -> None:
    """Buttons pressed earlier do not keep the left one from drawing."""
    pilot.press(A, other)
    pilot.press(A)
    pilot.move(B, (1, int(other == 2), 0))
    pilot.release(B, other)
    pilot.move(C)
    pilot.release(C)
    assert pilot.strokes == [[A, B, C]]


def test_the_right_button_erases_and_the_left_one_waits(pilot: Pilot) -> None:
    """Whichever is pressed first holds the pen until it is released."""
    pilot.draw([A, B, C])
    pilot.press(B, 3)
    pilot.press(A)
    pilot.move(C, (1, 0, 1))
    pilot.release(C)
    assert pilot.strokes == []
    pilot.release(C, 3)
    pilot.draw([A, B])
    assert pilot.strokes == [[A, B]]


def test_a_click_is_a_dot(pilot: Pilot) -> None:
    """A press and a release in one place make a stroke of a single point."""
    pilot.press(A)
    pilot.release(A)
    assert pilot.strokes == [[A]]


def test_a_release_elsewhere_is_the_strokes_last_point(pilot: Pilot) -> None:
    """The position of the release counts, even without a motion to it."""
    pilot.press(A)
    pilot.release(B)
    assert pilot.strokes == [[A, B]]


def test_hovering_draws_nothing(pilot: Pilot) -> None:
    """A mouse that moves with no button held leaves no ink."""
    pilot.move(A, (0, 0, 0))
    pilot.move(B, (0, 0, 0))
    assert pilot.app.board.is_blank


def test_a_motion_without_the_button_ends_the_stroke(pilot: Pilot) -> None:
    """The release was missed, so the stroke ends where the button was last seen held."""
    pilot.press(A)
    pilot.move(B)
    pilot.move(C, (0, 0, 0))
    pilot.move(D)
    assert pilot.strokes == [[A, B]]


def test_a_second_press_begins_a_new_stroke(pilot: Pilot) -> None:
    """A press while the button seems held means that the release was missed."""
    pilot.press(A)
    pilot.move(B)
    pilot.press(C)
    pilot.move(D)
    pilot.release(D)
    assert pilot.strokes == [[A, B], [C, D]]


def test_a_release_outside_the_window_ends_the_stroke(pilot: Pilot) -> None:
    """The mouse draws nothing afterwards."""
    pilot.press(A)
    pilot.release((-500, -500))
    pilot.move(B)
    assert len(pilot.strokes) == 1
    assert pilot.app.board.current == ()


def test_a_press_next_to_the_board_draws_nothing(pilot: Pilot) -> None:
    """Not even when the mouse is then dragged onto the board."""
    pilot.press((-5, 100))
    pilot.move(B)
    pilot.release(C)
    assert pilot.app.board.is_blank


@pytest.mark.parametrize("interruption", INTERRUPTIONS, ids=pygame.event.event_name)
@pytest.mark.parametrize("pen", PENS)
def test_an_interruption_ends_the_stroke(pilot: Pilot, pen: str, interruption: int) -> None:
    """The ink so far stays, the rest of that stroke is not drawn, and the next stroke is."""
    down, move = PENS[pen]
    down(pilot, A)
    move(pilot, B)
    pilot.step(pygame.event.Event(interruption))
    assert near(pilot.strokes) == [[A, B]]
    move(pilot, C)
    assert pilot.app.board.current == ()
    pilot.draw([C, D])
    assert near(pilot.strokes) == [[A, B], [C, D]]


def test_the_first_finger_draws(pilot: Pilot) -> None:
    """A finger draws where it is in the window, even between pixels."""
    pilot.touch([(100.5, 100.25), (200.75, 150), (300, 120.5)])
    assert near(pilot.strokes) == [[(100.5, 100.25), (200.75, 150), (300, 120.5)]]


@pytest.mark.parametrize(("finger", "screen"), [(2, 1), (1, 2)], ids=["finger", "other screen"])
def test_other_fingers_do_not_disturb(pilot: Pilot, finger: int, screen: int) -> None:
    """A second finger does not affect the stroke of the first."""
    pilot.finger(pygame.FINGERDOWN, A)
    pilot.finger(pygame.FINGERDOWN, D, finger, screen=screen)
    pilot.finger(pygame.FINGERMOTION, C, finger, screen=screen)
    pilot.finger(pygame.FINGERMOTION, B)
    pilot.finger(pygame.FINGERUP, C, finger, screen=screen)
    pilot.finger(pygame.FINGERUP, C)
    assert near(pilot.strokes) == [[A, B, C]]


def test_a_finger_that_waited_does_not_take_over(pilot: Pilot) -> None:
    """After the first finger is lifted, one that is still down must be put down again to draw."""
    pilot.finger(pygame.FINGERDOWN, A)
    pilot.finger(pygame.FINGERDOWN, B, 2)
    pilot.finger(pygame.FINGERUP, A)
    pilot.finger(pygame.FINGERMOTION, C, 2)
    pilot.finger(pygame.FINGERUP, D, 2)
    assert near(pilot.strokes) == [[A]]


def test_mouse_and_finger_wait_for_each_other(pilot: Pilot) -> None:
    """While one of them draws, the other does nothing."""
    pilot.press(A)
    pilot.finger(pygame.FINGERDOWN, C)
    pilot.move(B)
    pilot.finger(pygame.FINGERUP, C)
    pilot.release(B)
    pilot.finger(pygame.FINGERDOWN, C)
    pilot.press(A)
    pilot.release(A)
    pilot.finger(pygame.FINGERUP, D)
    assert near(pilot.strokes) == [[A, B], [C, D]]


def test_touches_are_not_counted_twice(pilot: Pilot) -> None:
    """The mouse events that SDL sends for touches draw nothing, in any order."""
    synthetic: dict[int, tuple[int, dict[str, object]]] = {
        pygame.FINGERDOWN: (pygame.MOUSEBUTTONDOWN, {"button": 1}),
        pygame.FINGERMOTION: (pygame.MOUSEMOTION, {"rel": (0, 0), "buttons": (1, 0, 0)}),
        pygame.FINGERUP: (pygame.MOUSEBUTTONUP, {"button": 1}),
    }
    for mouse_first in (True, False):
        for finger, place in zip(synthetic, (A, B, C), strict=True):
            type_, attributes = synthetic[finger]
            mouse = pilot.mouse_event(type_, place, **{**attributes, "touch": True})
            if mouse_first:
                pilot.step(mouse)
            pilot.finger(finger, place)
            if not mouse_first:
                pilot.step(mouse)
    assert near(pilot.strokes) == [[A, B, C], [A, B, C]]
