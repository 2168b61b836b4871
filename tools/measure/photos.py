"""Measures how well photos of paper are read, by difficulty.

    python tools/measure/photos.py --data DIR [--count N] [--seed S] [--sheet OUT.png]

The photos are synthetic (`paper`), with ink from MNIST's training images and pendigits' training
writers, so choices may depend on them. `measure` is for releases: it uses ink from the test sets,
and photos that no choice depended on.
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
"""The photos for measuring releases; look at any others."""

_CELL = (480, 384)
_COLUMNS = 4
_MOST_CELLS = 48


@dataclass(frozen=True)
class Reading:
    """A photo, and what was read on it.

    Attributes:
        photo: The photo.
        digits: All digits that were found.
        pairs: For each true digit, the digit that was found in its place, if any.
        seconds: How long it took.
    """

    photo: Photo
    digits: tuple[Digit, ...]
    pairs: tuple[Digit | None, ...]
    seconds: float

    @property
    def correct(self) -> int:
        """The number of digits that were found and accepted with the right label."""
        pairs = zip(self.photo.digits, self.pairs, strict=True)
        return sum(_is_correct(truth, digit) for truth, digit in pairs)

    @property
    def false(self) -> int:
        """The number of accepted digits in places without a digit."""
        return sum(digit.accepted and digit not in self.pairs for digit in self.digits)

    @property
    def is_in_order(self) -> bool:
        """Whether the digits that were found are in the right order and on the right lines."""
        found = [(d, t.line) for t, d in zip(self.photo.digits, self.pairs, strict=True) if d]
        places = [self.digits.index(digit) for digit, _ in found]
        starts = [digit.line != found[i][0].line for i, (digit, _) in enumerate(found[1:])]
        true_starts = [line != found[i][1] for i, (_, line) in enumerate(found[1:])]
        return places == sorted(places) and starts == true_starts


@click.command(name="photos")
@cli_support.data_option
@cli_support.model_option
@click.option("--count", type=click.IntRange(1), default=40, help="Photos per difficulty.")
@click.option(
    "--seed", type=click.IntRange(0, RELEASE_SEED - 1), default=0, help="Seed of the first photo."
)
@click.option(
    "--difficulty",
    "kinds",
    multiple=True,
    type=click.Choice(list(DIFFICULTIES)),
    help="Only this one; can be given more than once.",
)
@click.option(
    "--sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Picture of the photos with errors.",
)
def main(
    data: Path | None,
    model: Path | None,
    *,
    count: int,
    seed: int,
    kinds: Sequence[str],
    sheet: Path | None,
) -> None:
    """Read synthetic photos of paper, and report how many digits are read correctly."""
    if data is None:
        raise click.UsageError("needs --data with MNIST and pendigits.")
    source = ink_source(data, test=False)
    recognizer = Recognizer(model)
    click.echo(f"{'':12}{'digits':>7}{'correct':>9}{'found':>9}{'false':>7}{'order':>8}{'ms':>6}")
    failed: list[Reading] = []
    for kind in kinds or DIFFICULTIES:
        readings = read_photos(kind, count, seed, source, recognizer)
        report = summarise(readings)
        milliseconds = float(np.median([reading.seconds for reading in readings])) * 1000
        click.echo(
            f"{kind:12}{report['digits']:7}{report['accuracy']:9.2%}{report['found']:9.2%}"
            f"{report['false']:7}{report['in_order']:8.1%}{milliseconds:6.0f}"
        )
        failed += [r for r in readings if r.correct < len(r.pairs) or r.false or not r.is_in_order]
    if sheet:
        png = io.BytesIO()
        draw_sheet(failed[:_MOST_CELLS]).save(png, "PNG")
        write_atomically(sheet, png.getvalue())


def measure(recognizer: Recognizer, data: Path) -> dict[str, Any]:
    """Measure a release, with ink from the test sets; return plain values for JSON."""
    source = ink_source(data, test=True)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "by_difficulty": {
            kind: summarise(read_photos(kind, RELEASE_COUNT, RELEASE_SEED, source, recognizer))
            for kind in DIFFICULTIES
        },
    }


def ink_source(data: Path, *, test: bool) -> InkSource:
    """Return a source of ink that is half from MNIST, half from pendigits."""
    # Imported here, as the rest of this module does not need PyTorch.
    from digitnet.training.data import mnist_test, mnist_train

    pictures = mnist_test(data) if test else mnist_train(data)
    name = "pendigits-orig.tes" if test else "pendigits-orig.tra"
    drawings = list(read_unipen(data / "pendigits" / name))
    return InkSource(pictures.images.numpy(), pictures.labels.numpy(), drawings)


def read_photos(
    kind: str, count: int, seed: int, source: InkSource, recognizer: Recognizer
) -> list[Reading]:
    """Make photos of one difficulty with consecutive seeds, and read them."""
    readings = []
    for number in range(seed, seed + count):
        photo = make_photo(kind, number, source)
        start = time.perf_counter()
        digits = recognizer.predict(photo.jpeg).digits
        seconds = time.perf_counter() - start
        readings.append(Reading(photo, digits, match(photo.digits, digits), seconds))
    return readings


def summarise(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return plain values for JSON; shares are from 0 to 1, `false` is a count."""
    total = sum(len(reading.pairs) for reading in readings)
    correct = sum(reading.correct for reading in readings)
    found = sum(digit is not None for reading in readings for digit in reading.pairs)
    return {
        "photos": len(readings),
        "digits": total,
        "correct": correct,
        "accuracy": correct / total,
        "found": found / total,
        "false": sum(reading.false for reading in readings),
        "in_order": float(np.mean([reading.is_in_order for reading in readings])),
    }


def match(truths: Sequence[Truth], digits: Sequence[Digit]) -> tuple[Digit | None, ...]:
    """Match each true digit with the digit of similar height that mostly overlaps it, if any."""
    unmatched = list(digits)
    pairs: list[Digit | None] = []
    for truth in truths:
        best = max(unmatched, key=lambda digit: _overlap(truth.box, digit.box), default=None)
        if best is None or _overlap(truth.box, best.box) < 0.5:
            pairs.append(None)
            continue
        unmatched.remove(best)
        pairs.append(best)
    return tuple(pairs)


def _is_correct(truth: Truth, digit: Digit | None) -> bool:
    return digit is not None and digit.accepted and digit.label == truth.label


def _overlap(one: Box, other: Box) -> float:
    """Return the overlap of two boxes, 0 or less to 1.

    It is the lesser of the overlaps in height, over the union, and in width, over the narrower box.
    """
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    union = one[3] + other[3] - high
    return min(high / union, wide / max(min(one[2], other[2]), 1e-9))


def draw_sheet(readings: Sequence[Reading]) -> Image.Image:
    """Show photos with their readings: green is correct, red wrong, yellow was not found.

    False digits are magenta, or blue if they were not accepted.
    """
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
        elif _is_correct(truth, digit):
            frame(digit.box, "#00a040", "")
        else:
            text = f"{truth.label}: {digit.label}{'' if digit.accepted else '?'}"
            frame(digit.box, "#ff2020", text)
            framed = Image.fromarray(255 - digit.image)
            shown.paste(
                framed, (int(digit.box[0] * scale), int((digit.box[1] + digit.box[3]) * scale))
            )
    for digit in reading.digits:
        if digit not in reading.pairs:
            frame(digit.box, "#ff00ff" if digit.accepted else "#8080ff", str(digit.label))
    cell.paste(shown, (2, 18))
    ImageDraw.Draw(cell).text((4, 3), reading.photo.name, "black")
    return cell


if __name__ == "__main__":
    cli_support.run(main)
