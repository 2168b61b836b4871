"""Extracts the ink from a small picture of paper, such as a cell cut out of a photo.

On so little paper, light is a plane: it is fitted to the pixels that are near it, again and again,
so that ink does not count (iteratively reweighted least squares; Holland, Welsch: "Robust
regression using iteratively reweighted least-squares", 1977). Ink is what differs clearly from the
plane; where nothing does, the paper is blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.components import connected_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDS = 6

# Pixels this many times as far from the plane as the noise do not count for it.
_FAR = 2.5

# Ink differs from paper by at least this, where black and white differ by 1, and by this many times
# the noise; most of it by this many times as much, since noise just exceeds any threshold.
_MIN_CONTRAST = 0.06
_NOISE = 4.0
_CLEAR = 1.6

# Ink begins at this many times the noise.
_FLOOR = 2.5

# Each spot of ink is somewhere at least this strong, where most ink is 1.
_MIN_STRENGTH = 0.5

# JPEG turns some noise into ripples within a block of 8x8 pixels, no stronger than this.
_BLOCK = 8
_FAINT_INK = 0.2


def ink_on_plane(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Extract the ink of a small picture, dark on light or light on dark.

    Args:
        grey: float32 (height, width), 0 to 1.

    Returns:
        float32 (height, width), 0 for paper to 1 for ink; all 0 where there is none.
    """
    difference = _plane(grey) - grey
    noise = _deviation(difference)
    threshold = max(_MIN_CONTRAST, _NOISE * noise)
    dark, light = (float(np.square(d[d > threshold]).sum()) for d in (difference, -difference))
    ink = difference if dark >= light else -difference
    clear = ink[ink > threshold]
    strength = float(np.quantile(clear, 0.75)) if len(clear) else 0.0
    if strength < _CLEAR * threshold:
        return np.zeros_like(grey)
    floor = _FLOOR * noise
    mask = np.clip((ink - floor) / np.float32(strength - floor), 0, 1)
    runs = connected_runs(mask > 0)
    strongest = np.zeros(runs.count + 1, np.float32)
    np.maximum.at(strongest, runs.labels, mask)
    is_kept = strongest >= _MIN_STRENGTH
    if strength < _FAINT_INK and not (is_kept[1:] & (runs.boxes()[:, 2:] > _BLOCK).any(1)).any():
        return np.zeros_like(grey)
    kept: NDArray[np.float32] = np.where(is_kept[runs.labels], mask, np.float32(0))
    return kept


def _plane(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the paper's light, (height, width): a plane near to most pixels."""
    height, width = grey.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones(grey.size), x.ravel(), y.ravel()], axis=1).astype(np.float32)
    values = grey.ravel()
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    plane = np.full_like(values, np.median(border))
    for _ in range(_ROUNDS):
        distance = np.abs(values - plane)
        near = distance <= max(_FAR * 1.4826 * float(np.median(distance)), 2 / 255)
        weighted = terms[near]
        plane = terms @ np.linalg.lstsq(weighted, values[near], rcond=None)[0]
    fitted: NDArray[np.float32] = plane.reshape(grey.shape).astype(np.float32)
    return fitted


def _deviation(values: NDArray[np.float32]) -> float:
    """Return the standard deviation of most values."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
