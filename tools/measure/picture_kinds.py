"""Made variations of the pictures that people have, each of a kind with a trap of its own.

Values of any type and range, thin and thick pens, transparent margins, digits up to the edge, tiny
photos, and letters beside digits. A seed decides everything, and the text of each is known.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from digitnet import Drawing
from digitnet.preprocessing.raster import render
from paper import Grey, InkSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

Picture: TypeAlias = "tuple[Image.Image | NDArray[Any] | bytes, str]"


@dataclass(frozen=True)
class Inks(InkSource):
    """A source of digits, whole numbers and letters.

    Attributes:
        numbers: Drawings that are read rightly as strokes, and the strokes of each digit of them.
        letters: Drawings of one letter each.
    """

    numbers: Sequence[tuple[Drawing, Sequence[Sequence[int]]]] = ()
    letters: Sequence[Drawing] = ()


Kind: TypeAlias = "Callable[[Inks, np.random.Generator], Picture]"

PENS = (0.015, 0.025, 0.04, 0.06, 0.09, 0.15)
"""Widths of pens, as shares of the height of what they draw."""


def pick(inks: InkSource, height: float, pen: float, rng: np.random.Generator) -> tuple[int, Grey]:
    """Return the label and the ink of a random digit, as `InkSource.pick` does, but of any size."""
    label, ink = inks.pick(max(height, 60), pen, rng)
    scale = height / max(height, 60)
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    return label, np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BOX))


def canvas(inks: InkSource, rng: np.random.Generator) -> tuple[Grey, str]:
    """Return the ink, 0 to 1, of one digit at a random place of a canvas, and its label."""
    width, height = (int(side) for side in rng.integers(120, 400, 2))
    label, digit = pick(inks, rng.uniform(0.3, 0.75) * min(width, height), 0.08, rng)
    return place(digit, (width, height), rng), str(label)


def place(ink: Grey, size: tuple[int, int], rng: np.random.Generator, margin: float = 0.08) -> Grey:
    """Put ink at a random place of an empty picture, scaled down if it does not fit.

    Args:
        ink: Float32 (height, width), 0 to 1.
        size: (width, height) of the picture.
        rng: Source of all randomness.
        margin: Around the ink, as a share of the picture's shorter side.
    """
    free = round(margin * min(size))
    room = [side - 2 * free for side in size]
    scale = min(1.0, room[0] / ink.shape[1], room[1] / ink.shape[0])
    if scale < 1:
        small = (max(1, int(ink.shape[1] * scale)), max(1, int(ink.shape[0] * scale)))
        ink = np.asarray(Image.fromarray(ink).resize(small, Image.Resampling.BOX))
    high, wide = ink.shape
    left = free + int(rng.integers(0, room[0] - wide + 1))
    top = free + int(rng.integers(0, room[1] - high + 1))
    empty = np.zeros((size[1], size[0]), np.float32)
    empty[top : top + high, left : left + wide] = ink
    return empty


def to_image(grey: Grey) -> Image.Image:
    """Convert grey levels from 0 for black to 1 to a picture of bytes."""
    return Image.fromarray(np.rint(np.clip(grey, 0, 1) * 255).astype(np.uint8))


def as_jpeg(image: Image.Image, rng: np.random.Generator) -> bytes:
    """Compress a picture with a usual quality."""
    file = io.BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=int(rng.integers(60, 95)))
    return file.getvalue()


_VALUES: Mapping[str, Callable[[Grey], NDArray[Any]]] = {
    "float 0..1": lambda grey: grey,
    "float 0..255": lambda grey: grey * np.float32(255),
    "float -1..1": lambda grey: grey * 2 - 1,
    "standardized": lambda grey: (grey - grey.mean()) / grey.std(),
    "int32 0..65535": lambda grey: np.rint(grey * 65535).astype(np.int32),
    "int64 0..255": lambda grey: np.rint(grey * 255).astype(np.int64),
    "uint16 0..255": lambda grey: np.rint(grey * 255).astype(np.uint16),
    "uint16 0..4095": lambda grey: np.rint(grey * 4095).astype(np.uint16),
    "uint16 0..65535": lambda grey: np.rint(grey * 65535).astype(np.uint16),
}


def _values(name: str, inks: Inks, rng: np.random.Generator) -> Picture:
    ink, text = canvas(inks, rng)
    paper, pen = (1.0, 0.0) if rng.random() < 0.5 else (0.0, 1.0)
    if rng.random() < 0.5:  # neither black nor white
        paper, pen = 0.1 + 0.8 * paper, 0.1 + 0.8 * pen
    return _VALUES[name](paper + (np.float32(pen) - np.float32(paper)) * ink), text


def draw(
    drawing: Drawing, height: float, pen: float, members: Sequence[Sequence[int]] = ()
) -> list[Grey]:
    """Draw strokes as ink, 0 to 1, cropped to them.

    Args:
        drawing: The strokes.
        height: Of the picture of the ink, in pixels.
        pen: The pen's diameter, in pixels.
        members: Groups of strokes to be drawn one by one; by default all together.
    """
    left, top, width, high = drawing.bounds or (0.0, 0.0, 1.0, 1.0)
    scale = (height - pen) / max(high, 0.1 * width, 1e-9)
    paths = [(stroke.xy - (left, top)) * scale + pen / 2 for stroke in drawing.strokes]
    shape = (int(high * scale + pen) + 1, int(width * scale + pen) + 1)
    groups = members or [range(len(paths))]
    inks = (render([paths[i] for i in group], shape, radius=pen / 2) for group in groups)
    return [ink.astype(np.float32) for ink in inks]


def _number(share: float, inks: Inks, rng: np.random.Generator) -> Picture:
    """A number whose digits do not touch each other with this pen."""
    while True:
        drawing, members = inks.numbers[int(rng.integers(len(inks.numbers)))]
        height = float(rng.uniform(max(40, 1.2 / share), 200))
        digits = draw(drawing, height, share * height, members)
        is_ink = [_grown(digit > 0) for digit in digits]
        if np.sum(is_ink, axis=0).max() == 1:
            break
    margin = round(height * rng.uniform(0.1, 0.5))
    return to_image(1 - np.pad(np.maximum.reduce(digits), margin)), drawing.word


def _grown(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Add the pixels below and to the right."""
    return ink | np.roll(ink, 1, 0) | np.roll(ink, 1, 1)


def _digit(inks: Inks, rng: np.random.Generator) -> Picture:
    """A digit alone, in a picture of any usual size: what every change has to leave alone."""
    side = int(np.exp(rng.uniform(np.log(28), np.log(400))))
    pen = rng.uniform(0.05, 0.15)
    label, digit = pick(inks, side * rng.uniform(0.5, 1), pen, rng)
    ink = place(digit, (side, side), rng, margin=0.02 if rng.random() < 0.7 else 0)
    image = to_image(ink if rng.random() < 0.5 else 1 - ink)
    return (as_jpeg(image, rng) if rng.random() < 0.5 else image), str(label)


def _transparent(inks: Inks, rng: np.random.Generator) -> Picture:
    """A window, card or screenshot: opaque but for its margin, corners or shadow."""
    ink, text = canvas(inks, rng)
    paper = rng.uniform(0.6, 1) if rng.random() < 0.7 else rng.uniform(0, 0.25)
    pen = 0.0 if paper > 0.5 else 1.0
    grey = to_image(np.float32(paper) + np.float32(pen - paper) * ink)
    style = rng.choice(["margin", "corners", "shadow"])
    margin = int(rng.integers(5, 60)) if style != "corners" else 0
    radius = int(rng.integers(0, 30)) if style != "corners" else int(rng.integers(8, 40))
    size = (grey.width + 2 * margin, grey.height + 2 * margin)
    opacity = Image.new("L", size)
    box = (margin, margin, margin + grey.width - 1, margin + grey.height - 1)
    if style == "shadow":
        below = (box[0], box[1] + margin // 3, box[2], box[3] + margin // 3)
        ImageDraw.Draw(opacity).rounded_rectangle(below, radius, fill=110)
        opacity = opacity.filter(ImageFilter.GaussianBlur(margin / 4))
    ImageDraw.Draw(opacity).rounded_rectangle(box, radius, fill=255)
    # Under what is transparent, programs leave black or white.
    whole = Image.new("L", size, 0 if style == "shadow" else int(rng.choice([0, 255])))
    whole.paste(grey, (margin, margin))
    return Image.merge("LA", (whole, opacity)).convert("RGBA"), text


def _small_photo(inks: Inks, rng: np.random.Generator) -> Picture:
    """A photo of paper, scaled down to the size that networks are shown."""
    side = int(rng.integers(300, 500))
    label, digit = pick(inks, side * rng.uniform(0.5, 0.8), rng.uniform(0.05, 0.1), rng)
    ink = place(digit, (side, side), rng)
    light = np.linspace(rng.uniform(0.4, 0.9), rng.uniform(0.4, 0.9), side, dtype=np.float32)
    if rng.random() < 0.5:
        light = light[:, None]
    paper = light * (1 - np.float32(rng.uniform(0.45, 0.85)) * ink)
    small = int(rng.integers(28, 65))
    shown = to_image(paper).resize((small, small), Image.Resampling.BOX)
    grain = rng.normal(0, rng.uniform(0.5, 4), (small, small))
    noisy = Image.fromarray(np.clip(np.asarray(shown) + grain, 0, 255).astype(np.uint8))
    return as_jpeg(noisy, rng), str(label)


def _cell(inks: Inks, rng: np.random.Generator) -> Picture:
    """A cell of a scan: a digit that reaches an edge, specks, and the noise of the scanner."""
    width, height = int(rng.integers(130, 240)), int(rng.integers(100, 200))
    label, digit = pick(inks, rng.uniform(0.5, 0.9) * height, rng.uniform(0.04, 0.1), rng)
    digit = np.rot90(place(digit, (width, height), rng, 0.0), turn := int(rng.integers(4)))
    first = int(np.flatnonzero(digit.any(axis=1))[0])
    digit = np.rot90(np.roll(digit, -first, axis=0), -turn)  # up to one of the edges
    grey = rng.uniform(0.85, 1) - rng.uniform(0.4, 0.8) * digit
    for _ in range(int(rng.integers(0, 5))):
        x, y, side = (int(n) for n in rng.integers((0, 0, 1), (width - 8, height - 8, 9)))
        free = np.s_[y : y + side, x : x + side]
        grey[free] = np.where(digit[free] > 0, grey[free], rng.uniform(0.3, 0.8))
    noise = rng.normal(0, rng.uniform(1, 3) / 255, grey.shape)
    return as_jpeg(to_image((grey + noise).astype(np.float32)), rng), str(label)


def _thick(inks: Inks, rng: np.random.Generator) -> Picture:
    """A canvas with a thick pen, light or dark, and slight noise."""
    side = int(rng.integers(110, 600))
    drawing = inks.drawings[int(rng.integers(len(inks.drawings)))]
    height = side * rng.uniform(0.4, 0.95)
    ink = place(draw(drawing, height, rng.uniform(0.06, 0.2) * height)[0], (side, side), rng, 0.01)
    grey = 0.05 + 0.9 * (ink if rng.random() < 0.5 else 1 - ink)
    noise = rng.normal(0, 1.5 / 255, grey.shape).astype(np.float32)
    return as_jpeg(to_image(grey + noise), rng), drawing.word


def _letters(inks: Inks, rng: np.random.Generator) -> Picture:
    """Two letters before two digits, as on a plate or a form."""
    height = rng.uniform(30, 150)
    pen = rng.uniform(0.04, 0.1) * height
    parts, text = [], ""
    for index in range(4):
        if index < 2:
            letter = inks.letters[int(rng.integers(len(inks.letters)))]
            parts += draw(letter, height, pen)
            text += "?"
        else:
            label, digit = pick(inks, height, pen / height, rng)
            parts.append(digit)
            text += str(label)
    tall = max(part.shape[0] for part in parts)
    gap = round(rng.uniform(0.15, 0.5) * height)
    padded = [np.pad(part, ((tall - part.shape[0], 0), (0, gap))) for part in parts]
    row = np.concatenate(padded, axis=1)
    return to_image(1 - np.pad(row, round(0.3 * height))), text


KINDS: Mapping[str, Kind] = {
    "digit": _digit,
    **{f"array of {name}": partial(_values, name) for name in _VALUES},
    **{f"number, pen {share:.1%}": partial(_number, share) for share in PENS},
    "transparent margin": _transparent,
    "small photo": _small_photo,
    "cell, up to the edge": _cell,
    "thick pen, noise": _thick,
    "letters and digits": _letters,
}
"""All kinds, by name."""
