"""Turns mouse and finger events into the events of one pen.

Whichever device touches first draws; all others are ignored until that pen is lifted. Positions are
read from the events alone, so a replayed event draws exactly what the live one drew.
"""

from __future__ import annotations

import pygame

from digitdraw.model.pen_tool import PenEvent, PenPhase

_LEFT, _RIGHT = 1, 3

_MOUSE = frozenset({pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP})
_FINGER = frozenset({pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP})

# After these, the window gets no more events of a button that is still held.
_INTERRUPTIONS = frozenset(
    {pygame.WINDOWLEAVE, pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN}
)


class Pointer:
    """Follows the one device that is drawing."""

    def __init__(self) -> None:
        self._holder: tuple[str, int, int] | None = None
        self._position = (0.0, 0.0)

    def translate(self, event: pygame.event.Event, window: tuple[int, int]) -> PenEvent | None:
        """Return what an event does with the pen, or None if it does not concern the pen.

        Args:
            event: any event.
            window: (width, height) in pixels; finger positions are fractions of it.
        """
        if event.type in _MOUSE:
            return self._mouse(event)
        if event.type in _FINGER:
            return self._finger(event, window)
        return self._up() if event.type in _INTERRUPTIONS and self._holder else None

    def _mouse(self, event: pygame.event.Event) -> PenEvent | None:
        # SDL also sends mouse events for touches; the touch itself has already been handled.
        if getattr(event, "touch", False):
            return None
        if event.type == pygame.MOUSEMOTION:
            if not self._holder or self._holder[0] != "mouse":
                return None
            # A button that is no longer held was released where the window could not see it.
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
        # A pen that is put down twice was lifted where the window could not see it.
        if self._holder not in (None, holder):
            return None
        self._holder = holder
        return self._at(PenPhase.DOWN, position)

    def _move(self, position: tuple[float, float]) -> PenEvent:
        return self._at(PenPhase.MOVE, position)

    def _up(self, position: tuple[float, float] | None = None) -> PenEvent:
        event = self._at(PenPhase.UP, position or self._position)
        self._holder = None
        return event._replace(is_lost=position is None)

    def _at(self, phase: PenPhase, position: tuple[float, float]) -> PenEvent:
        self._position = position
        device, button, _ = self._holder or ("mouse", _LEFT, 0)
        return PenEvent(phase, *position, device, (device, button) == ("mouse", _RIGHT))
