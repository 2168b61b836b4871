"""The app: what is drawn is read, in a window of any size, and nothing is done in vain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from digitdraw.model.reader import Reader
from digitnet import Drawing, Prediction

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Hand, Shown

SIZES = [(480, 360), (500, 900), (1920, 1080), (1080, 1920)]


def test_a_digit_is_read_when_the_pen_is_lifted(hand: Hand) -> None:
    """Not before, and in the same frame."""
    hand.press(hand.SEVEN[0])
    for place in hand.SEVEN[1:]:
        hand.move(place)
    assert hand.app.prediction is None
    hand.release(hand.SEVEN[-1])
    assert hand.text == "7"


def test_all_strokes_are_read_together(hand: Hand) -> None:
    """A digit of two strokes is one digit, answered anew after the second."""
    hand.draw(*hand.FOUR)
    assert hand.text == "4"
    assert hand.app.prediction is not None
    assert hand.app.prediction.digits[0].strokes == (0, 1)


def test_a_finger_draws_as_a_mouse_does(hand: Hand) -> None:
    """What a finger drew is read on release, too."""
    hand.touch(*hand.FOUR)
    assert hand.text == "4"


def test_a_click_is_read_without_a_crash(hand: Hand) -> None:
    """A dot is ink like any other, and is no digit."""
    hand.draw([(300, 300)])
    assert hand.app.prediction is not None
    assert hand.text == ""


def test_ink_is_read_once(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer for each change of the ink, however many frames pass."""
    drawings: list[Drawing] = []
    read = Reader.read

    def count(reader: Reader, drawing: Drawing) -> Prediction | None:
        drawings.append(drawing)
        return read(reader, drawing)

    monkeypatch.setattr(Reader, "read", count)
    hand.draw(*hand.FOUR)
    for _ in range(5):
        hand.step()
    assert [len(drawing.strokes) for drawing in drawings] == [1, 2]


def test_the_answer_stands_in_the_window(hand: Hand, shown: Shown) -> None:
    """The digit, and how sure the app is of it."""
    hand.draw(hand.SEVEN)
    assert shown.line("answer") == "7"
    assert shown.line("verdict").endswith("% sure")


def test_digits_side_by_side_are_a_number(hand: Hand, shown: Shown) -> None:
    """Each digit is read by itself, and the window shows all of them."""
    hand.draw(*hand.SEVENTY_FOUR)
    assert hand.text == "74"
    assert shown.line("answer") == "74"
    hand.app.undo()
    hand.app.undo()
    hand.step()
    assert hand.text == "7"


@pytest.mark.parametrize("device", ["mouse", "finger"])
def test_what_is_no_digit_is_told_in_words(hand: Hand, shown: Shown, device: str) -> None:
    """A square is not answered with a digit, least of all a sure one."""
    (hand.draw if device == "mouse" else hand.touch)(hand.SQUARE)
    assert hand.app.prediction is not None
    assert not hand.app.prediction.digits[0].accepted
    assert re.fullmatch(r"not a digit|\d or \d", shown.line("answer"))
    assert not shown.line("verdict").endswith("% sure")


def test_a_frame_without_news_draws_nothing(hand: Hand) -> None:
    """Time, hovering, the wheel and keys without a meaning leave the window as it is."""
    hand.draw(hand.SEVEN)
    nothing = [
        pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=1, flipped=False, which=0),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_q, mod=0, unicode="q"),
        hand.mouse_event(pygame.MOUSEMOTION, (90, 90), rel=(1, 1), buttons=(0, 0, 0)),
        hand.mouse_event(pygame.MOUSEBUTTONDOWN, (90, 90), button=3),
    ]
    assert hand.step() == []
    assert hand.step(*nothing) == []


def test_an_uncovered_window_is_drawn_again(hand: Hand) -> None:
    """All of it, as it was."""
    hand.draw(hand.SEVEN)
    before = pygame.surfarray.array3d(hand.surface)
    hand.surface.fill((255, 0, 255))
    hand.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert (pygame.surfarray.array3d(hand.surface) == before).all()


def test_closing_the_window_ends_the_app(hand: Hand) -> None:
    """The app runs until it is told to quit."""
    assert hand.app.is_running
    hand.step(pygame.event.Event(pygame.QUIT))
    assert not hand.app.is_running


def test_a_stroke_slides_along_the_boards_edge(hand: Hand) -> None:
    """Beyond the board, the pen goes on as near to the hand as it can."""
    width, height = hand.app.board_area.size
    hand.draw([(100, 100), (-90, 150), (-90, 200), (5000, 250), (300, -70), (300, 5000)])
    assert hand.strokes == [
        [(100, 100), (0, 150), (0, 200), (width, 250), (300, 0), (300, height)],
    ]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_resizing_keeps_ink_and_reading(hand: Hand, size: tuple[int, int]) -> None:
    """The ink is what it was; only how large it is shown changes."""
    hand.draw(hand.SEVEN)
    hand.resize(size)
    assert hand.strokes == [hand.SEVEN]
    assert hand.text == "7"
    hand.step()
    assert hand.step() == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_resizing_while_drawing_keeps_the_stroke(hand: Hand, size: tuple[int, int]) -> None:
    """The stroke goes on where the pen is, and is one stroke."""
    hand.press(hand.SEVEN[0])
    for place in hand.SEVEN[1:]:
        hand.move(place)
    hand.resize(size)
    hand.release((-1000, -1000))
    assert len(hand.strokes) == 1
    assert hand.strokes[0][: len(hand.SEVEN)] == hand.SEVEN


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_ink_drawn_after_resizing_is_on_the_canvas(hand: Hand, size: tuple[int, int]) -> None:
    """Whatever is seen on the board is saved with the canvas: no ink is beyond it."""
    hand.draw(hand.SEVEN)
    hand.resize(size)
    width, height = hand.app.board_area.size
    hand.draw([(1, 1), (width - 1, height - 1)])
    assert len(hand.strokes) == 2
    points = np.array(hand.strokes[1])
    assert (points >= 0).all()
    assert (points <= hand.app.board.canvas).all()


def test_ink_that_comes_back_after_resizing_is_on_the_canvas(hand: Hand) -> None:
    """A clear that is undone in a smaller window brings back ink that is all seen."""
    hand.draw(hand.SEVEN)
    hand.app.clear()
    hand.resize((480, 360))
    hand.app.undo()
    hand.step()
    assert hand.text == "7"
    assert (np.array(hand.strokes[0]) <= hand.app.board.canvas).all()


def test_a_blank_board_takes_the_windows_size(hand: Hand) -> None:
    """The first stroke after resizing is drawn on a canvas as large as the board then is."""
    hand.resize((1600, 1200))
    hand.draw(hand.SEVEN)
    assert list(hand.app.board.canvas) == list(hand.app.board_area.size)
    assert hand.strokes == [hand.SEVEN]
