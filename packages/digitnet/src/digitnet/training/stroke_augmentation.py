"""Augmentation of strokes: the same digit as other people and pens would have written it.

Points are moved before the rasteriser draws them, so lines keep their width and sharp edges however
far the shape is bent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from digitnet.preprocessing.framing import frame_strokes
from digitnet.training.synthetic.pen_effects import add_pen_effects
from digitnet.training.synthetic.stroke_styles import Paths, restyle

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Warp: TypeAlias = "Callable[[NDArray[np.float64]], NDArray[np.float64]]"

_STEP = 0.04  # distance between resampled points, over the digit's longer side


def render_augmented(
    label: int,
    paths: Sequence[NDArray[np.float64]],
    rng: np.random.Generator,
    *,
    is_mark: bool = False,
) -> NDArray[np.uint8]:
    """Augment ink and render it, with a random pen.

    Args:
        label: 0 to 9, or `NONE`; only some digits get another stroke style.
        paths: float (n, 2) each, n >= 1.
        rng: Source of all randomness.
        is_mark: Render it tiny, like a click that jitters or a comma next to a digit.

    Returns:
        uint8 (28, 28)
    """
    augmented = augment_strokes(label, paths, rng)
    return frame_strokes(
        augmented,
        smallest=mark_size(augmented, rng) if is_mark else 0.0,
        radius=rng.uniform(0.9, 1.9),
        softness=rng.uniform(1.0, 2.0),
    )


def mark_size(paths: Paths, rng: np.random.Generator) -> float:
    """Return the `smallest` of `frame_strokes` that makes ink a tiny mark."""
    return float(np.ptp(np.concatenate(paths), axis=0).max()) / float(rng.uniform(0.1, 0.6))


def augment_strokes(
    label: int, paths: Sequence[NDArray[np.float64]], rng: np.random.Generator
) -> Paths:
    """Restyle, slant, rotate, stretch and bend ink, and change its ends and proportions.

    Args:
        label: 0 to 9, or `NONE`; only some digits get another stroke style.
        paths: float (n, 2) each, n >= 1.
        rng: Source of all randomness.

    Returns:
        As many paths or some more or less, about two units in size around the origin.
    """
    resampled = [_resample(path) for path in restyle(label, _normalise(paths), rng)]
    shifted = [_move_ends(path, rng) for path in resampled]
    matrix = _random_affine(rng)
    bend, resize = _random_bend(rng), _random_proportions(rng)
    warped = [resize(bend(path @ matrix.T)) for path in shifted]
    if len(warped) > 1:
        # After lifting the pen, people do not start the next stroke exactly where they mean to.
        warped = [path + rng.normal(0, 0.03, 2) for path in warped]
    return add_pen_effects(warped, rng)


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


def _move_ends(path: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Cut off a little of each end, or extend it in the direction of travel.

    Some people leave loops open and omit hooks; others close them and go further.
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
    rotation = np.array([[cos, -sin], [sin, cos]])
    matrix: NDArray[np.float64] = (
        rotation @ np.array([[1.0, -slant], [0.0, 1.0]]) @ np.diag([wide, high])
    )
    return matrix


def _random_bend(rng: np.random.Generator, waves: int = 4) -> _Warp:
    """Return a random smooth displacement: some sine waves of random direction, length, phase."""
    directions = rng.normal(0, 1.6, (2, waves))
    phases = rng.uniform(0, 2 * np.pi, waves)
    shifts = rng.normal(0, 0.06, (waves, 2))

    def bend(path: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = path + np.sin(path @ directions + phases) @ shifts
        return moved

    return bend


def _random_proportions(rng: np.random.Generator) -> _Warp:
    """Return a warp that makes the lower part wider and higher than the upper one, or vice versa.

    A nine may be mostly loop with a short stem, or a small loop on a long tail.
    """
    wider = float(np.clip(rng.normal(0, 0.12), -0.3, 0.3))
    higher = float(
        np.clip(rng.normal(0, 0.14), -0.35, 0.35)
    )  # at 0.5 and above, the middle would fold

    def resize(path: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = path.T
        down = np.clip(y, -1, 1)
        return np.stack([x * (1 + wider * down), y - higher * (1 - down**2)], axis=1)

    return resize
