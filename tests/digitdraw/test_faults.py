"""What goes wrong at a desk: each leaves the app usable, and nothing that was drawn is lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

from digitdraw.storage.settings import Settings
from digitnet import Stroke, ink

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Hand, NewHand, Shown


@pytest.fixture(params=[False, True], ids=["on release", "live"])
def hand(new_hand: NewHand, request: pytest.FixtureRequest) -> Hand:
    """A hand whose app reads on release only, and one whose app reads live."""
    return new_hand(settings=Settings(live=request.param))


def assert_usable(hand: Hand) -> None:
    """What is drawn next is drawn, read, saved, taken back; nothing stays to be drawn."""
    before = hand.strokes
    hand.draw([(20, 20), (30, 30)])
    assert len(hand.strokes) == len(before) + 1
    hand.app.undo()
    hand.step()
    assert hand.strokes == before
    assert hand.step() == []
    hand.app.clear()
    hand.draw(hand.SEVEN)
    assert hand.text == "7"
    assert hand.app.save() is not None
    assert hand.app.recording().answer is not None


def begin(hand: Hand) -> None:
    """Put the pen down and draw half of a 7."""
    hand.press(hand.SEVEN[0])
    for place in hand.SEVEN[1:4]:
        hand.move(place)


@pytest.mark.parametrize("size", [(480, 360), (500, 900), (1920, 1080), (40, 30)], ids=str)
def test_a_window_resized_while_drawing(hand: Hand, size: tuple[int, int]) -> None:
    """The stroke goes on, and is the one that it was."""
    begin(hand)
    hand.resize(size)
    hand.move((30, 20))
    hand.release((30, 20))
    assert len(hand.strokes) == 1
    assert hand.strokes[0][:4] == hand.SEVEN[:4]
    hand.resize((960, 640))
    assert_usable(hand)


def test_a_release_outside_of_the_window(hand: Hand) -> None:
    """The stroke ends at the board's edge."""
    begin(hand)
    hand.release((-5000, 9000))
    assert len(hand.strokes) == 1
    assert hand.app.board.current == ()
    assert_usable(hand)


@pytest.mark.parametrize(
    "event", [pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN]
)
def test_a_window_that_loses_the_focus_while_drawing(hand: Hand, event: int) -> None:
    """The ink so far stays; a wiping pen wipes no more."""
    begin(hand)
    hand.step(pygame.event.Event(event))
    hand.move((500, 500))
    hand.release((500, 500))
    assert hand.strokes == [hand.SEVEN[:4]]
    hand.press((500, 500), 3)
    hand.step(pygame.event.Event(event))
    hand.move(hand.SEVEN[0], (0, 0, 1))
    assert hand.strokes == [hand.SEVEN[:4]]
    assert_usable(hand)


def test_two_buttons_at_once(hand: Hand) -> None:
    """Whatever their order, the first has the pen, and the other is not left over."""
    begin(hand)
    hand.press(hand.SEVEN[0], 3)
    hand.release((200, 120), 1)
    hand.move((200, 120), (0, 0, 1))
    hand.release(hand.SEVEN[0], 3)
    assert len(hand.strokes) == 1
    hand.press((500, 500), 3)
    hand.press((300, 120), 1)
    hand.release((500, 500), 3)
    hand.release((300, 120), 1)
    assert len(hand.strokes) == 1
    assert_usable(hand)


@pytest.mark.parametrize("page", ["help", "gallery", "picture"])
def test_a_page_opened_while_drawing(hand: Hand, tmp_path: Path, page: str) -> None:
    """The stroke ends and stays, and the pen's way over the page draws nothing."""
    begin(hand)
    path = tmp_path / "picture.png"
    pygame.image.save(pygame.Surface((20, 20)), path)
    if page == "picture":
        hand.step(pygame.event.Event(pygame.DROPFILE, file=str(path)))
    else:
        hand.key(pygame.K_F1 if page == "help" else pygame.K_g)
    hand.move((500, 500))
    hand.key(pygame.K_ESCAPE)
    hand.move((400, 500))
    hand.release((400, 500))
    assert hand.strokes == [hand.SEVEN[:4]]
    assert_usable(hand)


@pytest.mark.parametrize("jump", [10**9, -(10**6)])
def test_a_clock_that_jumps(hand: Hand, jump: int) -> None:
    """While drawing, hovering or doing nothing; the session can still be told in order."""
    begin(hand)
    hand.now += jump
    for place in hand.SEVEN[4:]:
        hand.move(place)
    hand.release(hand.SEVEN[-1])
    assert hand.strokes == [hand.SEVEN]
    assert hand.text == "7"
    hand.move(hand.button("undo"), (0, 0, 0))
    hand.now -= jump
    hand.step()
    hand.key(pygame.K_7)
    recording = hand.app.recording()
    times = [point.t for point in recording.strokes[0].points]
    assert times == sorted(times)
    assert recording.events[-1][0] > times[-1]
    assert_usable(hand)


def test_a_stroke_of_100_000_points(new_hand: NewHand) -> None:
    """It is drawn and saved whole, and what is drawn next is read."""
    hand = new_hand()
    hand.press((100, 100))
    for index in range(100_000):
        hand.app.board.extend(100 + index % 400, 100 + index // 400, hand.now)
    hand.move((300, 500))
    hand.release((300, 500))
    assert [len(stroke) for stroke in hand.strokes] == [100_002]
    assert hand.app.save() is not None
    hand.app.clear()
    assert_usable(hand)


def test_10_000_strokes(new_hand: NewHand) -> None:
    """They are wiped, come back and are saved, and what is drawn next is read."""
    hand = new_hand()
    for index in range(9_999):
        x, y = 50 + index % 500, 50 + index // 25
        hand.app.board.add(Stroke([(x, y, index), (x + 1, y + 1, index)]))
    hand.draw([(300, 300), (310, 300)])
    hand.press((60, 60), 3)
    hand.release((60, 60), 3)
    assert len(hand.strokes) < 10_000
    hand.app.undo()
    hand.step()
    assert len(hand.strokes) == 10_000
    assert hand.app.save() is not None
    hand.app.clear()
    assert_usable(hand)


def test_more_ink_than_a_drawing_may_have(
    hand: Hand, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told in one line; once something is taken back, all is as ever."""
    monkeypatch.setattr(ink, "MAX_POINTS", 20)
    hand.draw(*[[(100 + 40 * n, 100 + 9 * m) for m in range(6)] for n in range(4)])
    assert "over the limit of 20" in shown.line("status")
    assert len(hand.strokes) == 4
    for key in (pygame.K_s, pygame.K_r):
        hand.key(key)
        assert shown.line("status").startswith("Not saved: ")
        assert "over the limit of 20" in shown.line("status")
    hand.app.undo()
    hand.step()
    assert hand.app.prediction is not None
    hand.key(pygame.K_s)
    assert shown.line("status").startswith("Saved as ")


def test_a_folder_that_vanishes_between_two_saves(hand: Hand, tmp_path: Path) -> None:
    """It is made anew."""
    hand.draw(hand.SEVEN)
    first = hand.app.save()
    assert first is not None
    shutil.rmtree(tmp_path / "saved")
    second = hand.app.save()
    assert second is not None
    assert second.is_file()
    assert_usable(hand)


@pytest.mark.parametrize("at", range(3))
def test_a_full_disk(
    hand: Hand, shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Whichever file it stops at, none is left; the ink stays, and is saved once there is room."""
    hand.draw(hand.SEVEN)
    count = 0

    def full(_: int) -> None:
        nonlocal count
        count += 1
        if count > at:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        hand.key(pygame.K_s)
        assert "No space left on device" in shown.line("status")
        count = 3
        hand.key(pygame.K_r)
        assert "No space left on device" in shown.line("status")
    assert not [path for path in (tmp_path / "saved").rglob("*") if path.is_file()]
    assert hand.strokes == [hand.SEVEN]
    assert hand.text == "7"
    hand.key(pygame.K_s)
    assert shown.line("status").startswith("Saved as ")
    assert_usable(hand)


def test_an_hour_of_scribbling(new_hand: NewHand) -> None:
    """Drawn, wiped, cleared and taken back all the time; the session can be told in the end."""
    hand = new_hand(settings=Settings(live=True))
    count = 0
    for minute in range(60):
        for turn in range(2):
            x, y = 40 + 235 * turn, 40 + (minute * 31) % 400
            hand.draw([(x, y), (x + 30, y + 9), (x - 20, y + 60), (x + 25, y + 80)])
            count += 1
            hand.now += 29_000
        if minute % 3 == 0:
            hand.app.undo()
        elif minute % 3 == 1:
            hand.press((40, y), 3)
            hand.move((500, y + 80), (0, 0, 1))
            hand.release((500, y + 80), 3)
        else:
            hand.app.clear()
    recording = hand.app.recording()
    assert len(recording.strokes) == count
    assert recording.events[-1][0] > 50 * 60_000
    assert_usable(hand)
