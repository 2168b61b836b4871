"""The eraser: key, button and right mouse button; what it removes, what comes back."""

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
    from tests.digitdraw.conftest import XY, Pilot, Shown, Trace

BARS: list[Trace] = [[(x, 100), (x, 300)] for x in (100, 200, 300, 400)]
"""Four vertical strokes side by side."""

RIGHT = (0, 0, 1)


def wipe(pilot: Pilot, *places: XY) -> None:
    """Erase with the right mouse button."""
    pilot.press(places[0], 3)
    for place in places[1:]:
        pilot.move(place, RIGHT)
    pilot.release(places[-1], 3)


def drag(pilot: Pilot, *places: XY) -> None:
    """Move with the left button held, as when drawing."""
    pilot.draw(places)


@pytest.mark.parametrize("way", ["key", "button", "finger on the button"])
def test_the_eraser_is_switched_on_and_off(pilot: Pilot, shown: Shown, way: str) -> None:
    """While it is on, every pen erases, and the window says so; afterwards, pens draw."""
    ways: dict[str, Callable[[], None]] = {
        "key": lambda: pilot.key(pygame.K_e),
        "button": lambda: pilot.click("erase"),
        "finger on the button": lambda: pilot.touch([pilot.button("erase")]),
    }
    toggle = ways[way]
    pilot.draw(*BARS)
    toggle()
    assert shown.line("status").startswith("Wipe over strokes")
    drag(pilot, (100, 200))
    assert pilot.strokes == BARS[1:]
    pilot.touch([(200, 200)])
    assert pilot.strokes == BARS[2:]
    toggle()
    assert not shown.line("status").startswith("Wipe")
    drag(pilot, (300, 200), (310, 200))
    assert pilot.strokes == [*BARS[2:], [(300, 200), (310, 200)]]


def test_the_right_button_erases_without_a_switch(pilot: Pilot) -> None:
    """The rest is read again."""
    pilot.draw(pilot.SEVEN, [(20, 20), (560, 560)])
    assert pilot.text != "7"
    wipe(pilot, (500, 500))
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.text == "7"
    wipe(pilot, (300, 120))
    assert pilot.app.board.is_blank
    assert pilot.app.prediction is None


def test_a_switched_on_eraser_is_shown(pilot: Pilot) -> None:
    """Its button looks different until it is off."""
    before = pygame.surfarray.array3d(pilot.surface)
    pilot.key(pygame.K_e)
    assert (pygame.surfarray.array3d(pilot.surface) != before).any()
    pilot.key(pygame.K_e)
    button = pilot.app.board_area.left
    assert (pygame.surfarray.array3d(pilot.surface)[:button] == before[:button]).all()


def test_each_touch_is_one_step_to_undo(pilot: Pilot) -> None:
    """What one sweep erased in three places comes back in three steps, last first."""
    pilot.draw(*BARS)
    wipe(pilot, (400, 200), (200, 200))
    assert pilot.strokes == BARS[:1]
    for count in (2, 3, 4):
        pilot.app.undo()
        assert pilot.strokes == BARS[:count]
    for count in (3, 2, 1):
        pilot.app.redo()
        assert pilot.strokes == BARS[:count]


def test_strokes_that_are_touched_at_once_go_and_come_together(pilot: Pilot) -> None:
    """Erasing where two strokes cross is one step for both."""
    pilot.draw([(100, 100), (300, 300)], [(300, 100), (100, 300)], BARS[3])
    wipe(pilot, (200, 200))
    assert pilot.strokes == [BARS[3]]
    pilot.app.undo()
    assert len(pilot.strokes) == 3


def test_a_fast_sweep_jumps_over_nothing(pilot: Pilot) -> None:
    """Strokes between two mouse positions are erased too."""
    pilot.draw(*BARS)
    wipe(pilot, (50, 200), (450, 200))
    assert pilot.strokes == []
    for left in (3, 2, 1, 0):
        pilot.app.undo()
        assert pilot.strokes == BARS[left:]


def test_a_sweep_over_paper_is_not_a_step(pilot: Pilot) -> None:
    """Undo takes back the stroke drawn before."""
    pilot.draw(*BARS)
    wipe(pilot, (50, 500), (550, 500))
    pilot.app.undo()
    assert pilot.strokes == BARS[:3]


def test_erasing_ends_redo(pilot: Pilot) -> None:
    """Erasing ends redo, as every change does."""
    pilot.draw(*BARS)
    pilot.app.undo()
    wipe(pilot, (100, 200))
    pilot.app.redo()
    assert pilot.strokes == BARS[1:3]


@pytest.mark.parametrize("middle", range(4))
def test_an_erased_stroke_comes_back_to_its_place(pilot: Pilot, middle: int) -> None:
    """Strokes keep the order of drawing, even if one comes back in the middle."""
    pilot.draw(*BARS)
    wipe(pilot, (BARS[middle][0][0], 200))
    pilot.draw([(500, 100), (500, 300)])
    left = [bar for index, bar in enumerate(BARS) if index != middle]
    assert pilot.strokes == [*left, [(500, 100), (500, 300)]]
    pilot.app.undo()
    pilot.app.undo()
    assert pilot.strokes == BARS
    pilot.app.redo()
    assert pilot.strokes == left


def test_the_eraser_reaches_as_far_as_the_pen_is_wide(pilot: Pilot) -> None:
    """Nothing beyond it is erased; a thin pen's eraser has a minimum size."""
    pilot.draw(BARS[0])
    reach = pilot.app.board.pen_pixels
    assert reach > 15
    wipe(pilot, (100 + reach + 1, 200))
    assert pilot.strokes == [BARS[0]]
    wipe(pilot, (100 + reach - 1, 200))
    assert pilot.strokes == []
    pilot.app.undo()
    pilot.app.set_pen(0)
    wipe(pilot, (113, 200))
    assert pilot.strokes == [BARS[0]]
    wipe(pilot, (111, 200))
    assert pilot.strokes == []


@given(
    points=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=5),
    at=st.tuples(st.integers(-20, 80), st.integers(-20, 80)),
    reach=st.integers(1, 30),
)
def test_the_reach_is_measured_to_the_nearest_place_of_a_stroke(
    points: list[tuple[int, int]], at: tuple[int, int], reach: int
) -> None:
    """Distance is measured to the whole line; walking along it in small steps agrees."""
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


def test_the_eraser_lets_a_stroke_that_is_drawn_alone(pilot: Pilot) -> None:
    """If it is switched on while drawing, it waits for the next press."""
    pilot.press((100, 100))
    pilot.move((100, 200))
    pilot.key(pygame.K_e)
    pilot.move((100, 300))
    pilot.release((100, 300))
    assert pilot.strokes == [[(100, 100), (100, 200), (100, 300)]]
    drag(pilot, (100, 200))
    assert pilot.strokes == []


def test_the_eraser_works_in_a_resized_window(pilot: Pilot) -> None:
    """It erases where the ink is shown, not where it was drawn."""
    pilot.draw(*BARS)
    pilot.resize((1900, 1260))
    x, y = (side / 2 for side in pilot.app.board_area.size)
    width, height = pilot.app.board.canvas
    scale = min(pilot.app.board_area.width / width, pilot.app.board_area.height / height)
    wipe(pilot, (x + (200 - width / 2) * scale, y + (200 - height / 2) * scale))
    assert pilot.strokes == [BARS[0], BARS[2], BARS[3]]
