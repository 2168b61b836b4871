"""The ink on a photo of paper, or of a blackboard: uneven light, shadows and noise taken away.

Light multiplies what the paper reflects, so ink is a ratio: how much darker a pixel is than the
paper would be there. The paper is what is left when all that is dark and narrow is filled, which
keeps the edges of shadows where they are. What is to be ink must stand out from the noise, and
each spot of it must be about as dark as most of the ink somewhere (a threshold with hysteresis;
Canny: "A computational approach to edge detection", 1986, section VI).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from digitnet.preprocessing.filters import close_dark, smooth
from digitnet.preprocessing.ruling import remove_ruling

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_PHOTO = 100
"""Pictures whose shorter side is less, in pixels, are digits cut out, and not photos of paper."""

# The paper is looked for in a picture whose longer side has about so many pixels.
_COARSE = 320

# What is narrower than this, over the shorter side, can be a line of ink.
_WIDEST_LINE = 1 / 6

# Blocks along the shorter side, in whose medians the paper's usual grey is found.
_BLOCKS = 12

# Greys are kept this far from 0, so that a ratio of dark ones is not noise alone.
_DARKEST = 0.03

# Ink differs from paper at least by this, and by so many times the noise.
_FAINTEST = 0.06
_NOISE = 4.0

# Where ink begins, over how strong most of it is.
_EDGE = 0.3

# Paper is one grey in pictures that programs make: this share of it lies within one 255th.
_SAME_GREY = 0.5


def is_photo(grey: NDArray[np.float32]) -> bool:
    """Say whether the paper is not one grey, as light, noise and lines make it.

    Args:
        grey: float32 (height, width), 0 to 1.
    """
    if min(grey.shape) < SMALLEST_PHOTO:
        return False
    sides = (grey[0], grey[-1]), (grey[:, 0], grey[:, -1])
    border = np.concatenate([line for pair in sides for line in pair])
    paper = np.median(border)
    step = max(1, int(np.sqrt(grey.size) / 200))
    distance = np.abs(grey[::step, ::step] - paper)
    near = np.count_nonzero(distance < 0.1)
    if np.count_nonzero(distance < 1.5 / 255) < _SAME_GREY * near:
        return True
    # Lines that reach both sides are the paper's, even where its grey is one.
    return any(min(_spots(np.abs(line - paper)) for line in pair) >= 3 for pair in sides)


def _spots(distance: NDArray[np.float32]) -> int:
    is_other = distance > 0.08
    return int(np.count_nonzero(is_other[1:] & ~is_other[:-1]) + is_other[0])


def ink_on_paper(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Find the ink of a photo.

    Args:
        grey: float32 (height, width), 0 to 1, at least `SMALLEST_PHOTO` on each side.

    Returns:
        float32 (height, width), 0 for paper to 1 for ink; all 0 for a photo without ink.
    """
    contrast = _contrast(grey)
    sample = contrast[::3, ::3]
    contrast -= np.median(sample)
    noise = float(1.4826 * np.median(np.abs(sample - np.median(sample))))
    contrast = remove_ruling(contrast, noise)
    low = max(_FAINTEST, _NOISE * noise)
    dark = contrast[contrast > low]
    if len(dark) < 20:
        return np.zeros_like(grey)
    strength = float(np.quantile(dark, 0.75))
    low = max(low, _EDGE * strength)
    mask: NDArray[np.float32] = np.clip((contrast - 0.6 * low) / (0.9 * strength - 0.6 * low), 0, 1)
    mask[contrast < low] = 0
    return mask


def _contrast(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Tell how much darker, or on dark paper how much lighter, each pixel is than its paper.

    Returns:
        float32 (height, width), about 0 for paper, up to 1 for ink.
    """
    height, width = grey.shape
    factor = max(1, round(max(grey.shape) / _COARSE))
    light = np.maximum(grey, np.float32(_DARKEST))
    coarse = np.asarray(Image.fromarray(light).reduce(factor))
    usual = _usual(coarse)
    radius = max(2, round(_WIDEST_LINE * min(coarse.shape) / 2))
    papers = []
    for values, ordinary in ((coarse, usual), (1 / coarse, 1 / usual)):
        paper = close_dark(values, radius)
        ink = np.minimum(1 - values / paper, 1 - values / ordinary)
        papers.append((float(np.square(np.maximum(ink - _FAINTEST, 0)).sum()), paper))
    is_dark = papers[0][0] >= papers[1][0]
    paper = papers[0][1] if is_dark else papers[1][1]
    paper = smooth(paper)
    # Blocks at the right and lower edge may be cut; the rest must not be stretched for them.
    box = (0.0, 0.0, width / factor, height / factor)
    large = np.asarray(
        Image.fromarray(paper).resize((width, height), Image.Resampling.BILINEAR, box=box)
    )
    values = smooth(light if is_dark else 1 / light)
    contrast: NDArray[np.float32] = 1 - values / large
    return contrast


def _usual(coarse: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the local medians, (height, width): the paper's grey but near the edges of shadows."""
    height, width = coarse.shape
    side = max(1, min(coarse.shape) // _BLOCKS)
    rows, columns = height // side, width // side
    blocks = coarse[: rows * side, : columns * side].reshape(rows, side, columns, side)
    medians = np.median(blocks, axis=(1, 3))
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(medians, 2, mode="edge"), (5, 5))
    smoothed = np.median(windows, axis=(2, 3)).astype(np.float32)
    return np.asarray(Image.fromarray(smoothed).resize((width, height), Image.Resampling.BILINEAR))
