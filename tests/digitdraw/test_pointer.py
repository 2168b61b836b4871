"""One pen out of mouse and fingers: what draws, what does not, and what ends a stroke."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pygame
import pytest

if TYPE_CHECKING:
    from tests.digitdraw.conftest import XY, Hand

A, B, C, D = (100, 100), (200, 150), (300, 120), (350, 300)

INTERRUPTIONS = [
    pygame.WINDOWLEAVE,
    pygame.WINDOWFOCUSLOST,
    pygame.WINDOWMINIMIZED,
    pygame.WINDOWHIDDEN,
]

Wield = Callable[["Hand", "XY"], None]
"""Puts a pen down, or moves it, somewhere."""

PENS: dict[str, tuple[Wield, Wield]] = {
    "mouse": (lambda hand, place: hand.press(place), lambda hand, place: hand.move(place)),
    "finger": (
        lambda hand, place: hand.finger(pygame.FINGERDOWN, place),
        lambda hand, place: hand.finger(pygame.FINGERMOTION, place),
    ),
}


def near(strokes: list[list[XY]]) -> list[list[XY]]:
    """Round away what is lost where a finger's place is given as a share of the window."""
    return [[(round(x, 6), round(y, 6)) for x, y in stroke] for stroke in strokes]


def test_the_left_button_draws(hand: Hand) -> None:
    """A stroke goes from press to release through every place in between."""
    hand.press(A)
    hand.move(B)
    hand.move(C)
    hand.release(C)
    assert hand.strokes == [[A, B, C]]


@pytest.mark.parametrize("button", [2, 3, 4, 5, 6, 7])
def test_no_other_button_draws(hand: Hand, button: int) -> None:
    """Middle, right, wheel (4, 5) and thumb buttons leave no ink."""
    hand.press(A, button)
    hand.move(B, (0, 1, 1))
    hand.release(B, button)
    assert hand.app.board.is_blank


def test_the_wheel_draws_nothing(hand: Hand) -> None:
    """A wheel that turns leaves no ink."""
    hand.step(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=1, flipped=False, which=0))
    assert hand.app.board.is_blank


@pytest.mark.parametrize("button", [2, 3, 4, 5])
def test_another_button_does_not_disturb_a_stroke(hand: Hand, button: int) -> None:
    """While the left button draws, pressing and releasing others changes nothing."""
    hand.press(A)
    hand.press(B, button)
    hand.move(B)
    hand.release(B, button)
    hand.move(C)
    hand.release(C)
    assert hand.strokes == [[A, B, C]]


@pytest.mark.parametrize("other", [2, 4, 5, 6])
def test_the_left_button_draws_while_another_one_is_held(hand: Hand, other: int) -> None:
    """What was pressed before does not keep the left button from drawing."""
    hand.press(A, other)
    hand.press(A)
    hand.move(B, (1, int(other == 2), 0))
    hand.release(B, other)
    hand.move(C)
    hand.release(C)
    assert hand.strokes == [[A, B, C]]


def test_the_right_button_wipes_and_the_left_one_waits(hand: Hand) -> None:
    """Whichever of the two was pressed first has the pen until it is released."""
    hand.draw([A, B, C])
    hand.press(B, 3)
    hand.press(A)
    hand.move(C, (1, 0, 1))
    hand.release(C)
    assert hand.strokes == []
    hand.release(C, 3)
    hand.draw([A, B])
    assert hand.strokes == [[A, B]]


def test_a_click_is_a_dot(hand: Hand) -> None:
    """A press and a release at one place make a stroke of a single point."""
    hand.press(A)
    hand.release(A)
    assert hand.strokes == [[A]]


def test_a_release_elsewhere_is_the_strokes_last_point(hand: Hand) -> None:
    """Where the button was released counts, even if no motion led there."""
    hand.press(A)
    hand.release(B)
    assert hand.strokes == [[A, B]]


def test_hovering_draws_nothing(hand: Hand) -> None:
    """A mouse that moves with no button held leaves no ink."""
    hand.move(A, (0, 0, 0))
    hand.move(B, (0, 0, 0))
    assert hand.app.board.is_blank


def test_a_motion_without_the_button_ends_the_stroke(hand: Hand) -> None:
    """The release was not heard, so the stroke ends where the mouse was last seen with it."""
    hand.press(A)
    hand.move(B)
    hand.move(C, (0, 0, 0))
    hand.move(D)
    assert hand.strokes == [[A, B]]


def test_a_second_press_begins_a_new_stroke(hand: Hand) -> None:
    """A press while the button seems held means that the release was not heard."""
    hand.press(A)
    hand.move(B)
    hand.press(C)
    hand.move(D)
    hand.release(D)
    assert hand.strokes == [[A, B], [C, D]]


def test_a_release_outside_the_window_ends_the_stroke(hand: Hand) -> None:
    """What the mouse does afterwards draws nothing."""
    hand.press(A)
    hand.release((-500, -500))
    hand.move(B)
    assert len(hand.strokes) == 1
    assert hand.app.board.current == ()


def test_a_press_beside_the_board_draws_nothing(hand: Hand) -> None:
    """Not even when the mouse is then dragged onto the board."""
    hand.press((-5, 100))
    hand.move(B)
    hand.release(C)
    assert hand.app.board.is_blank


@pytest.mark.parametrize("interruption", INTERRUPTIONS, ids=pygame.event.event_name)
@pytest.mark.parametrize("pen", PENS)
def test_an_interruption_ends_the_stroke(hand: Hand, pen: str, interruption: int) -> None:
    """The ink so far stays, what follows of that stroke is not drawn, and the next one is."""
    down, move = PENS[pen]
    down(hand, A)
    move(hand, B)
    hand.step(pygame.event.Event(interruption))
    assert near(hand.strokes) == [[A, B]]
    move(hand, C)
    assert hand.app.board.current == ()
    hand.draw([C, D])
    assert near(hand.strokes) == [[A, B], [C, D]]


def test_the_first_finger_draws(hand: Hand) -> None:
    """A finger draws where it is in the window, between whole pixels too."""
    hand.touch([(100.5, 100.25), (200.75, 150), (300, 120.5)])
    assert near(hand.strokes) == [[(100.5, 100.25), (200.75, 150), (300, 120.5)]]


@pytest.mark.parametrize(("finger", "screen"), [(2, 1), (1, 2)], ids=["finger", "other screen"])
def test_other_fingers_do_not_disturb(hand: Hand, finger: int, screen: int) -> None:
    """A second finger that comes, moves and goes leaves the first one's stroke as it is."""
    hand.finger(pygame.FINGERDOWN, A)
    hand.finger(pygame.FINGERDOWN, D, finger, screen=screen)
    hand.finger(pygame.FINGERMOTION, C, finger, screen=screen)
    hand.finger(pygame.FINGERMOTION, B)
    hand.finger(pygame.FINGERUP, C, finger, screen=screen)
    hand.finger(pygame.FINGERUP, C)
    assert near(hand.strokes) == [[A, B, C]]


def test_a_finger_that_waited_does_not_take_over(hand: Hand) -> None:
    """When the first finger is up, one that is still down must be put down anew to draw."""
    hand.finger(pygame.FINGERDOWN, A)
    hand.finger(pygame.FINGERDOWN, B, 2)
    hand.finger(pygame.FINGERUP, A)
    hand.finger(pygame.FINGERMOTION, C, 2)
    hand.finger(pygame.FINGERUP, D, 2)
    assert near(hand.strokes) == [[A]]


def test_mouse_and_finger_wait_for_each_other(hand: Hand) -> None:
    """While one of them draws, the other does nothing."""
    hand.press(A)
    hand.finger(pygame.FINGERDOWN, C)
    hand.move(B)
    hand.finger(pygame.FINGERUP, C)
    hand.release(B)
    hand.finger(pygame.FINGERDOWN, C)
    hand.press(A)
    hand.release(A)
    hand.finger(pygame.FINGERUP, D)
    assert near(hand.strokes) == [[A, B], [C, D]]


def test_touches_are_not_counted_twice(hand: Hand) -> None:
    """The mouse events that SDL makes of touches, in whatever order they come, draw nothing."""
    synthetic: dict[int, tuple[int, dict[str, object]]] = {
        pygame.FINGERDOWN: (pygame.MOUSEBUTTONDOWN, {"button": 1}),
        pygame.FINGERMOTION: (pygame.MOUSEMOTION, {"rel": (0, 0), "buttons": (1, 0, 0)}),
        pygame.FINGERUP: (pygame.MOUSEBUTTONUP, {"button": 1}),
    }
    for mouse_first in (True, False):
        for finger, place in zip(synthetic, (A, B, C), strict=True):
            type_, attributes = synthetic[finger]
            mouse = hand.mouse_event(type_, place, **{**attributes, "touch": True})
            if mouse_first:
                hand.step(mouse)
            hand.finger(finger, place)
            if not mouse_first:
                hand.step(mouse)
    assert near(hand.strokes) == [[A, B, C], [A, B, C]]
