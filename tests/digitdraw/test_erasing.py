"""The eraser: by key, button and the mouse's right button; what it takes, what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitdraw.model.board import Board
from digitnet import Stroke

if TYPE_CHECKING:
    from tests.digitdraw.conftest import XY, Hand, Shown, Trace

BARS: list[Trace] = [[(x, 100), (x, 300)] for x in (100, 200, 300, 400)]
"""Four upright strokes side by side."""

RIGHT = (0, 0, 1)


def wipe(hand: Hand, *places: XY) -> None:
    """Wipe with the mouse's right button."""
    hand.press(places[0], 3)
    for place in places[1:]:
        hand.move(place, RIGHT)
    hand.release(places[-1], 3)


def drag(hand: Hand, *places: XY) -> None:
    """Move with the left button held, as one who draws."""
    hand.draw(places)


@pytest.mark.parametrize("way", ["key", "button", "finger on the button"])
def test_the_eraser_is_switched_on_and_off(hand: Hand, shown: Shown, way: str) -> None:
    """While it is on, every pen wipes, and the window says so; after it, pens draw."""
    ways: dict[str, Callable[[], None]] = {
        "key": lambda: hand.key(pygame.K_e),
        "button": lambda: hand.click("erase"),
        "finger on the button": lambda: hand.touch([hand.button("erase")]),
    }
    toggle = ways[way]
    hand.draw(*BARS)
    toggle()
    assert shown.line("status").startswith("Wipe over strokes")
    drag(hand, (100, 200))
    assert hand.strokes == BARS[1:]
    hand.touch([(200, 200)])
    assert hand.strokes == BARS[2:]
    toggle()
    assert not shown.line("status").startswith("Wipe")
    drag(hand, (300, 200), (310, 200))
    assert hand.strokes == [*BARS[2:], [(300, 200), (310, 200)]]


def test_the_right_button_wipes_without_a_switch(hand: Hand) -> None:
    """And what is left is read anew."""
    hand.draw(hand.SEVEN, [(20, 20), (560, 560)])
    assert hand.text != "7"
    wipe(hand, (500, 500))
    assert hand.strokes == [hand.SEVEN]
    assert hand.text == "7"
    wipe(hand, (300, 120))
    assert hand.app.board.is_blank
    assert hand.app.prediction is None


def test_a_switched_on_eraser_is_seen(hand: Hand) -> None:
    """Its button looks otherwise until it is off."""
    before = pygame.surfarray.array3d(hand.surface)
    hand.key(pygame.K_e)
    assert (pygame.surfarray.array3d(hand.surface) != before).any()
    hand.key(pygame.K_e)
    button = hand.app.board_area.left
    assert (pygame.surfarray.array3d(hand.surface)[:button] == before[:button]).all()


def test_each_touch_is_one_step_back(hand: Hand) -> None:
    """What one sweep took at three places comes back in three steps, the last first."""
    hand.draw(*BARS)
    wipe(hand, (400, 200), (200, 200))
    assert hand.strokes == BARS[:1]
    for count in (2, 3, 4):
        hand.app.undo()
        assert hand.strokes == BARS[:count]
    for count in (3, 2, 1):
        hand.app.redo()
        assert hand.strokes == BARS[:count]


def test_strokes_that_are_touched_at_once_go_and_come_together(hand: Hand) -> None:
    """Where two cross, both are one step."""
    hand.draw([(100, 100), (300, 300)], [(300, 100), (100, 300)], BARS[3])
    wipe(hand, (200, 200))
    assert hand.strokes == [BARS[3]]
    hand.app.undo()
    assert len(hand.strokes) == 3


def test_a_fast_sweep_jumps_over_nothing(hand: Hand) -> None:
    """Strokes between two places of the mouse are touched as well."""
    hand.draw(*BARS)
    wipe(hand, (50, 200), (450, 200))
    assert hand.strokes == []
    for left in (3, 2, 1, 0):
        hand.app.undo()
        assert hand.strokes == BARS[left:]


def test_a_sweep_over_paper_is_no_step(hand: Hand) -> None:
    """Undo takes back what was drawn before."""
    hand.draw(*BARS)
    wipe(hand, (50, 500), (550, 500))
    hand.app.undo()
    assert hand.strokes == BARS[:3]


def test_a_new_stroke_cannot_be_drawn_over_what_was_wiped_and_redone(hand: Hand) -> None:
    """Wiping ends what could be done again, as every change does."""
    hand.draw(*BARS)
    hand.app.undo()
    wipe(hand, (100, 200))
    hand.app.redo()
    assert hand.strokes == BARS[1:3]


@pytest.mark.parametrize("middle", range(4))
def test_what_was_wiped_comes_back_to_its_place(hand: Hand, middle: int) -> None:
    """In the middle of the strokes too, their order stays the order of drawing."""
    hand.draw(*BARS)
    wipe(hand, (BARS[middle][0][0], 200))
    hand.draw([(500, 100), (500, 300)])
    left = [bar for index, bar in enumerate(BARS) if index != middle]
    assert hand.strokes == [*left, [(500, 100), (500, 300)]]
    hand.app.undo()
    hand.app.undo()
    assert hand.strokes == BARS
    hand.app.redo()
    assert hand.strokes == left


def test_the_eraser_reaches_as_far_as_the_pen_is_wide(hand: Hand) -> None:
    """Beyond it, nothing is touched; a thin pen's eraser can be held all the same."""
    hand.draw(BARS[0])
    reach = hand.app.board.pen_pixels
    assert reach > 15
    wipe(hand, (100 + reach + 1, 200))
    assert hand.strokes == [BARS[0]]
    wipe(hand, (100 + reach - 1, 200))
    assert hand.strokes == []
    hand.app.undo()
    hand.app.set_pen(0)
    wipe(hand, (113, 200))
    assert hand.strokes == [BARS[0]]
    wipe(hand, (111, 200))
    assert hand.strokes == []


@given(
    points=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=5),
    at=st.tuples(st.integers(-20, 80), st.integers(-20, 80)),
    reach=st.integers(1, 30),
)
def test_the_reach_is_measured_to_the_nearest_place_of_a_stroke(
    points: list[tuple[int, int]], at: tuple[int, int], reach: int
) -> None:
    """Not to its points only; an obvious walk along the stroke in small steps says the same."""
    board = Board((100, 100))
    board.add(Stroke(points))
    board.erase([at], reach)
    steps = 400
    nearest = min(
        ((x0 + (x1 - x0) * n / steps - at[0]) ** 2 + (y0 + (y1 - y0) * n / steps - at[1]) ** 2)
        ** 0.5
        for (x0, y0), (x1, y1) in zip(points, points[1:] or points, strict=False)
        for n in range(steps + 1)
    )
    if abs(nearest - reach) > 0.1:
        assert board.is_blank == (nearest < reach)


def test_the_eraser_lets_a_stroke_that_is_drawn_alone(hand: Hand) -> None:
    """Switched on meanwhile, it waits for the next press."""
    hand.press((100, 100))
    hand.move((100, 200))
    hand.key(pygame.K_e)
    hand.move((100, 300))
    hand.release((100, 300))
    assert hand.strokes == [[(100, 100), (100, 200), (100, 300)]]
    drag(hand, (100, 200))
    assert hand.strokes == []


def test_the_eraser_wipes_in_a_window_of_another_size(hand: Hand) -> None:
    """Where the ink is seen, not where it was drawn."""
    hand.draw(*BARS)
    hand.resize((1900, 1260))
    x, y = (side / 2 for side in hand.app.board_area.size)
    width, height = hand.app.board.canvas
    scale = min(hand.app.board_area.width / width, hand.app.board_area.height / height)
    wipe(hand, (x + (200 - width / 2) * scale, y + (200 - height / 2) * scale))
    assert hand.strokes == [BARS[0], BARS[2], BARS[3]]
