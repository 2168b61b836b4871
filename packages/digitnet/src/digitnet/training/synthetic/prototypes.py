"""Plain digits, made of a few points each, for use without recorded ink.

They do not replace handwriting. But a trained network's answers to them, and to what lies between
and around them, show what it knows, so another network can be trained to give the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from digitnet.training.synthetic.shapes import Paths, spline

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FORMS: Mapping[int, Sequence[str]] = {
    0: ["~ 0,-10 -6,-5 -7,3 0,10 7,3 6,-5 0,-10", "~ 2,-10 -6,-2 -3,9 5,6 5,-6 1,-10"],
    1: ["0,-10 0,10", "-4,-5 0,-10 0,10", "-3,-6 0,-10 0,10 | -5,10 5,10"],
    2: [
        "~ -6,-5 -2,-10 5,-8 4,-1 -2,5 -7,10 | -7,10 7,10",
        "~ -6,-6 0,-10 6,-6 2,1 -5,9 -6,6 -1,7 7,10",
    ],
    3: [
        "~ -6,-8 0,-10 5,-6 3,-2 -1,-1 | ~ -1,-1 4,1 6,5 1,10 -6,8",
        "-6,-10 5,-10 -1,-2 | ~ -1,-2 5,1 6,6 0,10 -6,8",
    ],
    4: [
        "-1,-10 -7,3 7,3 | 3,-4 3,10",
        "-6,-10 -6,0 6,0 | 5,-10 5,10",
        "3,10 3,-10 -7,3 7,3",
    ],
    5: ["5,-10 -5,-10 -5,-1 | ~ -5,-1 1,-3 6,3 2,10 -6,8"],
    6: ["~ 4,-10 -3,-4 -6,4 -1,10 5,6 2,1 -5,5"],
    7: ["-6,-10 6,-10 -1,10", "-6,-10 6,-10 -1,10 | -3,0 5,0"],
    8: [
        "~ 5,-7 0,-10 -5,-7 0,-1 5,5 0,10 -5,5 0,-1 5,-6",
        "~ 0,-10 -5,-6 0,-1 5,-6 0,-10 | ~ 0,-1 -6,5 0,10 6,5 0,-1",
    ],
    9: [
        "~ 5,-6 0,-10 -5,-6 -1,-2 5,-5 | 5,-7 5,3 2,10",
        "~ 5,-6 0,-10 -5,-6 -1,-2 5,-5 | ~ 5,-6 5,3 2,10 -5,8",
    ],
}
"""The strokes of each form, separated by "|": points x,y in tenths, y down; "~" for a curve."""


def make_digit(digit: int, rng: np.random.Generator) -> Paths:
    """Make a plain digit, from neat to so shaky that it is hardly legible.

    Returns:
        Paths, each float (n, 2), in a box of about two units.
    """
    form = _FORMS[digit][int(rng.integers(len(_FORMS[digit])))]
    shake = rng.uniform(0.03, 0.3)
    paths = []
    for stroke in form.split("|"):
        points = [pair.split(",") for pair in stroke.strip("~ ").split()]
        path = np.array(points, np.float64) / 10 + rng.normal(0, shake, (len(points), 2))
        paths.append(spline(path) if "~" in stroke else path)
    return paths


def make_fragments(rng: np.random.Generator) -> Paths:
    """Combine pieces of digits, rotated and mirrored; many results look like letters.

    Returns:
        Paths, as from `make_digit`.
    """
    return [_piece(rng) for _ in range(rng.integers(1, 4))]


def _piece(rng: np.random.Generator) -> NDArray[np.float64]:
    path = np.concatenate(make_digit(int(rng.integers(10)), rng))
    first, last = sorted(rng.integers(0, len(path), 2))
    angle = rng.uniform(0, 2 * np.pi)
    cos, sin = np.cos(angle), np.sin(angle)
    rotation = np.array([[cos, -sin], [sin, cos]]) * rng.choice([-1, 1], 2)
    piece: NDArray[np.float64] = path[first : last + 2] @ rotation + rng.normal(0, 0.4, 2)
    return piece
