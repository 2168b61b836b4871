"""Turns the steps of a recording into SDL events of mouse, finger and keys."""

from __future__ import annotations

from typing import Literal, TypeAlias

import pygame

from digitbench.replay import sdl_events
from digitbench.replay.timeline import PEN, SETTINGS, Step
from digitdraw.input.actions import ACTIONS
from digitdraw.model.placement import Placement

Device: TypeAlias = Literal["mouse", "touch"]
"""What draws."""

_ROUNDING = 0.05  # pixels; recordings hold hundredths, which a larger window magnifies


def to_events(
    step: Step,
    device: Device,
    placement: Placement,
    area: pygame.Rect,
    window: tuple[int, int],
) -> list[pygame.event.Event]:
    """Return the events that make a step happen.

    Args:
        step: one of the pen, or one that a key does.
        device: what draws.
        placement: of the recording's canvas in the window.
        area: the part of the window that the board takes, in pixels.
        window: (width, height) in pixels.
    """
    name, *values = step
    if name not in PEN:
        action = ACTIONS.get((values[0] or "none") if name == "label" else name)
        if action and (action.is_replayed or name in ("label", *SETTINGS)):
            return [sdl_events.key_down(action.keys[0].code, action.keys[0].modifiers)]
    position = _onto(area, *placement.to_window(values[0], values[1]))
    if name == "erase":
        right = sdl_events.RIGHT
        return [sdl_events.mouse_down(position, right), sdl_events.mouse_up(position, right)]
    if device == "touch":
        return [sdl_events.finger(name, position, window)]
    return [sdl_events.mouse(name, position)]


def _onto(area: pygame.Rect, x: float, y: float) -> tuple[float, float]:
    """Move a point that misses the board by no more than rounding onto its edge."""
    if area.left <= x <= area.right and area.top <= y <= area.bottom:
        return x, y
    edge_x = min(max(x, area.left), area.right)
    edge_y = min(max(y, area.top), area.bottom)
    is_rounding = max(abs(x - edge_x), abs(y - edge_y)) < _ROUNDING
    return (edge_x, edge_y) if is_rounding else (x, y)
