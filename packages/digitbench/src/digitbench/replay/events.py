"""What happens in a recording to the real SDL events of mouse, finger and keys."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import pygame

from digitbench.replay.timeline import Happening
from digitdraw.input.actions import ACTIONS
from digitdraw.model.placement import Placement

Input: TypeAlias = Literal["mouse", "touch"]

_MOUSE = {"down": pygame.MOUSEBUTTONDOWN, "up": pygame.MOUSEBUTTONUP}
_FINGER = {"down": pygame.FINGERDOWN, "move": pygame.FINGERMOTION, "up": pygame.FINGERUP}
RELEASES = frozenset({pygame.MOUSEBUTTONUP, pygame.FINGERUP})
"""The types of the events at which a pen is lifted."""

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
        key = action.keys[0]
        return [pygame.event.Event(pygame.KEYDOWN, key=key.code, mod=key.modifiers, unicode="")]
    x, y = _onto(area, *placement.to_window(values[0], values[1]))
    if device == "touch" and name != "erase":
        finger = {"touch_id": 1, "finger_id": 1, "dx": 0.0, "dy": 0.0, "pressure": 1.0}
        place = {"x": x / window[0], "y": y / window[1]}
        return [pygame.event.Event(_FINGER[name], finger | place)]
    # A mouse is where a whole pixel is.
    mouse: dict[str, Any] = {"pos": (round(x), round(y)), "touch": False}
    if name == "move":
        return [pygame.event.Event(pygame.MOUSEMOTION, rel=(0, 0), buttons=(1, 0, 0), **mouse)]
    if name == "erase":
        return [pygame.event.Event(_MOUSE[way], button=3, **mouse) for way in ("down", "up")]
    return [pygame.event.Event(_MOUSE[name], button=1, **mouse)]


def _onto(area: pygame.Rect, x: float, y: float) -> tuple[float, float]:
    """Put a place that is beside the board's edge by no more than rounding onto it."""
    edge_x = min(max(x, area.left), area.right)
    edge_y = min(max(y, area.top), area.bottom)
    is_rounding = max(abs(x - edge_x), abs(y - edge_y)) < _ROUNDING
    return (edge_x, edge_y) if is_rounding else (x, y)
