"""Pages with digits and printed lines, as clean pictures or as scans."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from paper import Grey, InkSource

INKS = (0, 0, 30, 70)
"""Grey levels of ink, of 255."""


@dataclass
class Page:
    """A page that is being drawn.

    Attributes:
        ink: float32 (height, width), how much ink of digits there is, 0 to 1.
        lines: of the same shape, how dark the printed lines are, 0 to 1.
    """

    ink: Grey
    lines: Grey

    @classmethod
    def of_size(cls, width: int, height: int) -> Page:
        """Return an empty page."""
        return cls(np.zeros((height, width), np.float32), np.zeros((height, width), np.float32))

    def write(self, digit: Grey, left: int, top: int) -> None:
        """Put a digit in its place; what lies outside the page is cut off."""
        height, width = self.ink.shape
        low, first = max(top, 0), max(left, 0)
        high, last = min(top + digit.shape[0], height), min(left + digit.shape[1], width)
        if high > low and last > first:
            place = np.s_[low:high, first:last]
            part = digit[low - top : high - top, first - left : last - left]
            self.ink[place] = np.maximum(self.ink[place], part)

    def rule(self, box: tuple[int, int, int, int], darkness: float, dash: int = 0) -> None:
        """Draw a line: a filled box (left, top, right, bottom), with dashes as long as gaps."""
        left, top, right, bottom = box
        line = np.full((max(bottom - top, 0), max(right - left, 0)), darkness, np.float32)
        if dash:
            along = np.arange(max(line.shape)) // dash % 2 == 0
            is_level = right - left > bottom - top
            line *= along[None, : line.shape[1]] if is_level else along[: line.shape[0], None]
        place = self.lines[max(top, 0) : bottom, max(left, 0) : right]
        np.maximum(place, line[: place.shape[0], : place.shape[1]], out=place)

    def frame(self, box: tuple[int, int, int, int], wide: int, darkness: float) -> None:
        """Draw a rectangle, its lines inside the box."""
        left, top, right, bottom = box
        self.rule((left, top, right, top + wide), darkness)
        self.rule((left, bottom - wide, right, bottom), darkness)
        self.rule((left, top, left + wide, bottom), darkness)
        self.rule((right - wide, top, right, bottom), darkness)

    def scan(self, rng: np.random.Generator, *, is_noisy: bool, turn: float = 0.0) -> Image.Image:
        """Return the page as a clean picture, or as a scan: grey paper, blur, noise, JPEG."""
        ink = 1 - rng.choice(INKS) / 255
        dark = np.maximum(self.ink * np.float32(ink), self.lines)
        if not is_noisy:
            return Image.fromarray(np.rint(255 * (1 - dark)).astype(np.uint8))
        paper = rng.uniform(0.85, 1.0)
        image = Image.fromarray((255 * paper * (1 - dark)).astype(np.float32))
        angle = rng.uniform(-turn, turn)
        image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255 * paper)
        values = np.asarray(image) + rng.normal(0, rng.uniform(0.5, 4), self.ink.shape)
        scan = Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
        scan = scan.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.7)))
        file = io.BytesIO()
        scan.save(file, "JPEG", quality=int(rng.integers(75, 96)))
        return Image.open(io.BytesIO(file.getvalue()))


def pick(source: InkSource, tall: float, pen: float, rng: np.random.Generator) -> tuple[str, Grey]:
    """Return a digit and its ink; small ones are scaled down, as MNIST's are blurred otherwise."""
    scale = max(1.0, 80 / tall)
    label, digit = source.pick(scale * tall, pen, rng)
    if scale > 1:
        size = [max(1, round(side / scale)) for side in digit.shape[::-1]]
        digit = np.asarray(Image.fromarray(digit).resize((size[0], size[1]), Image.Resampling.BOX))
    return str(label), digit


def write_in(
    page: Page,
    box: tuple[int, int, int, int],
    source: InkSource,
    rng: np.random.Generator,
    pen: float,
    cross: float = 0.1,
) -> str:
    """Write a digit into a box, at times so that it touches or crosses a line; return it."""
    left, top, right, bottom = box
    high, wide = bottom - top, right - left
    label, digit = pick(source, high * rng.uniform(0.5, 0.72), pen, rng)
    if digit.shape[1] > 0.8 * wide:
        shown = Image.fromarray(digit)
        scale = 0.8 * wide / digit.shape[1]
        size = (round(0.8 * wide), max(1, round(scale * digit.shape[0])))
        digit = np.asarray(shown.resize(size, Image.Resampling.BOX))
    free = np.array([wide - digit.shape[1], high - digit.shape[0]])
    shift = free * rng.uniform(0.3, 0.7, 2)
    if rng.random() < cross:
        axis = int(rng.integers(2))
        over = rng.uniform(-0.02, 0.08) * digit.shape[1 - axis]
        shift[axis] = rng.choice([-over, free[axis] + over])
    page.write(digit, left + int(shift[0]), top + int(shift[1]))
    return label
