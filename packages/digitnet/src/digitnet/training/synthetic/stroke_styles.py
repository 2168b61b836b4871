"""Stroke styles that are rare in recordings: marks that some people add to the plain form.

A zero gets a slash or a dot, to tell it from the letter; a one gets a foot and, if it has none, a
flag; a seven gets a bar through its stem.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Paths: TypeAlias = "list[NDArray[np.float64]]"

SHARE = 0.2
"""Share of the digits with such a style that get it."""


def restyle(label: int, paths: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> Paths:
    """Add marks to some of the digits that people add marks to.

    Args:
        label: The digit.
        paths: float (n, 2) each; the digit's longer side is two units, around the origin, y down.
        rng: Source of all randomness.

    Returns:
        The paths, and perhaps one or two more.
    """
    marks = _MARKS.get(label)
    if marks is None or rng.random() > SHARE:
        return list(paths)
    return [*paths, *marks(np.concatenate(paths), rng)]


def _half_size(points: NDArray[np.float64]) -> NDArray[np.float64]:
    half: NDArray[np.float64] = np.maximum(np.ptp(points, axis=0) / 2, 0.1)
    return half


def _zero(points: NDArray[np.float64], rng: np.random.Generator) -> Paths:
    if rng.random() < 0.1:
        return [rng.normal(0, 0.08, (1, 2))]
    # Most slashes rise to the right; a bar may have any direction.
    angle = rng.normal(0.9, 0.3) if rng.random() < 0.8 else rng.uniform(0, np.pi)
    half = _half_size(points) * rng.uniform(0.55, 1.7)
    tip = np.array([np.cos(angle), -np.sin(angle)]) * (half.max() + half) / 2
    middle = rng.normal(0, 0.08, 2)
    return [np.stack([middle + tip, middle - tip]) + rng.normal(0, 0.05, (2, 2))]


def _one(points: NDArray[np.float64], rng: np.random.Generator) -> Paths:
    wide, high = _half_size(points)
    top, foot = points[points[:, 1].argmin()], points[points[:, 1].argmax()]
    marks: Paths = []
    is_bare = wide < 0.3 * high
    if is_bare and rng.random() < 0.7:
        # The flag must be steep; a flatter one would make it a seven.
        reach = rng.uniform(0.15, 0.5)
        tip = top + np.array([-reach, reach * rng.uniform(0.8, 1.6)])
        marks.append(np.stack([tip, top]))
    if not marks or rng.random() < 0.6:
        width = rng.uniform(0.25, 0.7)
        marks.append(foot + np.array([[-width, 0.0], [width, 0.0]]) + rng.normal(0, 0.04, (2, 2)))
    return marks


def _seven(points: NDArray[np.float64], rng: np.random.Generator) -> Paths:
    height = rng.uniform(-0.15, 0.3)
    # The stem is the rightmost part of the seven at this height.
    near = points[np.abs(points[:, 1] - height).argsort()[:3]]
    stem = float(near[:, 0].max())
    left, right = rng.uniform(0.25, 0.6, 2)
    x = np.linspace(stem - left, stem + right, 9)
    wave = rng.normal(0, 0.06) * np.sin(np.linspace(0, 2 * np.pi, 9) + rng.uniform(0, np.pi))
    return [np.stack([x, height + rng.normal(0, 0.12) * (x - stem) + wave], axis=1)]


_MARKS: Mapping[int, Callable[[NDArray[np.float64], np.random.Generator], Paths]] = {
    0: _zero,
    1: _one,
    7: _seven,
}
