"""Extracts the ink from a photo of paper or a blackboard, despite uneven light, shadows and noise.

Light multiplies what the paper reflects, so ink is a ratio: how much darker a pixel is than the
paper would be there. The paper is what remains when everything dark and narrow is filled, which
keeps the edges of shadows in place. Ink must stand out from the noise, and each spot of it must
somewhere be about as dark as most of the ink (a threshold with hysteresis; Canny: "A computational
approach to edge detection", 1986, section VI).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from digitnet.preprocessing.components import label_components
from digitnet.preprocessing.filters import closing, maximum_filter, minimum_filter, smooth
from digitnet.preprocessing.grey_image import GreyImage, fit_plane, to_float
from digitnet.preprocessing.ruling import erase_ruling, find_ruling

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_PHOTO = 100
"""Images whose shorter side is less, in pixels, are cut-out digits rather than photos of a page."""

# The paper is estimated at a scale where the longer side has about this many pixels.
_COARSE = 320

# Anything narrower than this share of the shorter side can be a line of ink; the narrowest windows
# come first, as wide ones also find the corners of shadows.
_LINE_WIDTHS = (1 / 40, 1 / 16, 1 / 6)
_WIDEST = len(_LINE_WIDTHS) - 1

# An edge is a difference, within this many pixels, of this share of the ink's contrast; ink has one
# along this share of its outline.
_EDGE_REACH = 3
_SHARP = 0.6
_OUTLINED = 0.8

# With fewer pixels than this, there is no ink.
_MIN_PIXELS = 20

# Number of blocks along the shorter side whose medians give the paper's typical grey level.
_BLOCKS = 12

# Lower bound of grey levels, so that ratios of dark ones are not just noise.
_DARKEST = 0.03

# Added to the grey levels of a blackboard, whose noise would be large next to black.
_GLOW = 0.12

# If the light on this share of the paper is a plane, it has no shadows.
_EVEN = 0.5

# There are lines wider than any window if so many times as much ink is found without one.
_MORE_INK = 1.25

# Ink differs from paper by at least this, and by this many times the noise.
_MIN_CONTRAST = 0.06
_NOISE = 4.0

# If most of what exceeds the threshold does not exceed it by this factor, it is noise.
_CLEAR = 1.5

# Where ink begins, as a share of how strong most of it is.
_EDGE = 0.4
_FAINT_EDGE = 0.15

# Anything darker than this share of how strong most ink is needs no edge near it.
_DARK = 0.65

# Paper is a single grey level in images made by programs: at least this share of it is the same, to
# within one of 255 levels.
_SAME_GREY = 0.75


def has_single_grey(grey: GreyImage) -> bool:
    """Whether the paper is a single grey level, without uneven light or noise."""
    sample = grey.subsample(max(1, int(math.sqrt(grey.pixels.size) / 200)))
    distance = np.abs(sample.levels - grey.border_median)
    near, same = (sample.histogram[distance < most].sum() for most in (0.1, 0.5 / 255))
    return bool(same >= _SAME_GREY * near)


def is_photo(grey: GreyImage) -> bool:
    """Whether light, noise or lines keep the paper of a large image from being a single grey."""
    pixels, paper = grey.pixels, grey.border_median
    if min(pixels.shape) < SMALLEST_PHOTO:
        return False
    if not has_single_grey(grey):
        return True
    # Lines that reach both sides belong to the paper, even if it is a single grey level.
    sides = (pixels[0], pixels[-1]), (pixels[:, 0], pixels[:, -1])
    return any(
        all(_count_spots(np.abs(to_float(line) - paper)) >= 3 for line in pair) for pair in sides
    )


def _count_spots(distance: NDArray[np.float32]) -> int:
    is_other = distance > 0.04
    return int(np.count_nonzero(is_other[1:] & ~is_other[:-1]) + is_other[0])


def ink_on_paper(
    grey: NDArray[np.float32],
    is_form: Callable[[NDArray[np.float32]], bool] = lambda _: False,
) -> NDArray[np.float32]:
    """Extract the ink of a photo.

    Args:
        grey: float32 (height, width), 0 to 1, at least `SMALLEST_PHOTO` on each side.
        is_form: whether a mask as returned, but with everything that is darker than the paper,
            shows boxes, whose lines must not be taken for those of ruled paper.

    Returns:
        float32 (height, width), 0 for paper to 1 for ink; all 0 for a photo without ink.
    """
    contrasts, noises, edges = _contrasts(grey)
    # A wide window sees all of the boxes' lines and of the ink between them.
    if is_form(form := _outlined(contrasts[_WIDEST], edges, _threshold(noises[_WIDEST]))):
        return form
    # The narrowest window, as it lets the least of the shadows through.
    ruling = find_ruling(contrasts[0], noises[0])
    masks = []
    for contrast, noise in zip(contrasts, noises, strict=True):
        erase_ruling(contrast, ruling, noise)
        masks.append(_outlined(contrast, edges, _threshold(noise)))
    # Windows that are too narrow see only parts of thick lines, and those that are too wide include
    # the corners of shadows; the one that finds the most ink is right.
    windows = sorted(masks[: _WIDEST + 1], key=lambda mask: -float(mask.sum()))
    without = masks[_WIDEST + 1 :]
    if without and without[0].sum() > _MORE_INK * windows[0].sum():
        windows.insert(0, without[0])
    return _add_whole(windows)


def ink_with_lines(grey: NDArray[np.float32], *, faint: bool = False) -> NDArray[np.float32]:
    """Extract all that is darker than the paper, with the lines of forms and of ruled paper.

    Args:
        grey: as for `ink_on_paper`.
        faint: also what is much less dark than most of the ink.

    Returns:
        as `ink_on_paper`.
    """
    contrasts, noises, edges = _contrasts(grey)
    threshold = _threshold(noises[_WIDEST])
    return _outlined(contrasts[_WIDEST], edges, threshold, _FAINT_EDGE if faint else _EDGE)


def _contrasts(
    grey: NDArray[np.float32],
) -> tuple[list[NDArray[np.float32]], list[float], NDArray[np.float32]]:
    """Return how much darker than the paper pixels are, and its noise, by window; and edges."""
    values, papers = _papers(np.maximum(grey, np.float32(_DARKEST)))
    edges = 1 - minimum_filter(values, _EDGE_REACH) / maximum_filter(values, _EDGE_REACH)
    contrasts = [1 - values / paper for paper in papers]
    noises = []
    for contrast in contrasts:
        sample = contrast[::3, ::3]
        contrast -= np.median(sample)
        noises.append(float(1.4826 * np.median(np.abs(sample - np.median(sample)))))
    return contrasts, noises, edges


def _threshold(noise: float) -> float:
    return max(_MIN_CONTRAST, _NOISE * noise)


def _outlined(
    contrast: NDArray[np.float32],
    edges: NDArray[np.float32],
    threshold: float,
    edge: float = _EDGE,
) -> NDArray[np.float32]:
    """Return as ink, 0 to 1, what is darker than paper and has an edge all around.

    What a window finds in the corner of a shadow ends where the window ends, without an edge.
    """
    is_sharp = edges > _SHARP * maximum_filter(contrast, _EDGE_REACH)
    dark = contrast[(contrast > threshold) & is_sharp]
    if len(dark) < _MIN_PIXELS:
        return np.zeros_like(contrast)
    strength = float(np.quantile(dark, 0.75))
    if strength < _CLEAR * threshold:
        return np.zeros_like(contrast)
    low = max(threshold, edge * strength)
    # A shadow that is as dark as faint ink is far from any edge.
    is_ink = (contrast > low) & (is_sharp | (contrast > _DARK * strength))
    labels, count = label_components(is_ink)
    inner = np.zeros_like(is_ink)
    inner[1:-1, 1:-1] = is_ink[:-2, 1:-1] & is_ink[2:, 1:-1] & is_ink[1:-1, :-2] & is_ink[1:-1, 2:]
    outline = is_ink & ~inner
    perimeter = np.bincount(labels[outline], minlength=count + 1)
    sharp = np.bincount(labels[outline & is_sharp], minlength=count + 1)
    is_kept = sharp >= _OUTLINED * np.maximum(perimeter, 1)
    is_kept[0] = False
    soft = np.clip((contrast - 0.6 * low) / (0.9 * strength - 0.6 * low), 0, 1)
    mask: NDArray[np.float32] = np.where(is_kept[labels], soft, np.float32(0))
    return mask


def _add_whole(masks: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Add to the first mask the components of the others that do not touch it."""
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
    """Estimate the paper with windows of increasing size.

    Args:
        light: float32 (height, width), above 0.

    Returns:
        the image, slightly smoothed and inverted if its ink is light; and for each window the same
        without anything dark that is narrower than the window, all float32 (height, width).
    """
    height, width = light.shape
    factor = max(1, round(max(light.shape) / _COARSE))
    coarse = np.asarray(Image.fromarray(light).reduce(factor))
    radii = [max(2, round(share * min(coarse.shape) / 2)) for share in _LINE_WIDTHS]
    plane = fit_plane(coarse)
    is_even = bool(np.mean(np.abs(coarse - plane) < _MIN_CONTRAST * (plane + _GLOW)) > _EVEN)
    if _is_light_ink(coarse, plane if is_even else None, radii[1]):
        light, coarse, plane = (np.reciprocal(grey + _GLOW) for grey in (light, coarse, plane))
    # Blocks at the right and bottom edges may be incomplete; the others must not be stretched.
    box = (0.0, 0.0, width / factor, height / factor)
    papers = [smooth(closing(coarse, radius)) for radius in radii]
    if is_even:
        papers.append(plane)  # lines wider than any window are ink then
    size = (width, height)
    return smooth(light), [
        np.asarray(Image.fromarray(paper).resize(size, Image.Resampling.BILINEAR, box=box))
        for paper in papers
    ]


def _is_light_ink(
    coarse: NDArray[np.float32], plane: NDArray[np.float32] | None, radius: int
) -> bool:
    """Whether more is lighter than the paper than is darker: chalk on a blackboard.

    Args:
        coarse: float32 (height, width), 0 for black to 1.
        plane: the paper's light if it is a plane.
        radius: of the window of typical lines, otherwise.
    """
    typical = _local_medians(coarse) if plane is None else plane
    strengths = []
    for values, paper in (
        (coarse, typical),
        (np.reciprocal(coarse + _GLOW), np.reciprocal(typical + _GLOW)),
    ):
        ink = 1 - values / paper
        if plane is None:
            ink = np.minimum(ink, 1 - values / closing(values, radius))
        strengths.append(float(np.square(np.maximum(ink - _MIN_CONTRAST, 0)).sum()))
    dark, bright = strengths
    return bright > dark


def _local_medians(coarse: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return local medians, (height, width): the paper's grey level, except near shadow edges."""
    height, width = coarse.shape
    side = max(1, min(coarse.shape) // _BLOCKS)
    rows, columns = height // side, width // side
    blocks = coarse[: rows * side, : columns * side].reshape(rows, side, columns, side)
    medians = np.median(blocks, axis=(1, 3))
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(medians, 2, mode="edge"), (5, 5))
    smoothed = np.median(windows, axis=(2, 3)).astype(np.float32)
    return np.asarray(Image.fromarray(smoothed).resize((width, height), Image.Resampling.BILINEAR))
