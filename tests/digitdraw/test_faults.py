"""Mishaps in daily use: each leaves the app usable, and no ink is lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

from digitdraw.storage.settings import Settings
from digitnet import Stroke, ink

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Pilot, Shown


@pytest.fixture(params=[False, True], ids=["on release", "live"])
def pilot(new_pilot: NewPilot, request: pytest.FixtureRequest) -> Pilot:
    """A pilot whose app reads on release only, and one whose app reads live."""
    return new_pilot(settings=Settings(live=request.param))


def assert_usable(pilot: Pilot) -> None:
    """Check that new ink is drawn, read, saved and undone, and that the window comes to rest."""
    before = pilot.strokes
    pilot.draw([(20, 20), (30, 30)])
    assert len(pilot.strokes) == len(before) + 1
    pilot.app.undo()
    pilot.step()
    assert pilot.strokes == before
    assert pilot.step() == []
    pilot.app.clear()
    pilot.draw(pilot.SEVEN)
    assert pilot.text == "7"
    assert pilot.app.save() is not None
    assert pilot.app.recording().answer is not None


def begin(pilot: Pilot) -> None:
    """Put the pen down and draw half of a 7."""
    pilot.press(pilot.SEVEN[0])
    for place in pilot.SEVEN[1:4]:
        pilot.move(place)


@pytest.mark.parametrize("size", [(480, 360), (500, 900), (1920, 1080), (40, 30)], ids=str)
def test_a_window_resized_while_drawing(pilot: Pilot, size: tuple[int, int]) -> None:
    """The stroke continues as the same stroke."""
    begin(pilot)
    pilot.resize(size)
    pilot.move((30, 20))
    pilot.release((30, 20))
    assert len(pilot.strokes) == 1
    assert pilot.strokes[0][:4] == pilot.SEVEN[:4]
    pilot.resize((960, 640))
    assert_usable(pilot)


def test_a_release_outside_of_the_window(pilot: Pilot) -> None:
    """The stroke ends at the board's edge."""
    begin(pilot)
    pilot.release((-5000, 9000))
    assert len(pilot.strokes) == 1
    assert pilot.app.board.current == ()
    assert_usable(pilot)


@pytest.mark.parametrize(
    "event", [pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN]
)
def test_a_window_that_loses_the_focus_while_drawing(pilot: Pilot, event: int) -> None:
    """The ink so far stays; an erasing pen stops erasing."""
    begin(pilot)
    pilot.step(pygame.event.Event(event))
    pilot.move((500, 500))
    pilot.release((500, 500))
    assert pilot.strokes == [pilot.SEVEN[:4]]
    pilot.press((500, 500), 3)
    pilot.step(pygame.event.Event(event))
    pilot.move(pilot.SEVEN[0], (0, 0, 1))
    assert pilot.strokes == [pilot.SEVEN[:4]]
    assert_usable(pilot)


def test_two_buttons_at_once(pilot: Pilot) -> None:
    """In any order, the first holds the pen, and the other has no effect later."""
    begin(pilot)
    pilot.press(pilot.SEVEN[0], 3)
    pilot.release((200, 120), 1)
    pilot.move((200, 120), (0, 0, 1))
    pilot.release(pilot.SEVEN[0], 3)
    assert len(pilot.strokes) == 1
    pilot.press((500, 500), 3)
    pilot.press((300, 120), 1)
    pilot.release((500, 500), 3)
    pilot.release((300, 120), 1)
    assert len(pilot.strokes) == 1
    assert_usable(pilot)


@pytest.mark.parametrize("page", ["help", "gallery", "picture"])
def test_a_page_opened_while_drawing(pilot: Pilot, tmp_path: Path, page: str) -> None:
    """The stroke ends and stays, and moving over the page draws nothing."""
    begin(pilot)
    path = tmp_path / "picture.png"
    pygame.image.save(pygame.Surface((20, 20)), path)
    if page == "picture":
        pilot.step(pygame.event.Event(pygame.DROPFILE, file=str(path)))
    else:
        pilot.key(pygame.K_F1 if page == "help" else pygame.K_g)
    pilot.move((500, 500))
    pilot.key(pygame.K_ESCAPE)
    pilot.move((400, 500))
    pilot.release((400, 500))
    assert pilot.strokes == [pilot.SEVEN[:4]]
    assert_usable(pilot)


@pytest.mark.parametrize("jump", [10**9, -(10**6)])
def test_a_clock_that_jumps(pilot: Pilot, jump: int) -> None:
    """While drawing, hovering or idle; the session is still recorded in order."""
    begin(pilot)
    pilot.now += jump
    for place in pilot.SEVEN[4:]:
        pilot.move(place)
    pilot.release(pilot.SEVEN[-1])
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.text == "7"
    pilot.move(pilot.button("undo"), (0, 0, 0))
    pilot.now -= jump
    pilot.step()
    pilot.key(pygame.K_7)
    recording = pilot.app.recording()
    times = [point.t for point in recording.strokes[0].points]
    assert times == sorted(times)
    assert recording.events[-1][0] > times[-1]
    assert_usable(pilot)


def test_a_stroke_of_100_000_points(new_pilot: NewPilot) -> None:
    """It is drawn and saved completely, and later ink is read."""
    pilot = new_pilot()
    pilot.press((100, 100))
    for index in range(100_000):
        pilot.app.board.extend(100 + index % 400, 100 + index // 400, pilot.now)
    pilot.move((300, 500))
    pilot.release((300, 500))
    assert [len(stroke) for stroke in pilot.strokes] == [100_002]
    assert pilot.app.save() is not None
    pilot.app.clear()
    assert_usable(pilot)


def test_10_000_strokes(new_pilot: NewPilot) -> None:
    """They are erased, come back and are saved, and later ink is read."""
    pilot = new_pilot()
    for index in range(9_999):
        x, y = 50 + index % 500, 50 + index // 25
        pilot.app.board.add(Stroke([(x, y, index), (x + 1, y + 1, index)]))
    pilot.draw([(300, 300), (310, 300)])
    pilot.press((60, 60), 3)
    pilot.release((60, 60), 3)
    assert len(pilot.strokes) < 10_000
    pilot.app.undo()
    pilot.step()
    assert len(pilot.strokes) == 10_000
    assert pilot.app.save() is not None
    pilot.app.clear()
    assert_usable(pilot)


def test_more_ink_than_a_drawing_may_have(
    pilot: Pilot, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line reports it; after an undo everything works again."""
    monkeypatch.setattr(ink, "MAX_POINTS", 20)
    pilot.draw(*[[(100 + 40 * n, 100 + 9 * m) for m in range(6)] for n in range(4)])
    assert "exceeds the limit of 20" in shown.line("status")
    assert len(pilot.strokes) == 4
    for key in (pygame.K_s, pygame.K_r):
        pilot.key(key)
        assert shown.line("status").startswith("Not saved: ")
        assert "exceeds the limit of 20" in shown.line("status")
    pilot.app.undo()
    pilot.step()
    assert pilot.app.prediction is not None
    pilot.key(pygame.K_s)
    assert shown.line("status").startswith("Saved as ")


def test_a_folder_that_vanishes_between_two_saves(pilot: Pilot, tmp_path: Path) -> None:
    """It is created again."""
    pilot.draw(pilot.SEVEN)
    first = pilot.app.save()
    assert first is not None
    shutil.rmtree(tmp_path / "saved")
    second = pilot.app.save()
    assert second is not None
    assert second.is_file()
    assert_usable(pilot)


@pytest.mark.parametrize("at", range(3))
def test_a_full_disk(
    pilot: Pilot, shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Whichever file fails, none is left; the ink stays, and is saved once there is space."""
    pilot.draw(pilot.SEVEN)
    count = 0

    def full(_: int) -> None:
        nonlocal count
        count += 1
        if count > at:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        pilot.key(pygame.K_s)
        assert "No space left on device" in shown.line("status")
        count = 3
        pilot.key(pygame.K_r)
        assert "No space left on device" in shown.line("status")
    assert not [path for path in (tmp_path / "saved").rglob("*") if path.is_file()]
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.text == "7"
    pilot.key(pygame.K_s)
    assert shown.line("status").startswith("Saved as ")
    assert_usable(pilot)


def test_an_hour_of_scribbling(new_pilot: NewPilot) -> None:
    """Drawing, erasing, clearing and undoing all the time; the session can be recorded."""
    pilot = new_pilot(settings=Settings(live=True))
    count = 0
    for minute in range(60):
        for turn in range(2):
            x, y = 40 + 235 * turn, 40 + (minute * 31) % 400
            pilot.draw([(x, y), (x + 30, y + 9), (x - 20, y + 60), (x + 25, y + 80)])
            count += 1
            pilot.now += 29_000
        if minute % 3 == 0:
            pilot.app.undo()
        elif minute % 3 == 1:
            pilot.press((40, y), 3)
            pilot.move((500, y + 80), (0, 0, 1))
            pilot.release((500, y + 80), 3)
        else:
            pilot.app.clear()
    recording = pilot.app.recording()
    assert len(recording.strokes) == count
    assert recording.events[-1][0] > 50 * 60_000
    assert_usable(pilot)
