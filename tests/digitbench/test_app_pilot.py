"""The pilot uses any pygame app: here a tray onto which marbles fall."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pygame
import pytest

from digitbench.replay.app_pilot import FRAME, AppPilot
from digitbench.replay.events import Device
from digitbench.replay.names import PilotError
from digitbench.replay.pilot import Pilot
from digitbench.replay.sdl_events import RIGHT
from digitdraw.storage.settings import Settings
from digitnet import Recognizer

LANDED = pygame.USEREVENT + 1
SPEED = 0.2  # pixels per millisecond
WINDOW = (300, 200)


class Tray:
    """A press drops a marble; a drag moves it; the wheel sizes it; keys type its name."""

    def __init__(self) -> None:
        self.marbles: list[pygame.Vector2] = []
        self.held: pygame.Vector2 | None = None
        self.now = self.landed = 0
        self.radius = 10
        self.size = WINDOW
        self.name = self.file = ""

    def handle(self, event: pygame.event.Event) -> None:
        if event.type in (pygame.MOUSEBUTTONDOWN, pygame.FINGERDOWN):
            self.held = self.place_of(event)
        elif event.type in (pygame.MOUSEMOTION, pygame.FINGERMOTION) and self.held:
            self.held.update(self.place_of(event))
        elif event.type in (pygame.MOUSEBUTTONUP, pygame.FINGERUP) and self.held:
            self.marbles.append(self.held)
            self.held = None
        elif event.type == pygame.MOUSEWHEEL:
            self.radius += event.y
        elif event.type == pygame.KEYDOWN:
            self.name = "" if event.key == pygame.K_ESCAPE else self.name + event.unicode
        elif event.type == pygame.DROPFILE:
            self.file = event.file
        elif event.type == pygame.WINDOWRESIZED:
            self.size = event.x, event.y
        elif event.type == LANDED:
            self.landed += 1

    def place_of(self, event: pygame.event.Event) -> pygame.Vector2:
        if hasattr(event, "finger_id"):
            return pygame.Vector2(event.x * self.size[0], event.y * self.size[1])
        return pygame.Vector2(event.pos)

    def update(self, now: int) -> None:
        passed, self.now = now - self.now, now
        for marble in self.marbles:
            if marble.y < self.size[1]:
                marble.y = min(marble.y + passed * SPEED, self.size[1])
                if marble.y == self.size[1]:
                    pygame.event.post(pygame.event.Event(LANDED))

    def draw(self, surface: pygame.Surface) -> None:
        surface.fill("white")
        for marble in (*self.marbles, *filter(None, [self.held])):
            pygame.draw.circle(surface, "navy", marble, self.radius)


@pytest.fixture
def pilot(request: pytest.FixtureRequest) -> AppPilot[Tray]:
    """A pilot of a tray, with a mouse unless the test asks for another device."""
    device = cast("Device", getattr(request, "param", "mouse"))
    return AppPilot(Tray, window=WINDOW, input=device)


@pytest.mark.parametrize("pilot", ["mouse", "touch"], indirect=True)
def test_clicks_and_drags_reach_the_app(pilot: AppPilot[Tray]) -> None:
    """A frame for each event, by mouse and by finger."""
    began = pilot.now
    pilot.click((30, 40))
    pilot.drag([(100, 50), (120, 60)])
    assert pilot.now == began + 5 * FRAME
    assert [round(marble.x) for marble in pilot.app.marbles] == [30, 120]


def test_a_held_pen_is_not_released(pilot: AppPilot[Tray]) -> None:
    """So the app can be looked at meanwhile; it may leave the window as a held mouse does."""
    pilot.hold([(30, 40), (400, 40)])
    assert pilot.app.held == pygame.Vector2(400, 40)
    assert not pilot.app.marbles


def test_time_passes_at_once_or_frame_by_frame(pilot: AppPilot[Tray]) -> None:
    """And the app is given what it posted to SDL's queue."""
    seen: list[int] = []
    pilot.observers.append(lambda: seen.append(pilot.now))
    pilot.click((30, 40))
    pilot.wait(80)
    pilot.run(80)
    assert seen == [16, 24, 112, *range(120, 193, FRAME)]
    assert pilot.app.landed == 0
    pilot.run(2000)
    assert (pilot.app.marbles, pilot.app.landed) == ([pygame.Vector2(30, 200)], 1)


def test_keys_type_their_characters(pilot: AppPilot[Tray]) -> None:
    """Those with ctrl type none."""
    for keys in ("A", "space", "shift+b", "ctrl+c", "+", "7"):
        pilot.press(keys)
    assert pilot.app.name == "a B+7"
    pilot.press("escape")
    assert pilot.app.name == ""


def test_wheel_files_and_windows_reach_the_app(pilot: AppPilot[Tray], tmp_path: Path) -> None:
    """As pygame reports them."""
    pilot.turn_wheel(3)
    pilot.drop(tmp_path)
    pilot.resize(400, 500)
    assert (pilot.app.radius, pilot.app.file, pilot.app.size) == (13, str(tmp_path), (400, 500))
    assert pilot.surface.get_size() == (400, 500)
    pilot.screenshot(tmp_path / "shot.png")
    assert pygame.image.load(tmp_path / "shot.png").get_size() == (400, 500)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("ctl+z", "'ctl+z': 'ctl' is not a modifier; did you mean 'ctrl'?"),
        ("hyper+z", "'hyper+z': 'hyper' is not a modifier; use ctrl, shift, alt, meta"),
        ("ctrl+escap", "'ctrl+escap': no key is named 'escap'; did you mean 'escape'?"),
        ("no such key", "'no such key': no key is named 'no such key'"),
        ("", "'': no key is named ''"),
    ],
)
def test_a_wrong_key_is_told(pilot: AppPilot[Tray], keys: str, message: str) -> None:
    """With the nearest right name, and before anything is pressed."""
    began = pilot.now
    with pytest.raises(PilotError) as error:
        pilot.press(keys)
    assert str(error.value) == message
    assert pilot.now == began


@pytest.mark.parametrize("place", [(300, 10), (10, 200), (-1, 10), (10, float("nan"))])
def test_a_place_outside_of_the_window_is_told(
    pilot: AppPilot[Tray], place: tuple[float, float]
) -> None:
    """Nobody can click there."""
    for verb in (pilot.click, pilot.point_at):
        with pytest.raises(PilotError, match=r"is outside of the window, which has 300x200 pixels"):
            verb(place)
    with pytest.raises(PilotError, match="the path has no points"):
        pilot.drag([])


@pytest.fixture
def digits(recognizer: Recognizer, tmp_path: Path) -> Pilot:
    """A pilot of digitdraw with a finger."""
    settings = Settings(live=False)
    return Pilot(recognizer, save_dir=tmp_path, input="touch", settings=settings)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("udno", "no button or bar is named 'udno'; did you mean 'undo'?"),
        ("live", "'live' has no button; press its key, 'l'"),
        ("11", "no button or bar is named '11'; did you mean '1'?"),
    ],
)
def test_a_wrong_button_is_told(digits: Pilot, name: str, message: str) -> None:
    """With the nearest right name, or the key that does it."""
    with pytest.raises(PilotError) as error:
        digits.click(name)
    assert str(error.value) == message


def test_a_point_outside_of_the_board_is_told(digits: Pilot) -> None:
    """Before anything is drawn."""
    with pytest.raises(PilotError, match=r"path 2 has the point \(1.2, 0.5\), but the board is"):
        digits.draw([[(0.1, 0.5)], [(0.2, 0.5), (1.2, 0.5)]])
    assert digits.app.board.is_blank


def test_only_a_mouse_has_a_right_button(digits: Pilot) -> None:
    """So it wipes even if fingers draw."""
    digits.draw([[(0.2, 0.5), (0.4, 0.5)]])
    digits.wipe([[(0.3, 0.4), (0.3, 0.6)]])
    assert not digits.app.board.strokes
    assert digits.pen_event("down", (1, 1), RIGHT).type == pygame.MOUSEBUTTONDOWN
