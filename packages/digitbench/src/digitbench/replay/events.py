"""What happens in a recording to the real SDL events of mouse, finger and keys."""

from __future__ import annotations

from typing import Literal, TypeAlias

import pygame

from digitbench.replay import sdl_events
from digitbench.replay.timeline import Happening
from digitdraw.input.actions import ACTIONS
from digitdraw.model.placement import Placement

Input: TypeAlias = Literal["mouse", "touch"]

_ROUNDING = 0.05  # pixels; recordings hold hundredths, which a larger window makes larger


def to_events(
    happening: Happening,
    device: Input,
    placement: Placement,
    area: pygame.Rect,
    window: tuple[int, int],
) -> list[pygame.event.Event]:
    """Make the events that do what happens.

    Args:
        happening: of the pen, or of a key.
        device: what draws.
        placement: of the recording's canvas in the window.
        area: the board's part of the window, in pixels.
        window: (width, height) in pixels.
    """
    name, *values = happening
    action = ACTIONS.get((values[0] or "none") if name == "label" else name)
    if action and (action.is_replayed or name == "label"):
        return [sdl_events.key_down(action.keys[0].code, action.keys[0].modifiers)]
    position = _onto(area, *placement.to_window(values[0], values[1]))
    if name == "erase":
        right = sdl_events.RIGHT
        return [sdl_events.mouse_down(position, right), sdl_events.mouse_up(position, right)]
    if device == "touch":
        return [sdl_events.finger(name, position, window)]
    return [sdl_events.mouse(name, position)]


def _onto(area: pygame.Rect, x: float, y: float) -> tuple[float, float]:
    """Put a place that is beside the board's edge by no more than rounding onto it."""
    edge_x = min(max(x, area.left), area.right)
    edge_y = min(max(y, area.top), area.bottom)
    is_rounding = max(abs(x - edge_x), abs(y - edge_y)) < _ROUNDING
    return (edge_x, edge_y) if is_rounding else (x, y)
