"""Ink that is not a digit: dots, dashes, scribbles, other shapes, and pairs of digits.

A recogniser trained on digits alone takes everything for one. Letters come from recordings of real
people; this makes the other things that people draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from digitnet.ink import Drawing
from digitnet.training.synthetic.shapes import Kind, Paths


def make_negatives(
    count: int, kinds: Mapping[str, Kind], rng: np.random.Generator
) -> list[tuple[str, Paths]]:
    """Make shapes of random kinds.

    Args:
        count: Number of shapes.
        kinds: Functions that make a shape of a kind, by name.
        rng: Source of all randomness.

    Returns:
        (kind, paths) of each shape.
    """
    names = sorted(kinds)
    chosen = rng.integers(0, len(names), count)
    return [(names[index], kinds[names[index]](rng)) for index in chosen]


def make_pairs(drawings: Sequence[Drawing], count: int, rng: np.random.Generator) -> list[Paths]:
    """Put random pairs of digits side by side, as in a number.

    Args:
        drawings: Single digits, at least one.
        count: Number of pairs.
        rng: Decides the digits, their offset and the gaps between them.
    """
    pairs = []
    for first, second in rng.integers(0, len(drawings), (count, 2)):
        left = _scale_to_height_two(drawings[first])
        right = _scale_to_height_two(drawings[second])
        gap = rng.uniform(0.05, 0.9)
        drop = rng.normal(0, 0.12)
        edge = max(float(path[:, 0].max()) for path in left)
        start = min(float(path[:, 0].min()) for path in right)
        pairs.append([*left, *(path + np.array([edge + gap - start, drop]) for path in right)])
    return pairs


def _scale_to_height_two(drawing: Drawing) -> Paths:
    paths = [stroke.xy for stroke in drawing.strokes]
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    return [(path - (low + high) / 2) * (2 / max(float(high[1] - low[1]), 1e-9)) for path in paths]
