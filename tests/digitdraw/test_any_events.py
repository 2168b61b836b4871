"""For any events in any order, the app neither crashes nor loses track of the pen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pygame
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from digitdraw.input.actions import ACTIONS
from digitdraw.storage.settings import Settings

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Pilot

Size: TypeAlias = tuple[int, int]
Happening: TypeAlias = "tuple[int, dict[str, Any]] | Size"
"""An event's type and attributes, or the window's new size."""

INTERRUPTIONS = (
    pygame.WINDOWLEAVE,
    pygame.WINDOWFOCUSLOST,
    pygame.WINDOWMINIMIZED,
    pygame.WINDOWHIDDEN,
)
OTHER_WINDOW_EVENTS = (
    pygame.WINDOWENTER,
    pygame.WINDOWFOCUSGAINED,
    pygame.WINDOWRESTORED,
    pygame.WINDOWEXPOSED,
    pygame.WINDOWSHOWN,
    pygame.WINDOWMOVED,
    pygame.WINDOWCLOSE,
    pygame.ACTIVEEVENT,
    pygame.USEREVENT,
)
KEYS = sorted({key.code for action in ACTIONS.values() for key in action.keys} | {pygame.K_x})
MODIFIERS = (
    *(pygame.KMOD_NONE, pygame.KMOD_CTRL, pygame.KMOD_SHIFT, pygame.KMOD_META),
    pygame.KMOD_CTRL | pygame.KMOD_SHIFT,
)


def happening(*types: int, **attributes: SearchStrategy[Any]) -> SearchStrategy[Happening]:
    """Return events of these types, which all have these attributes."""
    return st.tuples(st.sampled_from(types), st.fixed_dictionaries(attributes))


DOWN, MOVE, UP = pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP
LEFT = st.just(1)
FROM_TOUCH = st.sampled_from([False, False, True])


def places(right: int, bottom: int) -> SearchStrategy[Size]:
    """Return whole pixels from (-100, -100); the board has about (20, 20) to (650, 610)."""
    return st.tuples(st.integers(-100, right), st.integers(-100, bottom))


def mouse(*types: int, button: SearchStrategy[int]) -> SearchStrategy[Happening]:
    """Return presses and releases anywhere, most of them on the board."""
    anywhere = places(600, 600) | places(1100, 800)
    return happening(*types, pos=anywhere, button=button, touch=FROM_TOUCH)


def motion(buttons: SearchStrategy[tuple[int, ...]]) -> SearchStrategy[Happening]:
    """Return mouse motions while buttons are held."""
    anywhere, rel = places(1100, 800), st.just((0, 0))
    return happening(MOVE, pos=anywhere, rel=rel, buttons=buttons, touch=FROM_TOUCH)


def finger(*types: int) -> SearchStrategy[Happening]:
    """Return one of two fingers on one of two screens, sometimes outside the window."""
    share = st.floats(0, 1) | st.floats(-0.2, 1.2)
    one_or_two = st.integers(1, 2)
    return happening(*types, touch_id=one_or_two, finger_id=one_or_two, x=share, y=share)


HAPPENINGS = st.one_of(
    mouse(DOWN, UP, button=LEFT),
    mouse(DOWN, UP, button=st.integers(1, 7)),
    motion(st.just((1, 0, 0))),
    motion(st.tuples(*[st.integers(0, 1)] * 3)),
    finger(pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP),
    happening(pygame.DROPFILE, file=st.sampled_from(["", "missing.png", __file__])),
    happening(pygame.MOUSEWHEEL, x=st.integers(-3, 3), y=st.integers(-3, 3)),
    happening(
        *(pygame.KEYDOWN, pygame.KEYUP),
        key=st.sampled_from(KEYS),
        mod=st.sampled_from(MODIFIERS),
        unicode=st.just(""),
    ),
    happening(*INTERRUPTIONS, *OTHER_WINDOW_EVENTS, pygame.QUIT),
    st.tuples(st.integers(1, 1200), st.integers(1, 900)),
)
STROKES = st.tuples(mouse(DOWN, button=LEFT), motion(st.just((1, 0, 0))), mouse(UP, button=LEFT))
FRAMES = st.lists(st.lists(HAPPENINGS, max_size=6) | STROKES.map(list), max_size=12)


def make_frame(pilot: Pilot, happenings: list[Happening]) -> None:
    """Turn these into events and resizes, and run one frame of the app."""
    events = []
    for first, second in happenings:
        if isinstance(second, dict):
            events.append(pygame.event.Event(first, second))
        else:
            pilot.surface = pygame.Surface((first, second))
    pilot.step(*events)


@settings(max_examples=150)
@given(frames=FRAMES)
@example(frames=[[(1, 1)], [(2000, 1)], [(1, 1500)]])
def test_any_events_leave_the_app_whole(new_pilot: NewPilot, frames: list[list[Happening]]) -> None:
    """No sequence of events raises, and the answer always matches the board."""
    pilot = new_pilot(settings=Settings(live=True))
    for happenings in frames:
        make_frame(pilot, happenings)
        board, prediction = pilot.app.board, pilot.app.prediction
        digits = prediction.digits if prediction else ()
        read = {index for digit in digits for index in digit.strokes or ()}
        count = len(board.strokes)
        assert read in (set(range(count)), set(range(count + bool(board.current))))
        assert pilot.step() == []


@settings(max_examples=50)
@given(frames=FRAMES, interruption=st.sampled_from(INTERRUPTIONS))
def test_an_interruption_ends_any_stroke(
    new_pilot: NewPilot, frames: list[list[Happening]], interruption: int
) -> None:
    """Afterwards the pen is up until it is put down again."""
    pilot = new_pilot()
    for happenings in frames:
        make_frame(pilot, happenings)
        pilot.step(pygame.event.Event(interruption))
        assert pilot.app.board.current == ()
        pilot.move((100, 100))
        assert pilot.app.board.current == ()
