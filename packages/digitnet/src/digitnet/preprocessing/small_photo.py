"""Extracts the ink from a small picture of paper, such as a cell cut out of a photo.

On so little paper, light is a plane. Ink is what differs clearly from it; where nothing does, the
paper is blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.components import connected_runs
from digitnet.preprocessing.grey_image import fit_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    difference = fit_plane(grey) - grey
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


def _deviation(values: NDArray[np.float32]) -> float:
    """Return the standard deviation of most values."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
