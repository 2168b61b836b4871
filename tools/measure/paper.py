"""Synthetic photos of handwritten digits on paper: ink, paper, lines, light, lens and JPEG.

First the page is written, then it is lit and photographed. The true label and place of every digit
are known, and a seed decides everything.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image

from difficulties import DIFFICULTIES, Difficulty
from digitnet import Drawing
from digitnet.ink import Box
from digitnet.preprocessing.framing import ink_box
from digitnet.preprocessing.raster import render
from perspective import Perspective

if TYPE_CHECKING:
    from numpy.typing import NDArray

Grey: TypeAlias = "NDArray[np.float32]"

SIZES = ((1000, 750), (1200, 900), (1280, 960), (900, 1200), (1600, 1200))
"""The usual sizes of photos, (width, height)."""

LARGE_SIZES = ((3000, 4000), (4000, 3000))
"""Full resolutions of phones; one photo in `LARGE_EVERY` has one of these."""

LARGE_EVERY = 20

# The pen's width over the digit's height, smallest and largest.
_PENS = (0.035, 0.11)


@dataclass(frozen=True)
class Truth:
    """A digit on a photo: its label, its line from the top, and the box of its ink in pixels."""

    label: int
    line: int
    box: Box


@dataclass(frozen=True)
class Photo:
    """A photo as a JPEG file, and its digits in reading order."""

    name: str
    jpeg: bytes
    digits: tuple[Truth, ...]


@dataclass(frozen=True)
class InkSource:
    """A source of ink: images like MNIST's, recorded strokes, or both.

    Attributes:
        pictures: uint8 (n, 28, 28), 255 for ink.
        labels: int (n,).
        drawings: Drawings of one digit each.
    """

    pictures: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 28, 28), np.uint8))
    labels: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    drawings: Sequence[Drawing] = ()

    def pick(self, height: float, pen: float, rng: np.random.Generator) -> tuple[int, Grey]:
        """Return the label and the ink, 0 to 1, of a random digit, cropped.

        Args:
            height: The digit's height in pixels.
            pen: The pen's width over the height.
            rng: Source of all randomness.
        """
        if len(self.labels) and (not self.drawings or rng.random() < 0.5):
            index = int(rng.integers(len(self.labels)))
            return int(self.labels[index]), _enlarge(self.pictures[index], height)
        drawing = self.drawings[int(rng.integers(len(self.drawings)))]
        return int(drawing.word), _draw(drawing, height, pen * height)


def make_photo(
    difficulty: str,
    seed: int,
    source: InkSource,
    *,
    size: tuple[int, int] | None = None,
) -> Photo:
    """Write digits on paper, and take a photo.

    Args:
        difficulty: One of `DIFFICULTIES`.
        seed: Decides everything else.
        source: The source of the ink.
        size: (width, height) in pixels; None for a typical size.
    """
    rng = np.random.default_rng([seed, *difficulty.encode()])
    kind = DIFFICULTIES[difficulty]
    if size is None:
        sizes = LARGE_SIZES if seed % LARGE_EVERY == LARGE_EVERY - 1 else SIZES
        size = sizes[int(rng.integers(len(sizes)))]
    ink, digits = _write(size, source, rng)
    paper = _paper(size, kind, rng)
    contrast = rng.uniform(*kind.contrast)
    # The density of a pen's ink varies; that of chalk even more.
    density = 1 - (0.35 if contrast < 0 else 0.1) * np.abs(_noise(size, 3, rng))
    paper *= 1 - np.float32(contrast) * ink * np.clip(density, 0, 1)
    view = Perspective(size, kind.turn, kind.perspective, rng)
    page = np.asarray(
        Image.fromarray(paper).transform(
            size,
            Image.Transform.PERSPECTIVE,
            view.coefficients,
            Image.Resampling.BICUBIC,
            fillcolor=float(np.median(paper)),
        )
    )
    lit = page * _light(size, kind, rng)
    jpeg = _photograph(lit, kind, rng)
    truths = tuple(Truth(d.label, d.line, view.box(d.box)) for d in digits)
    return Photo(f"{difficulty}-{seed}", jpeg, truths)


def _write(
    size: tuple[int, int], source: InkSource, rng: np.random.Generator
) -> tuple[Grey, list[Truth]]:
    """Lay out 1 to 3 lines of 1 to 8 digits, with one pen and of similar size."""
    width, height = size
    lines = int(rng.integers(1, 4))
    most = int(rng.integers(1, 9))
    tallest = min(0.8 * height / (lines * 1.7), 0.8 * width / most / 1.15)
    tall = rng.uniform(max(0.045 * min(size), 0.35 * tallest), max(0.06 * min(size), tallest))
    pen = rng.uniform(*_PENS)
    step = tall * rng.uniform(1.5, 1.9)
    first = rng.uniform(0.08 * height, max(0.09 * height, 0.92 * height - lines * step))
    ink = np.zeros((height, width), np.float32)
    digits = []
    for line in range(lines):
        slope = np.tan(np.radians(rng.uniform(-2, 2)))
        count = most if line == 0 else int(rng.integers(1, most + 1))
        x = rng.uniform(0.06, 0.14) * width
        start = x
        for _ in range(count):
            label, digit = source.pick(tall * rng.uniform(0.88, 1.12), pen, rng)
            high, wide = digit.shape
            y = first + line * step + slope * (x - start) + (tall - high) / 2
            left, top = round(x), round(y + rng.normal(0, 0.04) * tall)
            if left + wide > 0.95 * width or not 0 <= top <= height - high:
                break
            place = np.s_[top : top + high, left : left + wide]
            ink[place] = np.maximum(ink[place], digit)
            digits.append(Truth(label, line, (left, top, wide, high)))
            x += wide + tall * rng.uniform(0.15, 0.55)
            if rng.random() < 0.08:
                x += tall * rng.uniform(1, 2)
    return ink, digits


def _enlarge(picture: NDArray[np.uint8], height: float) -> Grey:
    """Enlarge one of MNIST's images with smooth outlines, like a pen's."""
    # In two steps: the second smooths the corners of pixels that the first one leaves.
    scale = max(height / 20, 1.0)
    side = round(28 * scale)
    soft = Image.fromarray(picture.astype(np.float32) / np.float32(255))
    soft = soft.resize((112, 112), Image.Resampling.BICUBIC)
    soft = Image.fromarray(_smooth(np.asarray(soft), 2))
    large = np.asarray(soft.resize((side, side), Image.Resampling.BICUBIC))
    edge = np.clip(0.5 + (large - 0.42) * min(2.0 * scale / 3, 8.0), 0, 1)
    return _crop(edge.astype(np.float32))


def _draw(drawing: Drawing, height: float, pen: float) -> Grey:
    left, top, width, high = drawing.bounds or (0.0, 0.0, 1.0, 1.0)
    scale = max(height - pen, 1) / max(high, 0.5 * width, 1e-9)
    margin = pen + 2
    paths = [(s.xy - (left, top)) * scale + margin for s in drawing.strokes]
    shape = (int(high * scale + 2 * margin) + 1, int(width * scale + 2 * margin) + 1)
    return _crop(render(paths, shape, radius=pen / 2).astype(np.float32))


def _crop(ink: Grey) -> Grey:
    left, top, width, height = ink_box(ink) or (0, 0, 1, 1)
    return ink[top : top + height, left : left + width]


def _paper(size: tuple[int, int], kind: Difficulty, rng: np.random.Generator) -> Grey:
    paper = np.full((size[1], size[0]), rng.uniform(*kind.paper), np.float32)
    texture = rng.uniform(*kind.texture)
    paper *= 1 + np.float32(texture) * (_noise(size, 2, rng) + _noise(size, 25, rng)) / 2
    if kind.lines:
        style = str(rng.choice(kind.lines.split()))
        gap = min(size) * (rng.uniform(0.05, 0.09) if style == "ruled" else rng.uniform(0.03, 0.05))
        wide = min(size) * rng.uniform(0.0012, 0.0025)
        contrast = np.float32(rng.uniform(*kind.line_contrast))
        for axis in (0, 1) if style == "squared" else (0,):
            along = np.arange(paper.shape[axis]) + rng.uniform(0, gap)
            distance = np.abs(along % gap - gap / 2)
            lines = np.clip(wide / 2 + 0.5 - distance, 0, 1).astype(np.float32) * contrast
            paper *= 1 - (lines[:, None] if axis == 0 else lines[None])
        if style == "ruled" and rng.random() < 0.5:
            margin = int(rng.uniform(0.03, 0.06) * size[0])
            paper[:, margin : margin + max(1, round(wide))] *= 1 - contrast
    return paper


def _light(size: tuple[int, int], kind: Difficulty, rng: np.random.Generator) -> Grey:
    width, height = size
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None]
    y = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    angle = rng.uniform(0, 2 * np.pi)
    ramp = np.float32(np.cos(angle)) * x + np.float32(np.sin(angle)) * y
    light = 1 - np.float32(rng.uniform(*kind.gradient)) * (ramp / 1.4 + 0.5)
    depth = rng.uniform(*kind.shadow)
    if depth:
        # The edge of a hand or a phone: the intersection of two half-planes, with a soft edge.
        edge = np.full((height, width), np.inf, np.float32)
        turn = rng.uniform(0, 2 * np.pi)
        for angle in (turn, turn + rng.uniform(0.6, 1.5)):
            side = np.float32(np.cos(angle)) * x + np.float32(np.sin(angle)) * y
            edge = np.minimum(edge, side - np.float32(rng.uniform(-0.35, 0.1)))
        softness = rng.uniform(0.006, 0.04)
        light *= 1 - np.float32(depth) * np.clip(0.5 + edge / np.float32(softness), 0, 1)
    return light.astype(np.float32)


def _photograph(lit: Grey, kind: Difficulty, rng: np.random.Generator) -> bytes:
    """Blur, add noise, and compress, as a camera does."""
    radius = rng.uniform(*kind.blur) / 1000 * min(lit.shape)
    lit = _smooth(lit, max(1, round(radius)))
    lit = lit * 255 + rng.normal(0, rng.uniform(*kind.noise), lit.shape).astype(np.float32)
    image = Image.fromarray(np.clip(np.rint(lit), 0, 255).astype(np.uint8))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=int(rng.integers(kind.quality[0], kind.quality[1] + 1)))
    return file.getvalue()


def _smooth(values: Grey, radius: int) -> Grey:
    """Apply a box blur of 2 radius + 1 pixels twice in each direction."""
    for axis in (0, 1, 0, 1):
        padded = np.pad(values, [(radius + 1, radius) if a == axis else (0, 0) for a in (0, 1)],
                        mode="edge")  # fmt: skip
        sums = np.cumsum(padded, axis=axis, dtype=np.float64)
        upper, lower = (np.s_[2 * radius + 1 :], np.s_[: -2 * radius - 1])
        pick = (upper, lower) if axis == 0 else ((np.s_[:], upper), (np.s_[:], lower))
        values = ((sums[pick[0]] - sums[pick[1]]) / (2 * radius + 1)).astype(np.float32)
    return values


def _noise(size: tuple[int, int], grain: int, rng: np.random.Generator) -> Grey:
    """Return smooth noise with a grain in pixels and a standard deviation of about 1."""
    shape = (size[1] // grain + 2, size[0] // grain + 2)
    coarse = Image.fromarray(rng.standard_normal(shape).astype(np.float32))
    return np.asarray(coarse.resize(size, Image.Resampling.BICUBIC))
