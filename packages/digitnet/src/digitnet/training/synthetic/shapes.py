"""Random shapes that are not digits.

A kind is a function from a random generator to paths, float (n, 2) each, in a box of about two
units around the origin, y down. The kinds in `UNSEEN` are held out for measurements: they are never
trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Paths: TypeAlias = "list[NDArray[np.float64]]"
Kind: TypeAlias = "Callable[[np.random.Generator], Paths]"


def _line(*points: tuple[float, float]) -> NDArray[np.float64]:
    return np.array(points, dtype=np.float64)


def spline(points: NDArray[np.float64], per_segment: int = 8) -> NDArray[np.float64]:
    """Return a smooth curve through points: a uniform Catmull-Rom spline."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    before, start, end, after = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = np.linspace(0, 1, per_segment, endpoint=False)[:, None, None]
    curve = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return np.concatenate([curve.transpose(1, 0, 2).reshape(-1, 2), points[-1:]])


def _arc(
    start: float, end: float, radius: tuple[float, float] = (1, 1), points: int = 30
) -> NDArray[np.float64]:
    """Return an elliptical arc around the origin; angles in radians, clockwise from the right."""
    angle = np.linspace(start, end, points)
    return np.stack([radius[0] * np.cos(angle), radius[1] * np.sin(angle)], axis=1)


def _polygon(corners: int, turn: float, step: int = 1) -> NDArray[np.float64]:
    angle = turn + 2 * np.pi * step * np.arange(corners + 1) / corners
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _dot(_rng: np.random.Generator) -> Paths:
    return [np.zeros((1, 2))]


def _dash(rng: np.random.Generator) -> Paths:
    # A steeper line could be a one.
    angle = rng.uniform(-0.6, 0.6)
    bow = rng.normal(0, 0.06)
    along = np.linspace(-1, 1, 9)
    line = np.stack([along, bow * (1 - along**2)], axis=1)
    cos, sin = np.cos(angle), np.sin(angle)
    return [line @ np.array([[cos, sin], [-sin, cos]])]


def _equals(rng: np.random.Generator) -> Paths:
    gap = rng.uniform(0.25, 0.7)
    return [_dash(rng)[0] * 0.98 + (0, side * gap) for side in (-0.5, 0.5)]


def _dots(rng: np.random.Generator) -> Paths:
    return [rng.uniform(-1, 1, (1, 2)) for _ in range(rng.integers(2, 6))]


def _tangle(rng: np.random.Generator) -> Paths:
    return [spline(rng.uniform(-1, 1, (int(rng.integers(8, 26)), 2)))]


def _zigzag(rng: np.random.Generator) -> Paths:
    turns = int(rng.integers(5, 14))
    x = np.linspace(-1, 1, turns) + rng.normal(0, 0.05, turns)
    y = np.where(np.arange(turns) % 2, 1, -1) * rng.uniform(0.3, 1.0, turns)
    points = np.stack([x, y], axis=1)
    if rng.random() < 0.3:
        points = points[:, ::-1]
    return [points if rng.random() < 0.5 else spline(points)]


def _coil(rng: np.random.Generator) -> Paths:
    turns = rng.uniform(3, 7)
    angle = np.linspace(0, 2 * np.pi * turns, int(20 * turns))
    width = rng.uniform(0.3, 0.6)
    x = np.linspace(-1, 1, len(angle)) + width * np.cos(angle)
    return [np.stack([x, rng.uniform(0.4, 1.0) * np.sin(angle)], axis=1)]


def _wave(rng: np.random.Generator) -> Paths:
    x = np.linspace(-1, 1, 50)
    height = rng.uniform(0.12, 0.5)
    return [np.stack([x, height * np.sin(rng.uniform(5, 14) * x + rng.uniform(0, 6))], axis=1)]


def _rectangle(rng: np.random.Generator) -> Paths:
    wide, high = rng.uniform(0.55, 1.0, 2)
    box = [(-wide, -high), (wide, -high), (wide, high), (-wide, high), (-wide, -high)]
    return [_line(*box) + rng.normal(0, 0.04, (5, 2))]


def _triangle(rng: np.random.Generator) -> Paths:
    turn = rng.uniform(-0.3, 0.3) + (np.pi / 2 if rng.random() < 0.3 else -np.pi / 2)
    return [_polygon(3, turn) + rng.normal(0, 0.06, (4, 2))]


def _diamond(rng: np.random.Generator) -> Paths:
    return [_polygon(4, 0.0) * (rng.uniform(0.6, 1.0), 1) + rng.normal(0, 0.03, (5, 2))]


def _star(rng: np.random.Generator) -> Paths:
    return [_polygon(5, -np.pi / 2 + rng.normal(0, 0.15), step=2) + rng.normal(0, 0.05, (6, 2))]


def _spiral(rng: np.random.Generator) -> Paths:
    turns = rng.uniform(1.8, 4)
    angle = np.linspace(0, 2 * np.pi * turns, int(24 * turns)) * rng.choice([-1, 1])
    radius = np.linspace(0.05, 1, len(angle))
    spiral = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return [spiral if rng.random() < 0.6 else spiral[::-1]]


def _cross(rng: np.random.Generator) -> Paths:
    turn = rng.choice([0.0, np.pi / 4]) + rng.normal(0, 0.1)
    arms = [_line((-1, 0), (1, 0)), _line((0, -1), (0, 1)) * rng.uniform(0.7, 1)]
    cos, sin = np.cos(turn), np.sin(turn)
    return [arm @ np.array([[cos, sin], [-sin, cos]]) for arm in arms]


def _check_mark(rng: np.random.Generator) -> Paths:
    low = rng.uniform(-0.6, -0.2)
    return [_line((-1, rng.uniform(-0.1, 0.3)), (low, 0.8), (1, rng.uniform(-1, -0.5)))]


def _bracket(rng: np.random.Generator) -> Paths:
    side = rng.choice([-1, 1])
    return [_line((0.5, -1), (-0.5, -1), (-0.5, 1), (0.5, 1)) * (side * rng.uniform(0.4, 1), 1)]


def _crossed_circle(rng: np.random.Generator) -> Paths:
    # Two lines, because a circle with one is a slashed zero.
    return [_arc(0, 6.3), *(arm * rng.uniform(0.6, 1.0) for arm in _cross(rng))]


def _asterisk(rng: np.random.Generator) -> Paths:
    turn = rng.uniform(0, 1)
    return [_polygon(2, turn + step * np.pi / 3)[:2] for step in range(3)]


def _window(rng: np.random.Generator) -> Paths:
    return [*_rectangle(rng), _line((-0.6, 0), (0.6, 0)), _line((0, -0.6), (0, 0.6))]


def _heart(rng: np.random.Generator) -> Paths:
    t = np.linspace(0, 2 * np.pi, 50)
    x = np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 16
    return [np.stack([x, y], axis=1) * (rng.uniform(0.8, 1.1), 1)]


def _house(rng: np.random.Generator) -> Paths:
    eaves = rng.uniform(-0.3, 0.1)
    walls = _line((-0.8, eaves), (-0.8, 1), (0.8, 1), (0.8, eaves))
    return [walls, _line((-1, eaves), (0, -1), (1, eaves), (-1, eaves))]


def _hash_mark(rng: np.random.Generator) -> Paths:
    gap, lean = rng.uniform(0.25, 0.4), rng.normal(0, 0.12)
    upright = [_line((side * gap + lean, -1), (side * gap - lean, 1)) for side in (-1, 1)]
    return upright + [_line((-0.9, side * gap), (0.9, side * gap)) for side in (-1, 1)]


def _face(rng: np.random.Generator) -> Paths:
    eyes = [_line((side * rng.uniform(0.25, 0.45), -0.3)) for side in (-1, 1)]
    return [_arc(0, 6.3), *eyes, _arc(0.4, 2.7) * 0.55]


def _arrow(rng: np.random.Generator) -> Paths:
    size = rng.uniform(0.3, 0.6)
    turn = rng.choice([0.0, np.pi / 2, np.pi])
    cos, sin = np.cos(turn), np.sin(turn)
    parts = [_line((-1, 0), (1, 0)), _line((1 - size, -size), (1, 0), (1 - size, size))]
    return [part @ np.array([[cos, sin], [-sin, cos]]) for part in parts]


def _cloud(rng: np.random.Generator) -> Paths:
    bumps = int(rng.integers(5, 9))
    angle = np.linspace(0, 2 * np.pi, 16 * bumps)
    radius = 0.8 + 0.2 * np.abs(np.sin(angle * bumps / 2))
    return [np.stack([radius * np.cos(angle), 0.7 * radius * np.sin(angle)], axis=1)]


def _fish(rng: np.random.Generator) -> Paths:
    body = _arc(0, 6.3, (0.75, rng.uniform(0.35, 0.55))) - (0.25, 0)
    fin = rng.uniform(0.3, 0.5)
    return [body, _line((0.45, 0), (1, -fin), (1, fin), (0.45, 0))]


def _envelope(rng: np.random.Generator) -> Paths:
    high = rng.uniform(0.5, 0.75)
    box = _line((-1, -high), (1, -high), (1, high), (-1, high), (-1, -high))
    return [box, _line((-1, -high), (0, rng.uniform(-0.1, 0.2)), (1, -high))]


def _flower(rng: np.random.Generator) -> Paths:
    petals = int(rng.integers(4, 8))
    angle = np.linspace(0, 2 * np.pi, 20 * petals)
    radius = 0.65 + 0.35 * np.cos(petals * angle)
    return [np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)]


def _ladder(rng: np.random.Generator) -> Paths:
    half, rungs = rng.uniform(0.3, 0.5), np.linspace(-0.7, 0.7, int(rng.integers(3, 6)))
    rails = [_line((side * half, -1), (side * half, 1)) for side in (-1, 1)]
    return rails + [_line((-half, float(y)), (half, float(y))) for y in rungs]


def _crescent(rng: np.random.Generator) -> Paths:
    outer = _arc(0.9, 5.4)
    inner = spline(np.stack([outer[-1], [rng.uniform(-0.45, 0.0), 0.0], outer[0]]))
    return [np.concatenate([outer, inner[1:]])]


SEEN: Mapping[str, Kind] = {
    "dot": _dot,
    "dash": _dash,
    "equals": _equals,
    "dots": _dots,
    "tangle": _tangle,
    "zigzag": _zigzag,
    "coil": _coil,
    "wave": _wave,
    "rectangle": _rectangle,
    "triangle": _triangle,
    "diamond": _diamond,
    "star": _star,
    "spiral": _spiral,
    "cross": _cross,
    "check-mark": _check_mark,
    "bracket": _bracket,
    "crossed-circle": _crossed_circle,
    "asterisk": _asterisk,
    "window": _window,
    "heart": _heart,
    "cloud": _cloud,
}
"""Kinds to train on."""

UNSEEN: Mapping[str, Kind] = {
    "house": _house,
    "hash-mark": _hash_mark,
    "face": _face,
    "arrow": _arrow,
    "fish": _fish,
    "envelope": _envelope,
    "flower": _flower,
    "ladder": _ladder,
    "crescent": _crescent,
}
"""Kinds held out for measurements."""
