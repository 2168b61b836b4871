"""The app reads what is drawn, in a window of any size, and does no needless work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from digitdraw.model.reader import Reader
from digitnet import Drawing, Prediction

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot, Shown

SIZES = [(480, 360), (500, 900), (1920, 1080), (1080, 1920)]


def test_a_digit_is_read_when_the_pen_is_lifted(pilot: Pilot) -> None:
    """It is read in the frame of the release, not before."""
    pilot.press(pilot.SEVEN[0])
    for place in pilot.SEVEN[1:]:
        pilot.move(place)
    assert pilot.app.prediction is None
    pilot.release(pilot.SEVEN[-1])
    assert pilot.text == "7"


def test_all_strokes_are_read_together(pilot: Pilot) -> None:
    """Two strokes of one digit are read as one, again after the second."""
    pilot.draw(*pilot.FOUR)
    assert pilot.text == "4"
    assert pilot.app.prediction is not None
    assert pilot.app.prediction.digits[0].strokes == (0, 1)


def test_a_finger_draws_as_a_mouse_does(pilot: Pilot) -> None:
    """What a finger draws is read on release too."""
    pilot.touch(*pilot.FOUR)
    assert pilot.text == "4"


def test_a_click_is_read_without_a_crash(pilot: Pilot) -> None:
    """A dot is ink like any other, but not a digit."""
    pilot.draw([(300, 300)])
    assert pilot.app.prediction is not None
    assert pilot.text == ""


def test_ink_is_read_once(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change of the ink is read once, however many frames follow."""
    drawings: list[Drawing] = []
    read = Reader.read

    def count(reader: Reader, drawing: Drawing) -> Prediction | None:
        drawings.append(drawing)
        return read(reader, drawing)

    monkeypatch.setattr(Reader, "read", count)
    pilot.draw(*pilot.FOUR)
    for _ in range(5):
        pilot.step()
    assert [len(drawing.strokes) for drawing in drawings] == [1, 2]


def test_the_window_shows_the_answer(pilot: Pilot, shown: Shown) -> None:
    """The window shows the digit, and how sure the app is."""
    pilot.draw(pilot.SEVEN)
    assert shown.line("answer") == "7"
    assert shown.line("verdict").endswith("% sure")


def test_digits_side_by_side_are_a_number(pilot: Pilot, shown: Shown) -> None:
    """Each digit is read separately, and the window shows all of them."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    assert pilot.text == "74"
    assert shown.line("answer") == "74"
    pilot.app.undo()
    pilot.app.undo()
    pilot.step()
    assert pilot.text == "7"


@pytest.mark.parametrize("device", ["mouse", "finger"])
def test_what_is_not_a_digit_is_described_in_words(pilot: Pilot, shown: Shown, device: str) -> None:
    """A square is not answered with a digit, least of all a sure one."""
    (pilot.draw if device == "mouse" else pilot.touch)(pilot.SQUARE)
    assert pilot.app.prediction is not None
    assert not pilot.app.prediction.digits[0].accepted
    assert re.fullmatch(r"not a digit|\d or \d", shown.line("answer"))
    assert not shown.line("verdict").endswith("% sure")


def test_a_frame_without_changes_draws_nothing(pilot: Pilot) -> None:
    """Time, hovering, the wheel and unbound keys do not change the window."""
    pilot.draw(pilot.SEVEN)
    nothing = [
        pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=1, flipped=False, which=0),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_q, mod=0, unicode="q"),
        pilot.mouse_event(pygame.MOUSEMOTION, (90, 90), rel=(1, 1), buttons=(0, 0, 0)),
        pilot.mouse_event(pygame.MOUSEBUTTONDOWN, (90, 90), button=3),
    ]
    assert pilot.step() == []
    assert pilot.step(*nothing) == []


def test_an_exposed_window_is_drawn_again(pilot: Pilot) -> None:
    """The whole window is drawn as it was."""
    pilot.draw(pilot.SEVEN)
    before = pygame.surfarray.array3d(pilot.surface)
    pilot.surface.fill((255, 0, 255))
    pilot.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert (pygame.surfarray.array3d(pilot.surface) == before).all()


def test_closing_the_window_ends_the_app(pilot: Pilot) -> None:
    """The app runs until the window is closed."""
    assert pilot.app.is_running
    pilot.step(pygame.event.Event(pygame.QUIT))
    assert not pilot.app.is_running


def test_a_stroke_slides_along_the_boards_edge(pilot: Pilot) -> None:
    """Beyond the board, the pen stays as close to the mouse as it can."""
    width, height = pilot.app.board_area.size
    pilot.draw([(100, 100), (-90, 150), (-90, 200), (5000, 250), (300, -70), (300, 5000)])
    assert pilot.strokes == [
        [(100, 100), (0, 150), (0, 200), (width, 250), (300, 0), (300, height)],
    ]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_resizing_keeps_ink_and_reading(pilot: Pilot, size: tuple[int, int]) -> None:
    """The ink does not change, only how large it is shown."""
    pilot.draw(pilot.SEVEN)
    pilot.resize(size)
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.text == "7"
    pilot.step()
    assert pilot.step() == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_resizing_while_drawing_keeps_the_stroke(pilot: Pilot, size: tuple[int, int]) -> None:
    """The stroke continues where the pen is, as one stroke."""
    pilot.press(pilot.SEVEN[0])
    for place in pilot.SEVEN[1:]:
        pilot.move(place)
    pilot.resize(size)
    pilot.release((-1000, -1000))
    assert len(pilot.strokes) == 1
    assert pilot.strokes[0][: len(pilot.SEVEN)] == pilot.SEVEN


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_ink_drawn_after_resizing_is_on_the_canvas(pilot: Pilot, size: tuple[int, int]) -> None:
    """Everything visible on the board is on the saved canvas: no ink is beyond it."""
    pilot.draw(pilot.SEVEN)
    pilot.resize(size)
    width, height = pilot.app.board_area.size
    pilot.draw([(1, 1), (width - 1, height - 1)])
    assert len(pilot.strokes) == 2
    points = np.array(pilot.strokes[1])
    assert (points >= 0).all()
    assert (points <= pilot.app.board.canvas).all()


def test_ink_that_comes_back_after_resizing_is_on_the_canvas(pilot: Pilot) -> None:
    """Undoing a clear in a smaller window brings back ink that is entirely visible."""
    pilot.draw(pilot.SEVEN)
    pilot.app.clear()
    pilot.resize((480, 360))
    pilot.app.undo()
    pilot.step()
    assert pilot.text == "7"
    assert (np.array(pilot.strokes[0]) <= pilot.app.board.canvas).all()


def test_a_blank_board_takes_the_windows_size(pilot: Pilot) -> None:
    """The first stroke after a resize is drawn on a canvas of the board's new size."""
    pilot.resize((1600, 1200))
    pilot.draw(pilot.SEVEN)
    assert list(pilot.app.board.canvas) == list(pilot.app.board_area.size)
    assert pilot.strokes == [pilot.SEVEN]
