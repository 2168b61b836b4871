"""The pen's width: set by slider, keys and wheel, within bounds; shown, read again and saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from digitdraw.model.board import THICKEST, THINNEST
from digitdraw.model.reader import Reader
from digitdraw.storage.settings import Settings
from digitdraw.ui.layout import arrange
from digitdraw.ui.theme import LIGHT
from digitdraw.ui.toolbar import slider_track
from digitnet import Drawing, read_drawings

if TYPE_CHECKING:
    from tests.digitdraw.conftest import XY, NewPilot, Pilot

CTRL, META = pygame.KMOD_LCTRL, pygame.KMOD_LMETA


def on_slider(pilot: Pilot, share: float) -> XY:
    """Return a position on the slider's track, from 0 at its left end to 1."""
    track = slider_track(arrange(*pilot.surface.get_size()))
    left, top = pilot.app.board_area.topleft
    return track.left + share * track.width - left, track.centery - top


def turn(pilot: Pilot, steps: int, mod: int = CTRL) -> None:
    """Turn the wheel while a key is held, then release the key."""
    for code, held in ((pygame.KEYDOWN, mod), (pygame.KEYUP, 0)):
        event = pygame.event.Event(code, key=pygame.K_LCTRL, mod=held, unicode="")
        wheel = pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=steps, flipped=False, which=0)
        pilot.step(event, *([wheel] if held else []))


THICKER: dict[str, Callable[[Pilot], None]] = {
    "]": lambda pilot: pilot.key(pygame.K_RIGHTBRACKET),
    "+": lambda pilot: pilot.key(pygame.K_PLUS),
    "Ctrl+wheel": lambda pilot: turn(pilot, 1),
    "Cmd+wheel": lambda pilot: turn(pilot, 1, META),
}
THINNER: dict[str, Callable[[Pilot], None]] = {
    "[": lambda pilot: pilot.key(pygame.K_LEFTBRACKET),
    "-": lambda pilot: pilot.key(pygame.K_MINUS),
    "Ctrl+wheel": lambda pilot: turn(pilot, -1),
    "a far turn": lambda pilot: turn(pilot, -7),
}


@pytest.mark.parametrize("thicker", THICKER.values(), ids=list(THICKER))
def test_the_pen_gets_thicker_up_to_a_bound(pilot: Pilot, thicker: Callable[[Pilot], None]) -> None:
    """Each step is larger than the one before, up to the thickest pen."""
    widths = [pilot.app.settings.pen]
    for _ in range(20):
        thicker(pilot)
        widths.append(pilot.app.settings.pen)
    steps = np.diff(widths[: widths.index(THICKEST)])
    assert (np.diff(steps) > 0).all()
    assert widths[-1] == pilot.app.board.pen == THICKEST


@pytest.mark.parametrize("thinner", THINNER.values(), ids=list(THINNER))
def test_the_pen_gets_thinner_down_to_a_bound(
    pilot: Pilot, thinner: Callable[[Pilot], None]
) -> None:
    """It never gets thinner than the thinnest pen."""
    thinner(pilot)
    assert THINNEST < pilot.app.board.pen < 0.05
    for _ in range(20):
        thinner(pilot)
    assert pilot.app.settings.pen == pilot.app.board.pen == THINNEST


def test_the_wheel_alone_changes_no_pen(pilot: Pilot) -> None:
    """Neither does it after Ctrl is released, or when turned sideways."""
    turn(pilot, 1, 0)
    turn(pilot, 0)
    pilot.step(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=5, flipped=False, which=0))
    assert pilot.app.board.pen == 0.05


@pytest.mark.parametrize("device", ["mouse", "finger"])
def test_the_slider_gives_every_width(pilot: Pilot, device: str) -> None:
    """From the thinnest at its left end to the thickest at its right end."""
    widths = []
    for share in (0, 0.25, 0.5, 1):
        place = on_slider(pilot, share)
        (pilot.draw if device == "mouse" else pilot.touch)([place])
        widths.append(pilot.app.board.pen)
    assert widths == pytest.approx(
        [THINNEST + (THICKEST - THINNEST) * share for share in (0, 0.25, 0.5, 1)], abs=0.001
    )
    assert pilot.strokes == []


def test_the_knob_stands_where_it_was_put(pilot: Pilot) -> None:
    """It is drawn under the mouse, in the accent colour."""
    for share in (0.1, 0.9):
        x, y = on_slider(pilot, share)
        pilot.draw([(x, y)])
        place = (round(x) + pilot.app.board_area.left, round(y) + pilot.app.board_area.top)
        assert tuple(pilot.surface.get_at(place))[:3] == LIGHT.accent


def ink_on_board(pilot: Pilot) -> int:
    """Count the board's pixels that are full ink."""
    board = pygame.surfarray.array3d(pilot.surface.subsurface(pilot.app.board_area))
    return int((board == LIGHT.ink).all(axis=-1).sum())


def test_ink_that_is_there_gets_thicker(pilot: Pilot) -> None:
    """It does so at once, in proportion to the pen, without another stroke."""
    pilot.draw([(200, 100), (200, 400)])
    thin = ink_on_board(pilot)
    pilot.app.set_pen(0.1)
    pilot.step()
    assert ink_on_board(pilot) / thin == pytest.approx(2, abs=0.25)
    pilot.app.set_pen(0.05)
    pilot.step()
    assert ink_on_board(pilot) == thin


def test_ink_is_read_again_with_another_pen(
    new_pilot: NewPilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, with the new pen; and not at all if the pen stays the same."""
    pens: list[float | None] = []
    read = Reader.read

    def note(reader: Reader, source: Drawing) -> object:
        pens.append(source.pen)
        return read(reader, source)

    monkeypatch.setattr(Reader, "read", note)
    pilot = new_pilot()
    pilot.draw(pilot.SEVEN)
    before = pilot.app.prediction
    pilot.key(pygame.K_RIGHTBRACKET)
    pilot.app.set_pen(pilot.app.board.pen)
    pilot.step()
    assert pens == [0.05, 0.0575]
    assert pilot.app.prediction is not before
    assert pilot.text == "7"


def test_the_saved_recording_has_the_pen(pilot: Pilot) -> None:
    """The pen that the ink is shown with is saved, whichever it was drawn with."""
    pilot.draw(pilot.SEVEN)
    pilot.app.set_pen(0.0871)
    path = pilot.app.save()
    assert path is not None
    recording = path.parents[2] / "recordings" / f"{path.stem}.ndjson"
    assert next(read_drawings(recording)).pen == 0.0871


@pytest.mark.parametrize("pen", [THINNEST, 0.07, THICKEST])
def test_the_first_pen_is_the_remembered_one(new_pilot: NewPilot, pen: float) -> None:
    """The recording starts with it too."""
    pilot = new_pilot(settings=Settings(pen=pen))
    pilot.draw(pilot.SEVEN)
    assert pilot.app.board.pen == pen
    assert pilot.app.recording().pen == pen


def test_another_pen_while_drawing_keeps_the_stroke(pilot: Pilot) -> None:
    """Ctrl+wheel and keys are available while the mouse is down."""
    pilot.press(pilot.SEVEN[0])
    for index, place in enumerate(pilot.SEVEN[1:]):
        pilot.move(place)
        if index == 2:
            turn(pilot, 1)
            pilot.key(pygame.K_RIGHTBRACKET)
    pilot.release(pilot.SEVEN[-1])
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.text == "7"
    assert pilot.app.board.pen > 0.06
