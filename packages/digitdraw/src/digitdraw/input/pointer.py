"""Mouse and finger events to one pen.

Whoever touches first draws; everything else waits until that pen is up. Positions are read from
the events alone, so a recorded event draws what a live one drew.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

import pygame


class Action(Enum):
    """What the pen does."""

    DOWN = auto()
    MOVE = auto()
    UP = auto()


class PenEvent(NamedTuple):
    """One action of the pen.

    Attributes:
        action: down, move or up.
        x: in window pixels; may be outside of the window.
        y: in window pixels; may be outside of the window.
        device: "mouse" or "touch".
        is_eraser: whether it is the mouse's right button, which wipes away.
        is_lost: whether it went up where this window could not hear it; it was last seen at x, y.
    """

    action: Action
    x: float
    y: float
    device: str
    is_eraser: bool = False
    is_lost: bool = False


_LEFT, _RIGHT = 1, 3

_MOUSE = frozenset({pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP})
_FINGER = frozenset({pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP})

# After these, the window hears no more of a button that is still held.
_INTERRUPTIONS = frozenset(
    {pygame.WINDOWLEAVE, pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN}
)


class Pointer:
    """Follows the one device that draws at a time."""

    def __init__(self) -> None:
        self._holder: tuple[str, int, int] | None = None
        self._position = (0.0, 0.0)

    def translate(self, event: pygame.event.Event, window: tuple[int, int]) -> PenEvent | None:
        """Say what an event does with the pen.

        Args:
            event: any event.
            window: (width, height) in pixels, which fingers' positions are shares of.

        Returns:
            the pen's action, or None if the event does not concern the pen.
        """
        if event.type in _MOUSE:
            return self._mouse(event)
        if event.type in _FINGER:
            return self._finger(event, window)
        return self._up() if event.type in _INTERRUPTIONS and self._holder else None

    def _mouse(self, event: pygame.event.Event) -> PenEvent | None:
        # SDL makes mouse events of touches as well; the touch itself has been heard already.
        if getattr(event, "touch", False):
            return None
        if event.type == pygame.MOUSEMOTION:
            if not self._holder or self._holder[0] != "mouse":
                return None
            # A button that is no longer held was released where this window could not hear it.
            is_held = event.buttons[self._holder[1] - 1]
            return self._move(event.pos) if is_held else self._up()
        if event.button not in (_LEFT, _RIGHT):
            return None
        holder = ("mouse", event.button, 0)
        if event.type == pygame.MOUSEBUTTONDOWN:
            return self._down(holder, event.pos)
        return self._up(event.pos) if self._holder == holder else None

    def _finger(self, event: pygame.event.Event, window: tuple[int, int]) -> PenEvent | None:
        holder = ("touch", event.touch_id, event.finger_id)
        position = (event.x * window[0], event.y * window[1])
        if event.type == pygame.FINGERDOWN:
            return self._down(holder, position)
        if self._holder != holder:
            return None
        return self._move(position) if event.type == pygame.FINGERMOTION else self._up(position)

    def _down(self, holder: tuple[str, int, int], position: tuple[float, float]) -> PenEvent | None:
        # Who holds the pen and puts it down again has lifted it where this window could not hear.
        if self._holder not in (None, holder):
            return None
        self._holder = holder
        return self._at(Action.DOWN, position)

    def _move(self, position: tuple[float, float]) -> PenEvent:
        return self._at(Action.MOVE, position)

    def _up(self, position: tuple[float, float] | None = None) -> PenEvent:
        event = self._at(Action.UP, position or self._position)
        self._holder = None
        return event._replace(is_lost=position is None)

    def _at(self, action: Action, position: tuple[float, float]) -> PenEvent:
        self._position = position
        device, button, _ = self._holder or ("mouse", _LEFT, 0)
        return PenEvent(action, *position, device, (device, button) == ("mouse", _RIGHT))
