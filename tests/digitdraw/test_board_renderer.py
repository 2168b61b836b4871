"""The ink on the board, pixel by pixel: while it is drawn, and after undo, redo and erasing."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitbench.strategies import drawings
from digitdraw.ui.theme import LIGHT
from digitnet import Drawing, Stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.digitdraw.conftest import NewPilot, Pilot

SIDE = 570
"""A square of this many pixels is within the board of the pilots' window."""


def board_pixels(pilot: Pilot) -> NDArray[np.uint8]:
    """Copy what the board shows, uint8 (width, height, 3)."""
    return pygame.surfarray.array3d(pilot.surface.subsurface(pilot.app.board_area))


def is_ink(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((pixels == LIGHT.ink).all(axis=-1))


def draw_strokes(pilot: Pilot, drawing: Drawing) -> None:
    """Draw with the mouse, one frame for each point."""
    pilot.draw(*[[(point.x, point.y) for point in stroke.points] for stroke in drawing.strokes])


@pytest.mark.parametrize("degrees", range(0, 360, 30))
def test_fast_strokes_have_no_gaps(pilot: Pilot, degrees: int) -> None:
    """If points are 200 pixels apart, every pixel between them is ink."""
    x, y = 200 * cos(degrees * pi / 180), 200 * sin(degrees * pi / 180)
    start, end = (300, 300), (300 + round(x), 300 + round(y))
    pilot.draw([start, end])
    line = np.linspace(start, end, 400).astype(int)
    assert is_ink(board_pixels(pilot)[line[:, 0], line[:, 1]]).all()


def test_ink_appears_while_it_is_drawn(pilot: Pilot) -> None:
    """Under the pen, in the frame of the event."""
    pilot.press((100, 100))
    assert is_ink(board_pixels(pilot)[100, 100])
    pilot.move((300, 100))
    assert is_ink(board_pixels(pilot)[100:301, 100]).all()


def test_the_line_is_as_wide_as_the_pen(pilot: Pilot) -> None:
    """A twentieth of the board's shorter side, to a pixel."""
    pilot.draw([(100, 300), (500, 300)])
    column = board_pixels(pilot)[300, 200:400]
    covered = 1 - (column[:, 0] - LIGHT.ink[0]) / (LIGHT.paper[0] - LIGHT.ink[0])
    assert covered.sum() == pytest.approx(0.05 * min(pilot.app.board_area.size), abs=1)


def test_edges_are_smooth(pilot: Pilot) -> None:
    """There are many shades between ink and paper, and none outside that range."""
    pilot.draw([(100, 100), (420, 249)])
    ink = board_pixels(pilot)[80:440, 80:280]
    assert len(np.unique(ink[..., 0])) > 20
    assert (ink >= LIGHT.ink).all()
    assert (ink <= LIGHT.paper).all()


@settings(max_examples=40)
@given(
    drawing=drawings(side=SIDE, max_points=6),
    window=st.sampled_from([(500, 700), (811, 477)]),
)
def test_ink_drawn_in_steps_is_ink_drawn_at_once(
    new_pilot: NewPilot, drawing: Drawing, window: tuple[int, int]
) -> None:
    """To the pixel, in a window of any size, with any pen."""
    pilot = new_pilot()
    pilot.app.board.pen = drawing.pen or 0.05
    pilot.draw([(300, 300)])  # fixes the canvas, so that the resized window scales it
    pilot.resize(window)
    draw_strokes(pilot, drawing)
    in_steps = board_pixels(pilot)
    pilot.surface.fill((255, 0, 255))
    pilot.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert (in_steps == board_pixels(pilot)).all()


@settings(max_examples=30)
@given(drawing=drawings(side=SIDE, max_points=4))
def test_undo_leaves_no_ink_behind(new_pilot: NewPilot, drawing: Drawing) -> None:
    """The board looks as it did before the stroke, and after redo as it did with the stroke."""
    pilot = new_pilot()
    shown = [board_pixels(pilot)]
    for stroke in drawing.strokes:
        pilot.draw([(point.x, point.y) for point in stroke.points])
        shown.append(board_pixels(pilot))
    for before in shown[-2::-1]:
        pilot.app.undo()
        pilot.step()
        assert (board_pixels(pilot) == before).all()
    for after in shown[1:]:
        pilot.app.redo()
        pilot.step()
        assert (board_pixels(pilot) == after).all()


def test_cancelling_a_stroke_leaves_no_ink_behind(pilot: Pilot) -> None:
    """Undo while the pen is down erases the ink of the current stroke."""
    pilot.draw(pilot.SEVEN)
    before = board_pixels(pilot)
    pilot.press((50, 50))
    pilot.move((500, 550))
    pilot.key(pygame.K_u)
    assert (board_pixels(pilot) == before).all()


def test_clear_leaves_a_blank_board(pilot: Pilot) -> None:
    """It looks as it did at the start."""
    before = board_pixels(pilot)
    pilot.draw(*pilot.FOUR)
    pilot.app.clear()
    pilot.step()
    assert (board_pixels(pilot) == before).all()


def test_sparse_points_on_a_curve_are_drawn_round(pilot: Pilot) -> None:
    """The ink of a circle of sixteen points is nowhere far from the circle."""
    middle, radius = 290, 200
    angles = np.linspace(0, 2 * pi, 17)
    pilot.draw([(round(middle + radius * cos(a)), round(middle + radius * sin(a))) for a in angles])
    x, y = np.nonzero(is_ink(board_pixels(pilot)))
    distance = np.abs(np.hypot(x - middle, y - middle) - radius)
    half_pen = pilot.app.board.pen_pixels / 2
    assert distance.max() < half_pen + 2.5  # a polygon would be 3.8 off
    assert distance.max() > half_pen - 1.5


@settings(max_examples=40)
@given(
    steps=st.lists(
        st.one_of(
            drawings(side=SIDE, max_points=5),
            st.sampled_from(["u", "y", "c"]),
            st.tuples(st.integers(0, SIDE), st.integers(0, SIDE)),
        ),
        max_size=10,
    )
)
def test_erasing_ink_leaves_the_rest_unchanged(
    new_pilot: NewPilot, steps: list[Drawing | str | tuple[int, int]]
) -> None:
    """After drawing, undo, redo, clear and erasing, the board looks as if redrawn from scratch."""
    pilot = new_pilot()
    for step in steps:
        if isinstance(step, Drawing):
            draw_strokes(pilot, step)
        elif isinstance(step, str):
            pilot.key(pygame.key.key_code(step))
        else:
            pilot.press(step, 3)
            pilot.release(step, 3)
    settle(pilot)
    shown = board_pixels(pilot)
    for pen in (0.1, 0.05):  # another pen redraws all ink
        pilot.app.set_pen(pen)
        settle(pilot)
    assert (shown == board_pixels(pilot)).all()


def settle(pilot: Pilot) -> None:
    """Run frames until all ink is shown: a large amount is drawn over several of them."""
    while pilot.step():
        pass


def test_the_ink_of_a_number_is_redrawn_within_a_frame(pilot: Pilot) -> None:
    """Otherwise it would flicker while the pen's width is changed."""
    for place in range(10):
        x, y = 10 + 56 * place, 80
        pilot.draw([(x, y), (x + 45, y), (x + 20, y + 250)], [(x + 10, y + 90), (x + 45, y + 90)])
    for pen in (0.02, 0.05, 0.1):
        pilot.app.set_pen(pen)
        pilot.step()
        assert pilot.step() == []


def test_a_large_amount_of_ink_is_drawn_over_several_frames(pilot: Pilot) -> None:
    """Each frame draws part of it; in the end all of it is there, and nothing more is drawn."""
    rng = np.random.default_rng(1)
    for x, y in rng.integers(20, 540, (400, 2)):
        pilot.app.board.add(Stroke([(x, y), (x + 20, y + 10), (x + 5, y + 25)]))
    long = np.cumsum(rng.normal(0, 6, (9000, 2)), axis=0).clip(-200, 200) + 280
    pilot.app.board.add(Stroke(long.tolist()))
    pilot.app.set_pen(0.01)
    frames = 0
    while pilot.step():
        frames += 1
        assert frames < 100
    assert frames > 5
    complete = board_pixels(pilot)
    for x, y in long[::100].astype(int):
        assert is_ink(complete)[x - 2 : x + 3, y - 2 : y + 3].any()
    pilot.app.undo()
    settle(pilot)
    pilot.app.redo()
    settle(pilot)
    assert (board_pixels(pilot) == complete).all()
