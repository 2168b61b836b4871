"""Which events the app is given for a recording, and what it does at each moment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import pygame
import pytest

from digitbench.replay.events import Device
from digitbench.replay.playback import Frame
from digitbench.replay.replayer import Replayer
from digitbench.replay.screen import open_headless_window
from digitbench.replay.timeline import Step, steps_by_time
from digitdraw.app import App
from digitdraw.ui.layout import arrange
from digitnet import Drawing, Recognizer, Stroke, read_drawings

WINDOW = (960, 640)
AREA = arrange(*WINDOW).board
FIRST = Stroke.of([100, 200, 200], [60, 60, 160], [0, 50, 100])
SECOND = Stroke.of([300, 380], [300, 300], [500, 550])
INK = Drawing((FIRST, SECOND), canvas=AREA.size, pen=0.05)
"""Drawn in pixels of the board in the window."""
LONG = replace(
    INK,
    strokes=(Stroke.of([100, 150, 200, 250, 300], [60, 90, 160, 90, 60], [0, 25, 50, 75, 100]),),
)


@dataclass(frozen=True)
class AppStep:
    """A frame of the app: its time, its events and the size of its window."""

    now: int
    events: tuple[pygame.event.Event, ...]
    size: tuple[int, int]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[AppStep]:
    """The frames of all apps from here on."""
    listed: list[AppStep] = []
    step = App.step

    def note(
        app: App, events: Iterable[pygame.event.Event], now: int, surface: pygame.Surface
    ) -> list[pygame.Rect]:
        taken = tuple(events)
        listed.append(AppStep(now, taken, surface.get_size()))
        return step(app, taken, now, surface)

    monkeypatch.setattr(App, "step", note)
    return listed


@pytest.fixture
def replayers(recognizer: Recognizer, tmp_path: Path) -> dict[Device, Replayer]:
    """One for each device, whose apps make a frame at every moment."""
    return {
        device: Replayer(recognizer, input=device, save_dir=tmp_path, every_frame=True)
        for device in get_args(Device)
    }


@pytest.fixture
def replayer(recognizer: Recognizer, tmp_path: Path) -> Replayer:
    """One that draws with what recordings were drawn with."""
    return Replayer(recognizer, save_dir=tmp_path, every_frame=True)


def events_of(steps: Sequence[AppStep]) -> list[pygame.event.Event]:
    return [event for step in steps for event in step.events]


class Witness:
    """Observes a replay, and notes chosen attributes of the app."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.moments: list[tuple[int, list[Step]]] = []
        self.seen: list[Any] = []

    def __call__(self, app: App, frame: Frame) -> None:
        if not frame.steps:  # the start
            return
        self.moments.append((frame.at, list(frame.steps)))
        value: Any = app
        for name in self.names:
            value = getattr(value, name)
        self.seen.append(value)


def in_window(x: float, y: float) -> tuple[float, float]:
    return AREA.left + x, AREA.top + y


def test_a_mouse_says_what_a_real_one_says(replayer: Replayer, steps: list[AppStep]) -> None:
    """The left button goes down, is held while it moves, and goes up; on whole pixels."""
    assert not replayer.replay(replace(INK, strokes=(FIRST,))).error
    down, *moved, up = events_of(steps)
    assert (down.type, up.type) == (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
    assert down.button == up.button == 1
    places = [event.pos for event in (down, *moved, up)]
    assert places == [in_window(*at) for at in [(100, 60), (200, 60), (200, 160), (200, 160)]]
    assert all(type(side) is int for place in places for side in place)
    for event in moved:
        assert event.type == pygame.MOUSEMOTION
        assert event.buttons == (1, 0, 0)
        assert len(event.rel) == 2
    assert not any(event.touch for event in (down, *moved, up))


def test_a_finger_says_what_a_real_one_says(
    replayers: dict[Device, Replayer], steps: list[AppStep]
) -> None:
    """One finger of one screen, in shares of the window, with all attributes that SDL sets."""
    assert not replayers["touch"].replay(INK).error
    events = events_of(steps)
    down, move, up = pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP
    assert [event.type for event in events] == [down, move, move, up, down, move, up]
    assert {(event.touch_id, event.finger_id) for event in events} == {(1, 1)}
    places = [(event.x * WINDOW[0], event.y * WINDOW[1]) for event in events[:3]]
    for place, expected in zip(places, [(100, 60), (200, 60), (200, 160)], strict=True):
        assert place == pytest.approx(in_window(*expected))
    for event in events:
        assert {"dx", "dy", "pressure"} <= event.dict.keys()
        assert 0 < event.pressure <= 1


@pytest.mark.parametrize(("recorded", "is_touch"), [("touch", True), ("mouse", False), ("", False)])
def test_a_recording_is_replayed_with_what_it_was_drawn_with(
    replayer: Replayer, steps: list[AppStep], recorded: str, *, is_touch: bool
) -> None:
    """A finger if it was a finger, otherwise a mouse."""
    assert not replayer.replay(replace(INK, device=recorded)).error
    kinds = {pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP}
    assert {event.type in kinds for event in events_of(steps)} == {is_touch}


@pytest.mark.parametrize("device", ["mouse", "touch"])
def test_a_stroke_is_rubbed_out_with_the_right_button(
    replayers: dict[Device, Replayer], steps: list[AppStep], device: Device
) -> None:
    """Pressed and lifted where the stroke is, also between strokes of a finger."""
    witness = Witness("board", "strokes")
    session = replace(INK, events=((300, "erase", 200, 100),))
    assert not replayers[device].replay(session, witness).error
    assert [len(strokes) for strokes in witness.seen] == [0, 0, 1, 0, 0, 1]
    [pressed, lifted] = next(step.events for step in steps if step.now == 300)
    assert (pressed.type, lifted.type) == (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
    for event in (pressed, lifted):
        assert (event.button, event.pos, event.touch) == (3, in_window(200, 100), False)


def test_every_moment_can_be_watched(replayer: Replayer, steps: list[AppStep]) -> None:
    """After the frame in which it happened; and once at the start."""
    witness = Witness()
    session = replace(INK, events=((300, "undo"), (400, "redo")))
    assert not replayer.replay(session, witness).error
    assert witness.moments == steps_by_time(session)
    assert len(set(witness.seen)) == 1
    assert isinstance(witness.seen[0], App)
    assert [step.now for step in steps] == [0, *(now for now, _ in witness.moments)]
    assert steps[0].events == ()


@pytest.mark.parametrize("label", ["0", "3", "9", ""])
def test_what_a_drawing_was_said_to_be_is_said_again(
    replayer: Replayer, tmp_path: Path, label: str
) -> None:
    """Each digit, and no digit."""
    session = replace(INK, strokes=(FIRST,), events=((800, "label", label), (900, "save")))
    assert not replayer.replay(session).error
    [file] = tmp_path.glob("recordings/*.ndjson")
    [saved] = read_drawings(file)
    assert (saved.word, saved.tags) == (label, ())


@pytest.mark.parametrize("device", ["mouse", "touch"])
def test_a_window_is_resized_as_it_was(
    replayers: dict[Device, Replayer], steps: list[AppStep], device: Device
) -> None:
    """What follows is drawn on the resized board; the next recording starts afresh."""
    session = replace(
        INK, canvas=(600, 600), events=((300, "resize", 480.4, 359.6), (900, "resize", 480, 360))
    )
    witness = Witness("board_area")
    read = replayers[device].replay(session, witness)
    assert not read.error
    assert witness.seen[:2] == [AREA] * 2
    assert witness.seen[3:] == [arrange(480, 360).board] * 4
    assert {step.size for step in steps if step.now < 300} == {WINDOW}
    assert {step.size for step in steps if step.now > 300} == {(480, 360)}
    assert read.prediction is not None
    assert {index for digit in read.prediction.digits for index in digit.strokes or ()} == {0, 1}
    assert replayers[device].replay(INK).prediction is not None
    assert steps[-1].size == WINDOW
    assert replayers[device].surface.get_size() == WINDOW


def test_a_pen_is_taken_when_it_was(replayer: Replayer) -> None:
    """Not before; each recording starts with its own pen."""
    witness = Witness("board", "pen")
    assert not replayer.replay(replace(INK, events=((300, "pen", 0.1),)), witness).error
    assert witness.seen == [0.05] * 3 + [0.1] * 3


def test_things_of_one_moment_happen_in_their_order(
    replayer: Replayer, steps: list[AppStep]
) -> None:
    """Pen steps before a resize come before it, in frames of the same time."""
    events = ((500, "undo"), (500, "resize", 480, 360), (500, "redo"), (500, "pen", 0.1))
    assert not replayer.replay(replace(INK, events=events)).error
    at_once = [step for step in steps if step.now == 500]
    names = [[event.type for event in step.events] for step in at_once]
    assert names == [[pygame.KEYDOWN], [], [pygame.KEYDOWN], [], [pygame.MOUSEBUTTONDOWN]]
    keys = [event for step in at_once for event in step.events if event.type == pygame.KEYDOWN]
    assert [event.key for event in keys] == [pygame.K_z, pygame.K_y]
    assert all(event.mod & pygame.KMOD_CTRL for event in keys)


@pytest.mark.parametrize("every_frame", [True, False])
def test_points_have_their_times(
    recognizer: Recognizer, steps: list[AppStep], *, every_frame: bool
) -> None:
    """Though the app makes a frame for none of them, or for each."""
    witness = Witness("board", "strokes")
    assert not Replayer(recognizer, every_frame=every_frame).replay(LONG, witness).error
    [stroke] = witness.seen[-1]
    assert [t for _, _, t in stroke.points] == [0, 25, 50, 75, 100]
    assert [step.now for step in steps] == ([0, 0, 25, 50, 75, 100] if every_frame else [0, 100])


def test_a_theme_is_taken_when_it_was(replayer: Replayer) -> None:
    """Not before, and once; each recording starts with the app's own."""
    events = ((300, "theme", "dark"), (400, "theme", "dark"))
    for _ in range(2):
        witness = Witness("settings", "theme")
        assert not replayer.replay(replace(INK, events=events), witness).error
        assert witness.seen == ["light"] * 3 + ["dark"] * 4


@pytest.mark.parametrize(("beside", "strokes"), [(0.0, 1), (0.04, 1), (0.06, 0), (3.0, 0)])
@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_a_point_off_the_board_by_rounding_is_on_it(
    replayers: dict[Device, Replayer], side: str, beside: float, strokes: int
) -> None:
    """By a twentieth of a pixel, which cannot be intended; ink farther off draws nothing."""
    width, height = AREA.size
    place = {
        "left": (-beside, height / 2),
        "right": (width + beside, height / 2),
        "top": (width / 2, -beside),
        "bottom": (width / 2, height + beside),
    }[side]
    witness = Witness("board", "strokes")
    assert not replayers["touch"].replay(replace(INK, strokes=(Stroke([place]),)), witness).error
    assert [len(drawn) for drawn in witness.seen] == [strokes]


def test_a_headless_window_asks_for_no_screen_and_no_signals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Through SDL's environment variables; `test_headless_window` tests the effect."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    monkeypatch.delenv("SDL_NO_SIGNAL_HANDLERS", raising=False)
    assert open_headless_window((300, 200)).get_size() == (300, 200)
    assert pygame.display.get_driver() == "dummy"
    assert os.environ["SDL_VIDEODRIVER"] == "dummy"
    assert os.environ["SDL_NO_SIGNAL_HANDLERS"] == "1"
    assert pygame.font.get_init()
