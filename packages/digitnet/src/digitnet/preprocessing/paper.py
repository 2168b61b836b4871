"""The ink on a photo of paper, or of a blackboard: uneven light, shadows and noise taken away.

Light multiplies what the paper reflects, so ink is a ratio: how much darker a pixel is than the
paper would be there. The paper is what is left when all that is dark and narrow is filled, which
keeps the edges of shadows where they are. What is to be ink must stand out from the noise, and
each spot of it must be about as dark as most of the ink somewhere (a threshold with hysteresis;
Canny: "A computational approach to edge detection", 1986, section VI).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from digitnet.preprocessing.components import label_components
from digitnet.preprocessing.filters import close_dark, highest, lowest, smooth
from digitnet.preprocessing.greys import Greys, as_floats
from digitnet.preprocessing.ruling import erase_ruling, find_ruling

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_PHOTO = 100
"""Pictures whose shorter side is less, in pixels, are digits cut out, and not photos of paper."""

# The paper is looked for in a picture whose longer side has about so many pixels.
_COARSE = 320

# What is narrower than this, over the shorter side, can be a line of ink; thin ones first, as wide
# windows find the corners of shadows, too.
_WIDEST_LINES = (1 / 40, 1 / 16, 1 / 6)

# An edge is a difference within so many pixels, of so much of the ink's contrast; and there is one
# along this share of a spot's outline.
_EDGE_REACH = 3
_SHARP = 0.6
_OUTLINED = 0.8

# With fewer pixels than this there is no ink.
_FEWEST_PIXELS = 20

# Blocks along the shorter side, in whose medians the paper's usual grey is found.
_BLOCKS = 12

# Greys are kept this far from 0, so that a ratio of dark ones is not noise alone.
_DARKEST = 0.03

# Ink differs from paper at least by this, and by so many times the noise.
_FAINTEST = 0.06
_NOISE = 4.0

# Where most of what stands out does not do so by this much more, it is the strongest of the noise.
_CLEAR = 1.5

# Where ink begins, over how strong most of it is.
_EDGE = 0.4

# What is at least as dark as this, over how strong most of the ink is, needs no edge close to it.
_DARK = 0.65

# Paper is one grey in pictures that programs make: this share of it is the same to the
# last of 255.
_SAME_GREY = 0.75


def is_photo(greys: Greys) -> bool:
    """Say whether the paper is not one grey, as light, noise and lines make it."""
    pixels, paper = greys.pixels, greys.usual_border
    if min(pixels.shape) < SMALLEST_PHOTO:
        return False
    sample = greys.every(max(1, int(math.sqrt(pixels.size) / 200)))
    distance = np.abs(sample.shades - paper)
    near, same = (sample.counts[distance < most].sum() for most in (0.1, 0.5 / 255))
    if same < _SAME_GREY * near:
        return True
    # Lines that reach both sides are the paper's, even where its grey is one.
    sides = (pixels[0], pixels[-1]), (pixels[:, 0], pixels[:, -1])
    return any(all(_spots(np.abs(as_floats(line) - paper)) >= 3 for line in pair) for pair in sides)


def _spots(distance: NDArray[np.float32]) -> int:
    is_other = distance > 0.04
    return int(np.count_nonzero(is_other[1:] & ~is_other[:-1]) + is_other[0])


def ink_on_paper(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Find the ink of a photo.

    Args:
        grey: float32 (height, width), 0 to 1, at least `SMALLEST_PHOTO` on each side.

    Returns:
        float32 (height, width), 0 for paper to 1 for ink; all 0 for a photo without ink.
    """
    values, papers = _papers(np.maximum(grey, np.float32(_DARKEST)))
    edges = 1 - lowest(values, _EDGE_REACH) / highest(values, _EDGE_REACH)
    contrasts = [1 - values / paper for paper in papers]
    noises = []
    for contrast in contrasts:
        sample = contrast[::3, ::3]
        contrast -= np.median(sample)
        noises.append(float(1.4826 * np.median(np.abs(sample - np.median(sample)))))
    # The thinner the lines that are looked for, the less of the shadows is among them.
    ruling = find_ruling(contrasts[0], noises[0])
    masks = []
    for contrast, noise in zip(contrasts, noises, strict=True):
        erase_ruling(contrast, ruling, noise)
        masks.append(_outlined(contrast, edges, max(_FAINTEST, _NOISE * noise)))
    # Windows that are too narrow see only parts of thick lines, and those that are too wide take
    # the corners of shadows along; the one that finds most has it right.
    masks.sort(key=lambda mask: -float(mask.sum()))
    return _add_whole(masks)


def _outlined(
    contrast: NDArray[np.float32], edges: NDArray[np.float32], faintest: float
) -> NDArray[np.float32]:
    """Give as ink, 0 to 1, what is darker than paper and has an edge all around.

    What a window finds in the corner of a shadow ends where the window ends, with no edge there.
    """
    is_sharp = edges > _SHARP * highest(contrast, _EDGE_REACH)
    dark = contrast[(contrast > faintest) & is_sharp]
    if len(dark) < _FEWEST_PIXELS:
        return np.zeros_like(contrast)
    strength = float(np.quantile(dark, 0.75))
    if strength < _CLEAR * faintest:
        return np.zeros_like(contrast)
    low = max(faintest, _EDGE * strength)
    # A shadow that is as dark as faint ink lies far from any edge.
    is_ink = (contrast > low) & (is_sharp | (contrast > _DARK * strength))
    labels, count = label_components(is_ink)
    inner = np.zeros_like(is_ink)
    inner[1:-1, 1:-1] = is_ink[:-2, 1:-1] & is_ink[2:, 1:-1] & is_ink[1:-1, :-2] & is_ink[1:-1, 2:]
    outline = is_ink & ~inner
    around = np.bincount(labels[outline], minlength=count + 1)
    sharp = np.bincount(labels[outline & is_sharp], minlength=count + 1)
    is_kept = sharp >= _OUTLINED * np.maximum(around, 1)
    is_kept[0] = False
    soft = np.clip((contrast - 0.6 * low) / (0.9 * strength - 0.6 * low), 0, 1)
    mask: NDArray[np.float32] = np.where(is_kept[labels], soft, np.float32(0))
    return mask


def _add_whole(masks: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Add to the first of some masks the spots of the others that touch nothing of it."""
    mask = masks[0]
    for other in masks[1:]:
        labels, count = label_components(other > 0)
        is_new = np.ones(count + 1, np.bool_)
        is_new[labels[mask > 0]] = False
        is_new[0] = False
        mask = np.where(is_new[labels], other, mask)
    return mask


def _papers(
    light: NDArray[np.float32],
) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
    """Find the paper, with windows of rising size.

    Args:
        light: float32 (height, width), over 0.

    Returns:
        the picture, slightly smoothed and with light ink made dark; and for each window the same
        without what is dark and narrower than the window, all float32 (height, width).
    """
    height, width = light.shape
    factor = max(1, round(max(light.shape) / _COARSE))
    coarse = np.asarray(Image.fromarray(light).reduce(factor))
    usual = _usual(coarse)
    radii = [max(2, round(share * min(coarse.shape) / 2)) for share in _WIDEST_LINES]
    ink = [
        np.minimum(1 - values / close_dark(values, radii[1]), 1 - values / ordinary)
        for values, ordinary in ((coarse, usual), (np.reciprocal(coarse), np.reciprocal(usual)))
    ]
    dark, bright = (float(np.square(np.maximum(i - _FAINTEST, 0)).sum()) for i in ink)
    if bright > dark:
        light, coarse = np.reciprocal(light), np.reciprocal(coarse)
    # Blocks at the right and lower edge may be cut; the rest must not be stretched for them.
    box = (0.0, 0.0, width / factor, height / factor)
    papers = [
        Image.fromarray(smooth(close_dark(coarse, radius))).resize(
            (width, height), Image.Resampling.BILINEAR, box=box
        )
        for radius in radii
    ]
    return smooth(light), [np.asarray(paper) for paper in papers]


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
