"""Augmentation of images: MNIST's, which have no strokes. It works on whole batches."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

ROTATION = 9 * math.pi / 180
"""Largest rotation, in radians."""

SHEAR = 0.18
"""Largest shear, in pixels sideways per pixel down."""

STRETCH = 0.1
"""Largest change of width and, independently, of height, as a logarithm of the factor."""

SHIFT = 1.0
"""Largest shift in each direction, in pixels."""

ELASTIC = 0.7
"""Standard deviation of the elastic displacement field, in pixels (Simard, Steinkraus, Platt: "Best
practices for convolutional neural networks applied to visual document analysis", 2003)."""

_SIDE = 28
_COARSE = 5  # the elastic field is drawn at 5x5 points and interpolated


def augment(images: Tensor, generator: torch.Generator) -> Tensor:
    """Rotate, shear, stretch, shift and warp each image differently.

    Args:
        images: uint8 (n, 28, 28).
        generator: Source of all randomness.

    Returns:
        float (n, 28, 28), 0 to 1.
    """
    count = len(images)
    if not count:  # affine_grid does not accept an empty batch
        return images.float()
    pictures = images.float().div_(255)[:, None]
    grid = _affine_grid(count, generator) + _elastic_field(count, generator)
    warped = functional.grid_sample(pictures, grid, align_corners=False)[:, 0]
    # Interpolation makes thin lines paler, and pens differ anyway.
    gain = 1 + 0.35 * torch.rand(count, 1, 1, generator=generator)
    return (warped * gain).clamp_(0, 1)


def _uniform(count: int, limit: float, generator: torch.Generator) -> Tensor:
    return (torch.rand(count, generator=generator) * 2 - 1) * limit


def _affine_grid(count: int, generator: torch.Generator) -> Tensor:
    angle = _uniform(count, ROTATION, generator)
    shear = _uniform(count, SHEAR, generator)
    wide = torch.exp(_uniform(count, STRETCH, generator))
    high = torch.exp(_uniform(count, STRETCH, generator))
    shift_x = _uniform(count, 2 * SHIFT / _SIDE, generator)
    shift_y = _uniform(count, 2 * SHIFT / _SIDE, generator)
    cos, sin = torch.cos(angle), torch.sin(angle)
    matrix = torch.stack(
        [
            torch.stack([cos * wide, (shear * cos - sin) * wide, shift_x], dim=1),
            torch.stack([sin * high, (shear * sin + cos) * high, shift_y], dim=1),
        ],
        dim=1,
    )
    return functional.affine_grid(matrix, [count, 1, _SIDE, _SIDE], align_corners=False)


def _elastic_field(count: int, generator: torch.Generator) -> Tensor:
    coarse = torch.randn(count, 2, _COARSE, _COARSE, generator=generator)
    field = functional.interpolate(coarse, size=_SIDE, mode="bicubic", align_corners=True)
    return field.permute(0, 2, 3, 1) * (2 * ELASTIC / _SIDE)
