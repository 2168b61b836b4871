"""The pen's width: by slider, keys and wheel, within its bounds; seen, read anew and saved."""

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
    from tests.digitdraw.conftest import XY, Hand, NewHand

CTRL, META = pygame.KMOD_LCTRL, pygame.KMOD_LMETA


def on_slider(hand: Hand, share: float) -> XY:
    """Find a place on the slider's track, from 0 at its left end to 1."""
    track = slider_track(arrange(*hand.surface.get_size()))
    left, top = hand.app.board_area.topleft
    return track.left + share * track.width - left, track.centery - top


def turn(hand: Hand, steps: int, mod: int = CTRL) -> None:
    """Turn the wheel while a key is held, which is then let go."""
    for code, held in ((pygame.KEYDOWN, mod), (pygame.KEYUP, 0)):
        event = pygame.event.Event(code, key=pygame.K_LCTRL, mod=held, unicode="")
        wheel = pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=steps, flipped=False, which=0)
        hand.step(event, *([wheel] if held else []))


THICKER: dict[str, Callable[[Hand], None]] = {
    "]": lambda hand: hand.key(pygame.K_RIGHTBRACKET),
    "+": lambda hand: hand.key(pygame.K_PLUS),
    "Ctrl+wheel": lambda hand: turn(hand, 1),
    "Cmd+wheel": lambda hand: turn(hand, 1, META),
}
THINNER: dict[str, Callable[[Hand], None]] = {
    "[": lambda hand: hand.key(pygame.K_LEFTBRACKET),
    "-": lambda hand: hand.key(pygame.K_MINUS),
    "Ctrl+wheel": lambda hand: turn(hand, -1),
    "a far turn": lambda hand: turn(hand, -7),
}


@pytest.mark.parametrize("thicker", THICKER.values(), ids=list(THICKER))
def test_the_pen_gets_thicker_up_to_a_bound(hand: Hand, thicker: Callable[[Hand], None]) -> None:
    """Step by step, each larger than the one before, and never more than the thickest."""
    widths = [hand.app.settings.pen]
    for _ in range(20):
        thicker(hand)
        widths.append(hand.app.settings.pen)
    steps = np.diff(widths[: widths.index(THICKEST)])
    assert (np.diff(steps) > 0).all()
    assert widths[-1] == hand.app.board.pen == THICKEST


@pytest.mark.parametrize("thinner", THINNER.values(), ids=list(THINNER))
def test_the_pen_gets_thinner_down_to_a_bound(hand: Hand, thinner: Callable[[Hand], None]) -> None:
    """And never less than the thinnest."""
    thinner(hand)
    assert THINNEST < hand.app.board.pen < 0.05
    for _ in range(20):
        thinner(hand)
    assert hand.app.settings.pen == hand.app.board.pen == THINNEST


def test_the_wheel_alone_changes_no_pen(hand: Hand) -> None:
    """Nor does it once Ctrl is up again, nor where it is turned sideways."""
    turn(hand, 1, 0)
    turn(hand, 0)
    hand.step(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=5, flipped=False, which=0))
    assert hand.app.board.pen == 0.05


@pytest.mark.parametrize("device", ["mouse", "finger"])
def test_the_slider_gives_every_width(hand: Hand, device: str) -> None:
    """From the thinnest at its left end to the thickest at its right one."""
    widths = []
    for share in (0, 0.25, 0.5, 1):
        place = on_slider(hand, share)
        (hand.draw if device == "mouse" else hand.touch)([place])
        widths.append(hand.app.board.pen)
    assert widths == pytest.approx(
        [THINNEST + (THICKEST - THINNEST) * share for share in (0, 0.25, 0.5, 1)], abs=0.001
    )
    assert hand.strokes == []


def test_the_knob_stands_where_it_was_put(hand: Hand) -> None:
    """Under the mouse, in the accent's colour."""
    for share in (0.1, 0.9):
        x, y = on_slider(hand, share)
        hand.draw([(x, y)])
        place = (round(x) + hand.app.board_area.left, round(y) + hand.app.board_area.top)
        assert tuple(hand.surface.get_at(place))[:3] == LIGHT.accent


def ink_on_board(hand: Hand) -> int:
    """Count the board's pixels that are full ink."""
    board = pygame.surfarray.array3d(hand.surface.subsurface(hand.app.board_area))
    return int((board == LIGHT.ink).all(axis=-1).sum())


def test_ink_that_is_there_gets_thicker(hand: Hand) -> None:
    """At once, in proportion to the pen, without another stroke."""
    hand.draw([(200, 100), (200, 400)])
    thin = ink_on_board(hand)
    hand.app.set_pen(0.1)
    hand.step()
    assert ink_on_board(hand) / thin == pytest.approx(2, abs=0.25)
    hand.app.set_pen(0.05)
    hand.step()
    assert ink_on_board(hand) == thin


def test_ink_of_another_pen_is_read_anew(
    new_hand: NewHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With that pen, once; and not where the pen stays as it was."""
    pens: list[float | None] = []
    read = Reader.read

    def note(reader: Reader, source: Drawing) -> object:
        pens.append(source.pen)
        return read(reader, source)

    monkeypatch.setattr(Reader, "read", note)
    hand = new_hand()
    hand.draw(hand.SEVEN)
    before = hand.app.prediction
    hand.key(pygame.K_RIGHTBRACKET)
    hand.app.set_pen(hand.app.board.pen)
    hand.step()
    assert pens == [0.05, 0.0575]
    assert hand.app.prediction is not before
    assert hand.text == "7"


def test_the_saved_recording_has_the_pen(hand: Hand) -> None:
    """The one that the ink is shown with, whichever it was drawn with."""
    hand.draw(hand.SEVEN)
    hand.app.set_pen(0.0871)
    path = hand.app.save()
    assert path is not None
    recording = path.parents[2] / "recordings" / f"{path.stem}.ndjson"
    assert next(read_drawings(recording)).pen == 0.0871


@pytest.mark.parametrize("pen", [THINNEST, 0.07, THICKEST])
def test_the_first_pen_is_the_remembered_one(new_hand: NewHand, pen: float) -> None:
    """And the recording starts with it."""
    hand = new_hand(settings=Settings(pen=pen))
    hand.draw(hand.SEVEN)
    assert hand.app.board.pen == pen
    assert hand.app.recording().pen == pen


def test_another_pen_while_drawing_keeps_the_stroke(hand: Hand) -> None:
    """Ctrl+wheel and keys are at hand while the mouse is down."""
    hand.press(hand.SEVEN[0])
    for index, place in enumerate(hand.SEVEN[1:]):
        hand.move(place)
        if index == 2:
            turn(hand, 1)
            hand.key(pygame.K_RIGHTBRACKET)
    hand.release(hand.SEVEN[-1])
    assert hand.strokes == [hand.SEVEN]
    assert hand.text == "7"
    assert hand.app.board.pen > 0.06
