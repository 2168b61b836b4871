"""Difficulties of photos of paper: ranges of light, texture, lines, blur, noise and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Range: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Difficulty:
    """How hard a photo is to read; values are drawn uniformly from the ranges.

    Attributes:
        paper: Grey level of the paper, 0 for black to 1.
        contrast: How much darker the ink is, over the paper's grey; if negative, how much lighter.
        gradient: Loss of light from the brightest side to the darkest.
        shadow: Loss of light in a shadow with an edge.
        texture: Amplitude of the paper's fibres and stains, over its grey.
        lines: "", "ruled" or "squared"; or several, separated by spaces, to choose from.
        line_contrast: How much darker the lines are, over the paper's grey.
        turn: Largest rotation to either side, in degrees.
        perspective: Largest shift of each corner, over the photo's sides.
        blur: Radius of the lens blur, in thousandths of the shorter side.
        noise: Standard deviation of the sensor noise, in grey levels of 255.
        quality: JPEG quality.
    """

    paper: Range = (0.75, 0.95)
    contrast: Range = (0.6, 0.85)
    gradient: Range = (0.0, 0.08)
    shadow: Range = (0.0, 0.0)
    texture: Range = (0.0, 0.005)
    lines: str = ""
    line_contrast: Range = (0.12, 0.35)
    turn: float = 2.0
    perspective: float = 0.0
    blur: Range = (0.3, 0.8)
    noise: Range = (1.0, 2.5)
    quality: tuple[int, int] = (88, 93)


DIFFICULTIES = {
    "plain": Difficulty(),
    "shadow": Difficulty(gradient=(0.2, 0.5), shadow=(0.25, 0.5)),
    "ruled": Difficulty(lines="ruled", gradient=(0.0, 0.2)),
    "squared": Difficulty(lines="squared", gradient=(0.0, 0.2)),
    "texture": Difficulty(texture=(0.015, 0.04), noise=(2.0, 4.0)),
    "blackboard": Difficulty(
        paper=(0.12, 0.28), contrast=(-3.5, -1.5), texture=(0.02, 0.06), gradient=(0.1, 0.3)
    ),
    "hard": Difficulty(
        contrast=(0.35, 0.65),
        gradient=(0.2, 0.5),
        shadow=(0.2, 0.45),
        texture=(0.005, 0.02),
        lines="ruled squared",
        line_contrast=(0.08, 0.22),
        turn=3.0,
        perspective=0.03,
        blur=(0.6, 1.4),
        noise=(2.0, 5.0),
        quality=(58, 65),
    ),
}
"""From even light to everything at once."""
