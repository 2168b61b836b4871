"""One digit to one 28x28 image, framed as in MNIST.

The ink is scaled so that its longer side is 20 pixels, and moved by whole pixels until its centre
of mass is in the middle (LeCun, Bottou, Bengio, Haffner: "Gradient-based learning applied to
document recognition", 1998, section III.A). Strokes are scaled as points and drawn afterwards, so
lines are as wide as MNIST's whatever the pen and however large the digit was drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from digitnet.preprocessing.raster import render

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 28
"""The image's width and height in pixels."""

BOX = 20
"""The longer side of the ink within it, in pixels."""

RADIUS = 1.25
"""Half the width, in pixels, of the line that strokes are drawn with."""

SOFTNESS = 1.2
"""Width, in pixels, over which that line's edge fades."""

FAINT = 0.1
"""Anything fainter in a mask is the soft edge of a line or camera noise, not ink."""

# Thin lines of images are widened to this many pixels, or they would fade when scaled down. It is
# less than for strokes, as many of MNIST's lines are thinner than those.
_THIN = 2.0

# Ink with a longer side of up to this many pixels is left as it is: there, a pixel is a wide line.
_FEW_PIXELS = 2 * BOX

# Lines are widened at this many times the resolution of the result.
_FINE = 4

DOT = 0.25
"""Strokes whose extent is less than this share of the pen's diameter are a dot: their shape cannot
be seen, and a hand that shakes by a pixel does not mean a one."""

# The centre of mass of symmetrical ink is halfway between two pixels, where the rounding of grey
# levels would decide. Instead, everything within this many pixels of halfway goes the same way.
_TIE = 1e-2

_PIXEL_CENTRES = np.arange(SIDE) + 0.5


def frame_strokes(
    paths: Sequence[NDArray[np.floating]],
    *,
    pen: float = 0.0,
    smallest: float = 0.0,
    radius: float = RADIUS,
    softness: float = SOFTNESS,
) -> NDArray[np.uint8]:
    """Draw one digit's strokes the way the network sees them.

    Args:
        paths: each float (n, 2), n >= 1, x and y in any unit.
        pen: the pen's diameter in the same unit; only used to tell a dot from a small digit.
        smallest: minimum longer side, in the same unit, of ink that fills the box; smaller ink
            stays small, like a comma next to a digit.
        radius: half the width of the line, in pixels of the result.
        softness: width over which its edge fades, in pixels of the result.

    Returns:
        uint8 (28, 28), 255 for ink; all 0 if there are no paths.
    """
    if not paths:
        return np.zeros((SIDE, SIDE), np.uint8)
    points = np.concatenate(paths)
    lows, highs = points.min(axis=0), points.max(axis=0)
    # How far a line reaches beyond its points before it is too faint to touch the next pixel.
    margin = radius + (softness - 1) / 2
    extent = max(float((highs - lows).max()), DOT * pen, smallest)
    corner = (SIDE - BOX) / 2 + margin
    # Divide first: a scale factor would be infinite for the smallest extents that floats can hold.
    scaled = [(path - lows) / (extent or 1.0) * (BOX - 2 * margin) + corner for path in paths]
    ink = render(scaled, (SIDE, SIDE), radius=radius, softness=softness)
    return _centre(_to_bytes(ink))


def frame_mask(mask: NDArray[np.floating], *, smallest: float = 0.0) -> NDArray[np.uint8]:
    """Frame the ink of an image, with lines about as wide as those of strokes at least.

    Args:
        mask: float (height, width), 0 for paper to 1 for ink, of any size.
        smallest: as for strokes, in the mask's pixels.

    Returns:
        uint8 (28, 28), 255 for ink; all 0 if the mask holds no ink.
    """
    box = ink_box(mask)
    if box is None:
        return np.zeros((SIDE, SIDE), np.uint8)
    left, top, width, height = box
    ink = np.ascontiguousarray(mask[top : top + height, left : left + width], np.float32)
    longest = max(width, height, smallest)
    if longest > _FEW_PIXELS:
        ink, longest = _widen(ink, longest)
        height, width = ink.shape
    # An image that has MNIST's size to the pixel would only be blurred by scaling it again.
    if abs(longest - BOX) > 1:
        from PIL import Image  # not needed to read drawings

        size = [max(1, round(side * BOX / longest)) for side in (width, height)]
        filter_ = Image.Resampling.BOX if longest > BOX else Image.Resampling.BILINEAR
        ink = np.asarray(Image.fromarray(ink).resize((size[0], size[1]), filter_))
        # Thin lines fade when scaled down, and pencils are grey; most of MNIST's lines are black.
        ink = ink / max(_blackness(ink), 1e-6)
    rows, columns = ink.shape
    image = np.zeros((SIDE, SIDE))
    row, column = (SIDE - rows) // 2, (SIDE - columns) // 2
    image[row : row + rows, column : column + columns] = ink
    np.clip(image, 0.0, 1.0, out=image)
    return _centre(_to_bytes(image))


def _blackness(ink: NDArray[np.float32]) -> float:
    """Return how strong the ink is in the middle of its lines."""
    inner = ink[ink > 0.4 * ink.max()]
    middle = len(inner) * 4 // 5
    return float(np.partition(inner, middle)[middle]) if len(inner) else 0.0


def _widen(ink: NDArray[np.float32], longest: float) -> tuple[NDArray[np.float32], float]:
    """Make thin lines wide enough to stay dark when they are scaled down.

    Args:
        ink: float32 (height, width).
        longest: the side that will fill the box, in pixels.

    Returns:
        the ink, possibly scaled down and with a margin; and `longest` in its pixels.
    """
    factor = int(longest / (_FINE * BOX))
    if factor > 1:
        from PIL import Image

        ink = np.asarray(Image.fromarray(ink).reduce(factor))
        longest /= factor
    height, width = ink.shape
    padded = np.zeros((height + 2, width + 2), np.float32)
    padded[1:-1, 1:-1] = ink
    down, right = padded[1:, 1:] - padded[:-1, 1:], padded[1:, 1:] - padded[1:, :-1]
    # A line's two edges are each as long as it is, so its width is its area over half its outline.
    line_width = 2 * float(ink.sum()) / max(float(np.sqrt(down * down + right * right).sum()), 1e-6)
    margin = round((_THIN * longest / BOX - line_width) / 2)
    if margin < 1:
        return ink, longest
    # The maximum over a square window, first along columns, then along rows.
    window = range(2 * margin + 1)
    rows = np.zeros((height + 2 * margin, width), np.float32)
    for shift in window:
        np.maximum(rows[shift : shift + height], ink, out=rows[shift : shift + height])
    widened = np.zeros((height + 2 * margin, width + 2 * margin), np.float32)
    for shift in window:
        np.maximum(widened[:, shift : shift + width], rows, out=widened[:, shift : shift + width])
    return widened, longest + 2 * margin


def ink_box(mask: NDArray[np.floating]) -> tuple[int, int, int, int] | None:
    """Return (left, top, width, height) of the ink in pixels; None if there is none."""
    return box_of(mask > FAINT)


def box_of(ink: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """Return (left, top, width, height) of the True pixels; None if there are none."""
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if not len(columns):
        return None
    left, top = int(columns[0]), int(rows[0])
    return left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top


def _to_bytes(ink: NDArray[np.floating]) -> NDArray[np.uint8]:
    grey: NDArray[np.uint8] = np.rint(ink * 255).astype(np.uint8)
    return grey


def _centre(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Move the ink by whole pixels until its centre of mass is within half a pixel of the middle.

    Lopsided ink, which would leave the image on one side, is moved only as far as it stays inside:
    losing ink is worse than being off-centre.
    """
    down, right = (_shift(image.sum(axis=axis, dtype=np.float64)) for axis in (1, 0))
    moved = np.zeros_like(image)
    moved[_target(down), _target(right)] = image[_target(-down), _target(-right)]
    return moved


def _shift(profile: NDArray[np.float64]) -> int:
    """Return by how many pixels to move the ink along an axis.

    Args:
        profile: amount of ink at each of the axis's 28 pixels.
    """
    filled = profile.nonzero()[0]
    if not len(filled):
        return 0
    centre = float(profile @ _PIXEL_CENTRES) / float(profile.sum())
    shift = math.floor(SIDE / 2 - centre + 0.5 + _TIE)
    return min(max(shift, -int(filled[0])), SIDE - 1 - int(filled[-1]))


def _target(shift: int) -> slice:
    """Return where the pixels that stay inside the image end up."""
    return slice(max(shift, 0), SIDE + min(shift, 0))
