"""Icons of the buttons, drawn from lines so that they are sharp at every size."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import pygame
from pygame import Vector2

from digitdraw.ink.paint import Colour

Line: TypeAlias = list[tuple[float, float]]

# Icons are drawn this many times larger and scaled down, so that edges have 64 shades.
_OVERSAMPLING = 8


def _arc(x: float, y: float, radius: float, start: float, end: float) -> Line:
    """Return points on a circular arc; angles are in degrees, clockwise from the right."""
    angles = [math.radians(start + (end - start) * step / 32) for step in range(33)]
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


def _box(left: float, top: float, right: float, bottom: float) -> Line:
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def _half_disc() -> list[Line]:
    """Return lines that fill the right half of a disc."""
    heights = [0.04 * step - 0.34 for step in range(18)]
    return [[(0.5, 0.5 + y), (0.5 + math.sqrt(0.36**2 - y**2), 0.5 + y)] for y in heights]


def _mirrored(lines: list[Line]) -> list[Line]:
    return [[(1 - x, y) for x, y in line] for line in lines]


_UNDO = [
    [(0.34, 0.14), (0.14, 0.34), (0.34, 0.54)],
    [(0.14, 0.34), (0.6, 0.34), *_arc(0.6, 0.6, 0.26, -90, 90), (0.3, 0.86)],
]

_LINES: dict[str, list[Line]] = {
    "undo": _UNDO,
    "redo": _mirrored(_UNDO),
    "clear": [
        [(0.14, 0.26), (0.86, 0.26)],
        [(0.38, 0.26), (0.38, 0.12), (0.62, 0.12), (0.62, 0.26)],
        [(0.22, 0.26), (0.28, 0.9), (0.72, 0.9), (0.78, 0.26)],
    ],
    "erase": [
        [(0.36, 0.84), (0.1, 0.58), (0.56, 0.12), (0.9, 0.46), (0.52, 0.84), (0.36, 0.84)],
        [(0.34, 0.34), (0.68, 0.68)],
        [(0.52, 0.84), (0.92, 0.84)],
    ],
    "save": [
        [(0.5, 0.1), (0.5, 0.62)],
        [(0.28, 0.42), (0.5, 0.64), (0.72, 0.42)],
        [(0.12, 0.66), (0.12, 0.9), (0.88, 0.9), (0.88, 0.66)],
    ],
    "report": [
        [(0.22, 0.94), (0.22, 0.1)],
        [(0.22, 0.14), (0.84, 0.14), (0.68, 0.34), (0.84, 0.54), (0.22, 0.54)],
    ],
    "gallery": [
        _box(x, y, x + 0.3, y + 0.3) for y in (0.14, 0.56) for x in (0.14, 0.56)
    ],
    "inside": [
        _arc(0.5, 0.78, 0.5, 205, 335),
        _arc(0.5, 0.22, 0.5, 25, 155),
        _arc(0.5, 0.5, 0.12, 0, 360),
    ],
    "theme": [_arc(0.5, 0.5, 0.38, 0, 360), *_half_disc()],
    "knob": [_arc(0.5, 0.5, 0.04 + 0.06 * ring, 0, 360) for ring in range(7)],
    "help": [
        [*_arc(0.5, 0.34, 0.2, -180, 60), (0.5, 0.56), (0.5, 0.64)],
        [(0.5, 0.86)],
    ],
}  # fmt: skip


@lru_cache(maxsize=64)
def icon(name: str, side: int, colour: Colour) -> pygame.Surface:
    """Return an icon as a square surface of `side` pixels with transparency.

    Raises:
        KeyError: there is no icon of that name.
    """
    large = pygame.Surface((side * _OVERSAMPLING, side * _OVERSAMPLING), pygame.SRCALPHA)
    large.fill((*colour, 0))
    for line in _LINES[name]:
        _draw(large, colour, line)
    return pygame.transform.smoothscale(large, (side, side))


def _draw(surface: pygame.Surface, colour: Colour, line: Line) -> None:
    """Draw a line on a square surface, with round ends and joins."""
    side = surface.get_width()
    radius = round(max(0.6 * _OVERSAMPLING, 0.045 * side))
    points = [Vector2(round(x * side), round(y * side)) for x, y in line]
    for point in points:
        pygame.draw.circle(surface, colour, point, radius)
    for start, end in pairwise(points):
        if start == end:
            continue
        across = (end - start).rotate(90)
        across.scale_to_length(radius - 0.5)  # pygame includes the pixels on both edges
        corners = [start + across, end + across, end - across, start - across]
        pygame.draw.polygon(surface, colour, corners)
