"""The buttons' signs: ink like any other, so that they are sharp at every size."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
import pygame

from digitdraw.theme import Colour
from digitnet.preprocessing.raster import render

Line: TypeAlias = list[tuple[float, float]]


def _arc(x: float, y: float, radius: float, start: float, end: float, flat: float = 1.0) -> Line:
    """Give points of an ellipse's arc; angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 33))
    return [(x + radius * np.cos(a), y + radius * flat * np.sin(a)) for a in angles]


def _box(left: float, top: float, right: float, bottom: float) -> Line:
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def _half_disc() -> list[Line]:
    """Fill the right half of a circle with strokes."""
    return [
        [(0.5, float(y)), (0.5 + (0.36**2 - (float(y) - 0.5) ** 2) ** 0.5, float(y))]
        for y in np.linspace(0.16, 0.84, 18)
    ]


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
    "knob": [*(_arc(0.5, 0.5, radius, 0, 360) for radius in np.arange(0.04, 0.44, 0.06))],
    "help": [
        [*_arc(0.5, 0.34, 0.2, -180, 60), (0.5, 0.56), (0.5, 0.64)],
        [(0.5, 0.86)],
    ],
}  # fmt: skip


@lru_cache(maxsize=64)
def icon(name: str, side: int, colour: Colour) -> pygame.Surface:
    """Draw a sign as a square surface of `side` pixels with transparency.

    Raises:
        KeyError: there is no such sign.
    """
    paths = [np.array(line, dtype=np.float64) * side for line in _LINES[name]]
    ink = render(paths, (side, side), radius=max(0.6, side * 0.045))
    surface = pygame.Surface((side, side), pygame.SRCALPHA)
    surface.fill((*colour, 0))
    alpha = pygame.surfarray.pixels_alpha(surface)
    alpha[:] = np.rint(ink.T * 255).astype(np.uint8)
    del alpha  # the surface is locked as long as it lives
    return surface
