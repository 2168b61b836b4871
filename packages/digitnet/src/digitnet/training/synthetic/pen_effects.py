"""What pens, tablets and hands do to any ink, whatever it shows.

Pens that touch or leave the tablet in motion draw hooks and tails; they skip, or are not lifted
where they should be. Coarse tablets turn lines into staircases or polygons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Paths: TypeAlias = "list[NDArray[np.float64]]"

_Effect: TypeAlias = "Callable[[Paths, np.random.Generator], Paths]"

SHARE = 0.12
"""Share of the ink that each of the effects changes."""

_ROOM = 8  # points of a path that is long enough to be cut or extended


def add_pen_effects(paths: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> Paths:
    """Apply some of the effects to ink, most often none or one.

    Args:
        paths: float (n, 2) each, about two units in size around the origin, with points that are
            at most a tenth of a unit apart.
        rng: Source of all randomness.

    Returns:
        The paths, perhaps one more or one less.
    """
    changed = list(paths)
    for effect in _EFFECTS:
        if rng.random() < SHARE:
            changed = effect(changed, rng)
    return changed


def _hook(paths: Paths, rng: np.random.Generator) -> Paths:
    """Add a short tick at an end, turned back by 60 to 180 degrees."""
    turn = rng.uniform(np.pi / 3, np.pi) * rng.choice([-1, 1])
    return _extend(paths, rng, length=rng.uniform(0.06, 0.3), turn=turn, bend=0.0)


def _tail(paths: Paths, rng: np.random.Generator) -> Paths:
    """Continue an end in a curve."""
    bend = rng.uniform(0.5, 2.2) * rng.choice([-1, 1])
    return _extend(paths, rng, length=rng.uniform(0.15, 0.45), turn=0.0, bend=bend)


def _extend(
    paths: Paths, rng: np.random.Generator, *, length: float, turn: float, bend: float
) -> Paths:
    """Extend a random path at its end, or at its start one time in three.

    Args:
        paths: The ink.
        rng: Chooses the path and the end.
        length: Of what is added.
        turn: By how much the pen turns before it, in radians.
        bend: By how much it turns on the way.
    """
    index = int(rng.integers(len(paths)))
    is_start = rng.random() < 1 / 3
    path = paths[index][::-1] if is_start else paths[index]
    if len(path) < _ROOM:
        return paths
    forwards = path[-1] - path[-4]
    angle = np.arctan2(forwards[1], forwards[0]) + turn + bend * np.linspace(0, 1, 6)
    steps = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (length / 6)
    longer = np.concatenate([path, path[-1] + np.cumsum(steps, axis=0)])
    return [*paths[:index], longer[::-1] if is_start else longer, *paths[index + 1 :]]


def _break(paths: Paths, rng: np.random.Generator) -> Paths:
    """Lift the pen for a moment, most often at the sharpest turn."""
    index = int(rng.integers(len(paths)))
    path = paths[index]
    if len(path) < 2 * _ROOM:
        return paths
    inner = slice(_ROOM // 2, -_ROOM // 2)
    ahead = path[4:] - path[2:-2]
    behind = path[2:-2] - path[:-4]
    turns = np.abs(ahead[:, 0] * behind[:, 1] - ahead[:, 1] * behind[:, 0])
    places = np.arange(2, len(path) - 2)[inner]
    place = int(places[turns[inner].argmax()] if rng.random() < 0.6 else rng.choice(places))
    gap = int(rng.integers(0, 3))
    return [*paths[:index], path[:place], path[place + gap :], *paths[index + 1 :]]


def _join(paths: Paths, rng: np.random.Generator) -> Paths:
    """Draw two neighbouring strokes as one, as if the pen had not been lifted."""
    if len(paths) < 2:
        return paths
    index = int(rng.integers(len(paths) - 1))
    first, second = paths[index : index + 2]
    if np.hypot(*(second[0] - first[-1])) > 1.2:
        return paths
    return [*paths[:index], np.concatenate([first, second]), *paths[index + 2 :]]


def _tremble(paths: Paths, rng: np.random.Generator) -> Paths:
    """Shake the pen a little at every point."""
    size = rng.uniform(0.005, 0.025)
    return [path + rng.normal(0, size, path.shape) for path in paths]


def _polygon(paths: Paths, rng: np.random.Generator) -> Paths:
    """Keep few points, as of a fast pen on a slow tablet."""
    step = int(rng.integers(3, 8))
    return [np.concatenate([path[:-1:step], path[-1:]]) for path in paths]


def _staircase(paths: Paths, rng: np.random.Generator) -> Paths:
    """Round all points to the grid of a coarse tablet."""
    cell = rng.uniform(0.05, 0.2)
    has_diagonals = rng.random() < 0.5
    return [_on_grid(path, cell, has_diagonals=has_diagonals) for path in paths]


def _on_grid(path: NDArray[np.float64], cell: float, *, has_diagonals: bool) -> NDArray[np.float64]:
    cells = np.rint(path / cell)
    moved = np.concatenate([[True], (np.diff(cells, axis=0) != 0).any(axis=1)])
    corners: NDArray[np.float64] = cells[moved] * cell
    if has_diagonals or len(corners) < 2:
        return corners
    # First sideways, then down or up.
    between = np.stack([corners[1:, 0], corners[:-1, 1]], axis=1)
    stairs = np.empty((2 * len(corners) - 1, 2))
    stairs[::2], stairs[1::2] = corners, between
    return stairs


_EFFECTS: Sequence[_Effect] = (_hook, _tail, _break, _join, _tremble, _polygon, _staircase)
