"""Measures how well photos of paper are read, by difficulty.

    python tools/measure/photos.py --data DIR [--count N] [--seed S] [--sheet OUT.png]

The photos are made up (`paper.py`), with ink from MNIST's training pictures and pendigits' training
writers: for choosing. Releases are measured by `measure`, with the ink of the test sets and photos
that nothing was chosen by.
"""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image, ImageDraw

from difficulties import DIFFICULTIES
from digitbench.formats.unipen.reader import read_unipen
from digitnet import Digit, Recognizer, cli_support
from digitnet.files import write_atomically
from digitnet.ink import Box
from paper import InkSource, Photo, Truth, make_photo

RELEASE_SEED = 10_000
RELEASE_COUNT = 40
"""The photos that a release is measured by; all others may be looked at."""

_CELL = (480, 384)
_COLUMNS = 4
_MOST_CELLS = 48


@dataclass(frozen=True)
class Reading:
    """A photo, and what was read on it.

    Attributes:
        digits: all that was found.
        pairs: for each true digit what was found in its place, if anything was.
        seconds: how long it took.
    """

    photo: Photo
    digits: tuple[Digit, ...]
    pairs: tuple[Digit | None, ...]
    seconds: float

    @property
    def right(self) -> int:
        """How many digits were found, accepted, and have the right label."""
        pairs = zip(self.photo.digits, self.pairs, strict=True)
        return sum(_is_right(truth, digit) for truth, digit in pairs)

    @property
    def false(self) -> int:
        """How many accepted digits stand where there is none."""
        return sum(digit.accepted and digit not in self.pairs for digit in self.digits)

    @property
    def is_in_order(self) -> bool:
        """Whether the digits that were found come in the order and on the lines of the truth."""
        found = [(d, t.line) for t, d in zip(self.photo.digits, self.pairs, strict=True) if d]
        places = [self.digits.index(digit) for digit, _ in found]
        starts = [digit.line != found[i][0].line for i, (digit, _) in enumerate(found[1:])]
        true_starts = [line != found[i][1] for i, (_, line) in enumerate(found[1:])]
        return places == sorted(places) and starts == true_starts


@click.command(name="photos")
@cli_support.data_option
@cli_support.model_option
@click.option("--count", type=click.IntRange(1), default=40, help="Photos of each difficulty.")
@click.option(
    "--seed", type=click.IntRange(0, RELEASE_SEED - 1), default=0, help="Of the first photo."
)
@click.option("--difficulty", "kinds", multiple=True, type=click.Choice(list(DIFFICULTIES)))
@click.option("--sheet", type=click.Path(path_type=Path, dir_okay=False))
def main(
    data: Path | None,
    model: Path | None,
    *,
    count: int,
    seed: int,
    kinds: Sequence[str],
    sheet: Path | None,
) -> None:
    """Read made-up photos of paper, and say how many digits are read rightly."""
    if data is None:
        raise click.UsageError("the ink needs --data: MNIST and pendigits.")
    source = ink_source(data, test=False)
    recognizer = Recognizer(model)
    click.echo(f"{'':12}{'digits':>7}{'right':>9}{'found':>9}{'false':>7}{'order':>8}{'ms':>6}")
    failed: list[Reading] = []
    for kind in kinds or DIFFICULTIES:
        readings = read_photos(kind, count, seed, source, recognizer)
        report = summarise(readings)
        milliseconds = float(np.median([reading.seconds for reading in readings])) * 1000
        click.echo(
            f"{kind:12}{report['digits']:7}{report['accuracy']:9.2%}{report['found']:9.2%}"
            f"{report['false']:7}{report['in_order']:8.1%}{milliseconds:6.0f}"
        )
        failed += [r for r in readings if r.right < len(r.pairs) or r.false or not r.is_in_order]
    if sheet:
        png = io.BytesIO()
        draw_sheet(failed[:_MOST_CELLS]).save(png, "PNG")
        write_atomically(sheet, png.getvalue())


def measure(recognizer: Recognizer, data: Path) -> dict[str, Any]:
    """Measure a release, with the ink of the test sets; gives plain values for JSON."""
    source = ink_source(data, test=True)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "by_difficulty": {
            kind: summarise(read_photos(kind, RELEASE_COUNT, RELEASE_SEED, source, recognizer))
            for kind in DIFFICULTIES
        },
    }


def ink_source(data: Path, *, test: bool) -> InkSource:
    """Take half of the ink from MNIST, and half from pendigits."""
    # Here and not above: the rest needs no PyTorch.
    from digitnet.training.data import mnist_test, mnist_train

    pictures = mnist_test(data) if test else mnist_train(data)
    name = "pendigits-orig.tes" if test else "pendigits-orig.tra"
    drawings = list(read_unipen(data / "pendigits" / name))
    return InkSource(pictures.images.numpy(), pictures.labels.numpy(), drawings)


def read_photos(
    kind: str, count: int, seed: int, source: InkSource, recognizer: Recognizer
) -> list[Reading]:
    """Make photos of one difficulty with seeds from `seed` on, and read them."""
    readings = []
    for number in range(seed, seed + count):
        photo = make_photo(kind, number, source)
        start = time.perf_counter()
        digits = recognizer.predict(photo.jpeg).digits
        seconds = time.perf_counter() - start
        readings.append(Reading(photo, digits, match(photo.digits, digits), seconds))
    return readings


def summarise(readings: Sequence[Reading]) -> dict[str, Any]:
    """Give plain values for JSON; shares from 0 to 1, `false` as a count."""
    total = sum(len(reading.pairs) for reading in readings)
    right = sum(reading.right for reading in readings)
    found = sum(digit is not None for reading in readings for digit in reading.pairs)
    return {
        "photos": len(readings),
        "digits": total,
        "correct": right,
        "accuracy": right / total,
        "found": found / total,
        "false": sum(reading.false for reading in readings),
        "in_order": float(np.mean([reading.is_in_order for reading in readings])),
    }


def match(truths: Sequence[Truth], digits: Sequence[Digit]) -> tuple[Digit | None, ...]:
    """Give each true digit the one found in its place: of like height, and mostly overlapping."""
    free = list(digits)
    pairs: list[Digit | None] = []
    for truth in truths:
        best = max(free, key=lambda digit: _overlap(truth.box, digit.box), default=None)
        if best is None or _overlap(truth.box, best.box) < 0.5:
            pairs.append(None)
            continue
        free.remove(best)
        pairs.append(best)
    return tuple(pairs)


def _is_right(truth: Truth, digit: Digit | None) -> bool:
    return digit is not None and digit.accepted and digit.label == truth.label


def _overlap(one: Box, other: Box) -> float:
    """Give the lesser of two shares: of the heights' union, and of the narrower's width."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    union = one[3] + other[3] - high
    return min(high / union, wide / max(min(one[2], other[2]), 1e-9))


def draw_sheet(readings: Sequence[Reading]) -> Image.Image:
    """Show photos with what was read: green is right, red is wrong, yellow was not found."""
    rows = max(1, -(-len(readings) // _COLUMNS))
    sheet = Image.new("RGB", (_COLUMNS * _CELL[0], rows * _CELL[1]), "white")
    for index, reading in enumerate(readings):
        row, column = divmod(index, _COLUMNS)
        sheet.paste(_cell(reading), (column * _CELL[0], row * _CELL[1]))
    return sheet


def _cell(reading: Reading) -> Image.Image:
    cell = Image.new("RGB", _CELL, "white")
    with Image.open(io.BytesIO(reading.photo.jpeg)) as photo:
        shown = photo.convert("RGB")
    scale = min((_CELL[0] - 4) / shown.width, (_CELL[1] - 20) / shown.height)
    shown = shown.resize((int(shown.width * scale), int(shown.height * scale)))
    pen = ImageDraw.Draw(shown)

    def frame(box: Box, colour: str, text: str) -> None:
        left, top, width, height = (side * scale for side in box)
        pen.rectangle((left - 2, top - 2, left + width + 2, top + height + 2), outline=colour)
        pen.text((left, top - 13), text, colour)

    for truth, digit in zip(reading.photo.digits, reading.pairs, strict=True):
        if digit is None:
            frame(truth.box, "#f0b000", str(truth.label))
        elif _is_right(truth, digit):
            frame(digit.box, "#00a040", "")
        else:
            told = f"{truth.label}: {digit.label}{'' if digit.accepted else '?'}"
            frame(digit.box, "#ff2020", told)
            seen = Image.fromarray(255 - digit.image)
            shown.paste(
                seen, (int(digit.box[0] * scale), int((digit.box[1] + digit.box[3]) * scale))
            )
    for digit in reading.digits:
        if digit not in reading.pairs:
            frame(digit.box, "#ff00ff" if digit.accepted else "#8080ff", str(digit.label))
    cell.paste(shown, (2, 18))
    ImageDraw.Draw(cell).text((4, 3), reading.photo.name, "black")
    return cell


if __name__ == "__main__":
    cli_support.run(main)
