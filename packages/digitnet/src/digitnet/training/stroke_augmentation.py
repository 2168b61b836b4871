"""Variety for strokes: what other hands and pens would have made of the same digit.

Points are moved before the one rasteriser draws them, so the line stays a line of even width and
sharp edge however far the shape is bent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from digitnet.preprocessing.framing import frame_strokes
from digitnet.training.synthetic.stroke_styles import Paths, restyle

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Change: TypeAlias = "Callable[[NDArray[np.float64]], NDArray[np.float64]]"

_STEP = 0.04  # between points, as a share of the digit's longer side, before it is bent


def draw_varied(
    label: int,
    paths: Sequence[NDArray[np.float64]],
    rng: np.random.Generator,
    *,
    is_mark: bool = False,
) -> NDArray[np.uint8]:
    """Draw ink once, in a way that no other drawing of it has.

    Args:
        label: 0 to 9, or `NONE`.
        paths: each float (n, 2), n >= 1.
        rng: where all chance is from.
        is_mark: draw it as small as a click that jitters, or as a comma beside a digit.

    Returns:
        uint8 (28, 28)
    """
    varied = vary(label, paths, rng)
    size = float(np.ptp(np.concatenate(varied), axis=0).max())
    return frame_strokes(
        varied,
        smallest=size / rng.uniform(0.1, 0.6) if is_mark else 0.0,
        radius=rng.uniform(0.9, 1.9),
        softness=rng.uniform(1.0, 2.0),
    )


def vary(label: int, paths: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> Paths:
    """Restyle, slant, turn, stretch and bend ink, with other ends and other proportions.

    Args:
        label: 0 to 9, or `NONE`.
        paths: each float (n, 2), n >= 1.
        rng: where all chance is from.

    Returns:
        as many paths or a few more, about two units in size around the origin.
    """
    varied = [_resample(path) for path in restyle(label, _normalise(paths), rng)]
    varied = [_end_elsewhere(path, rng) for path in varied]
    matrix = _random_affine(rng)
    bend, grow = _random_bend(rng), _random_proportions(rng)
    moved = [grow(bend(path @ matrix.T)) for path in varied]
    # Strokes lifted in between do not start exactly where they meant to.
    return [path + rng.normal(0, 0.03, 2) for path in moved] if len(moved) > 1 else moved


def _normalise(paths: Sequence[NDArray[np.float64]]) -> Paths:
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    size = max(float((high - low).max()), 1e-9)
    return [(path - (low + high) / 2) * (2 / size) for path in paths]


def _resample(path: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.hypot(*np.diff(path, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    if along[-1] == 0:
        return path[:1]
    at = np.linspace(0, along[-1], max(2, int(along[-1] / (2 * _STEP)) + 1))
    return np.stack([np.interp(at, along, path[:, axis]) for axis in (0, 1)], axis=1)


def _end_elsewhere(path: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Cut something off each end, or go on in the direction of travel.

    Some hands leave loops open and hooks out, others close them and go on.
    """
    if len(path) < 8:
        return path
    most = max(2, len(path) // 8)
    lengths = np.clip(rng.normal(0, most / 1.5, 2), -most, most)
    first, last = (int(n) for n in np.rint(lengths))
    before = path[0] + (path[0] - path[2]) * 0.5 * np.arange(-first, 0, -1)[:, None]
    after = path[-1] + (path[-1] - path[-3]) * 0.5 * np.arange(1, -last + 1)[:, None]
    kept = path[max(first, 0) : len(path) - max(last, 0)]
    return np.concatenate([before, kept, after])


def _random_affine(rng: np.random.Generator) -> NDArray[np.float64]:
    angle = rng.normal(0, 0.09)
    slant = rng.normal(0, 0.15)
    wide, high = np.exp(rng.normal(0, 0.12, 2))
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    matrix: NDArray[np.float64] = (
        turn @ np.array([[1.0, -slant], [0.0, 1.0]]) @ np.diag([wide, high])
    )
    return matrix


def _random_bend(rng: np.random.Generator, waves: int = 4) -> _Change:
    """Draw a smooth field of shifts: a few sine waves of random direction, length and phase."""
    directions = rng.normal(0, 1.6, (2, waves))
    phases = rng.uniform(0, 2 * np.pi, waves)
    shifts = rng.normal(0, 0.06, (waves, 2))

    def bend(path: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = path + np.sin(path @ directions + phases) @ shifts
        return moved

    return bend


def _random_proportions(rng: np.random.Generator) -> _Change:
    """Draw how much wider the lower part is than the upper one, and how much higher.

    The loop of a nine may be all of it but a short stem, or a knot on a long tail.
    """
    wider = float(np.clip(rng.normal(0, 0.12), -0.3, 0.3))
    higher = float(np.clip(rng.normal(0, 0.14), -0.35, 0.35))  # from 0.5 on, the middle would fold

    def grow(path: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = path.T
        down = np.clip(y, -1, 1)
        return np.stack([x * (1 + wider * down), y - higher * (1 - down**2)], axis=1)

    return grow
