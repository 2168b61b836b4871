"""Ink that is no digit: dots, dashes, scribbles and shapes, and two digits at once.

A recogniser that has only ever seen digits answers everything with one. Letters, which real people
wrote, come from recordings; what is made here is what else a pen does on a board.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from digitnet.ink import Drawing
from digitnet.training.synthetic.shapes import Kind, Paths


def make_negatives(
    count: int, kinds: Mapping[str, Kind], rng: np.random.Generator
) -> list[tuple[str, Paths]]:
    """Make so many, each of a kind that chance chooses; gives (kind, paths)."""
    names = sorted(kinds)
    chosen = rng.integers(0, len(names), count)
    return [(names[index], kinds[names[index]](rng)) for index in chosen]


def two_at_once(drawings: Sequence[Drawing], count: int, rng: np.random.Generator) -> list[Paths]:
    """Put random pairs of digits side by side, as they stand in a number.

    Args:
        drawings: single digits, at least one.
        count: how many pairs.
        rng: chooses digits, sizes and gaps.
    """
    pairs = []
    for first, second in rng.integers(0, len(drawings), (count, 2)):
        left = _of_height_two(drawings[first])
        right = _of_height_two(drawings[second])
        gap = rng.uniform(0.05, 0.9)
        drop = rng.normal(0, 0.12)
        edge = max(float(path[:, 0].max()) for path in left)
        start = min(float(path[:, 0].min()) for path in right)
        pairs.append([*left, *(path + np.array([edge + gap - start, drop]) for path in right)])
    return pairs


def _of_height_two(drawing: Drawing) -> Paths:
    paths = [stroke.xy for stroke in drawing.strokes]
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    return [(path - (low + high) / 2) * (2 / max(float(high[1] - low[1]), 1e-9)) for path in paths]
