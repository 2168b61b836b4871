"""The one factory of SDL events: what SDL would post when a person uses the window."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

import pygame
from pygame.event import Event

XY: TypeAlias = tuple[float, float]

Phase: TypeAlias = Literal["down", "move", "up"]
"""What a pen, mouse button or finger does."""

Buttons: TypeAlias = tuple[int, int, int]
"""Whether the left, middle and right buttons of the mouse are held: 1 or 0 for each."""

LEFT, MIDDLE, RIGHT = 1, 2, 3

_HELD: dict[int, Buttons] = {LEFT: (1, 0, 0), MIDDLE: (0, 1, 0), RIGHT: (0, 0, 1)}

RELEASES = frozenset({pygame.MOUSEBUTTONUP, pygame.FINGERUP})
"""The types of the events that lift a pen."""

_FINGER = {"down": pygame.FINGERDOWN, "move": pygame.FINGERMOTION, "up": pygame.FINGERUP}


def mouse_down(position: XY, button: int = LEFT, *, touch: bool = False) -> Event:
    """Press a button of the mouse.

    Args:
        position: in window pixels; a mouse knows only whole ones, so it is rounded.
        button: `LEFT`, `MIDDLE` or `RIGHT`.
        touch: whether SDL made this event out of a touch.
    """
    return Event(pygame.MOUSEBUTTONDOWN, pos=_whole(position), button=button, touch=touch)


def mouse_up(position: XY, button: int = LEFT, *, touch: bool = False) -> Event:
    """Release a button of the mouse; arguments as in `mouse_down`."""
    return Event(pygame.MOUSEBUTTONUP, pos=_whole(position), button=button, touch=touch)


def mouse_move(
    position: XY,
    buttons: Buttons = (1, 0, 0),
    *,
    rel: tuple[int, int] = (0, 0),
    touch: bool = False,
) -> Event:
    """Move the mouse.

    Args:
        position: as in `mouse_down`.
        buttons: which are held.
        rel: how far it moved, in pixels; digitdraw ignores it.
        touch: as in `mouse_down`.
    """
    return Event(pygame.MOUSEMOTION, pos=_whole(position), rel=rel, buttons=buttons, touch=touch)


def mouse(phase: Phase, position: XY, button: int = LEFT) -> Event:
    """Press or release one button of the mouse, or move the mouse while that button is held."""
    if phase == "move":
        return mouse_move(position, _HELD.get(button, (0, 0, 0)))
    return (mouse_down if phase == "down" else mouse_up)(position, button)


def finger(
    phase: Phase, position: XY, window: tuple[int, int], finger_id: int = 1, *, touch_id: int = 1
) -> Event:
    """Put a finger down, move it or lift it.

    Args:
        phase: what the finger does.
        position: in window pixels, which need not be whole.
        window: (width, height) in pixels, as SDL locates fingers by their share of it.
        finger_id: tells the fingers of one touch device apart.
        touch_id: the touch device.
    """
    x, y = position[0] / window[0], position[1] / window[1]
    return Event(
        _FINGER[phase],
        touch_id=touch_id,
        finger_id=finger_id,
        x=x,
        y=y,
        dx=0.0,
        dy=0.0,
        pressure=1.0,
    )


def key_down(key: int, modifiers: int = pygame.KMOD_NONE, typed: str = "") -> Event:
    """Press a key.

    Args:
        key: its `pygame.K_…` code.
        modifiers: that are held, `pygame.KMOD_…`.
        typed: the character that this types; "" for none.
    """
    return Event(pygame.KEYDOWN, key=key, mod=modifiers, unicode=typed)


def key_up(key: int, modifiers: int = pygame.KMOD_NONE) -> Event:
    """Release a key; arguments as in `key_down`."""
    return Event(pygame.KEYUP, key=key, mod=modifiers, unicode="")


def wheel(steps: int) -> Event:
    """Turn the wheel of the mouse; a positive number of steps is away from the user."""
    return Event(pygame.MOUSEWHEEL, x=0, y=steps, flipped=False, which=0)


def drop(path: Path) -> Event:
    """Drop a file on the window."""
    return Event(pygame.DROPFILE, file=str(path))


def resized(size: tuple[int, int]) -> list[Event]:
    """Resize the window to (width, height) in pixels: both the old event of pygame and the new."""
    width, height = size
    return [
        Event(pygame.VIDEORESIZE, size=size, w=width, h=height),
        Event(pygame.WINDOWRESIZED, x=width, y=height),
    ]


def window_event(name: str) -> Event:
    """Return an event without attributes by its name in pygame, such as "WINDOWEXPOSED", "QUIT"."""
    return Event(getattr(pygame, name))


def _whole(position: XY) -> tuple[int, int]:
    return round(position[0]), round(position[1])
