"""Measures how pictures are read as people have them: real ones, and made ones of every kind.

    python tools/measure/pictures.py --data DIR [--count N] [--sheet OUT.png]

DIR contains MNIST, pendigits and UNIPEN; half of the ink is from strokes, half from MNIST's
training images. If it has a folder `pictures` with an index.tsv (file, kind, text), its pictures
are read too; they are for measuring only, and no choice may depend on them.
"""

from __future__ import annotations

import csv
import io
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image, ImageDraw

import empty_pictures
import form_pictures
import picture_kinds
from contributors import UNSEEN_LETTERS, contributor_of, read_letters
from digitnet import PictureError, Prediction, Recognizer, cli_support, read_drawings
from digitnet.files import write_atomically
from drawing_sets import compose_numbers
from photos import ink_source
from picture_kinds import Inks, Kind

KINDS: dict[str, Kind] = {
    **picture_kinds.KINDS,
    **empty_pictures.KINDS,
    **form_pictures.KINDS,
}
"""Every kind of made pictures, by name."""

_CELL, _COLUMNS, _MOST_CELLS = (160, 176), 10, 80


@dataclass(frozen=True)
class Reading:
    """A picture, and how it was read.

    Attributes:
        source: The picture.
        text: What is right.
        answer: What was read; None for a picture that was refused.
        seconds: How long it took.
    """

    source: Any
    text: str
    answer: Prediction | None
    seconds: float

    @property
    def read(self) -> str:
        """The text that was read, "" for a picture that was refused."""
        return self.answer.text if self.answer else ""

    @property
    def is_right(self) -> bool:
        """Whether the whole text was read."""
        return self.answer is not None and self.read == self.text


@click.command(name="pictures")
@cli_support.data_option
@cli_support.model_option
@click.option("--count", type=click.IntRange(1), default=100, help="Made pictures of each kind.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Of the made pictures.")
@click.option("--only", default="", help="Only the kinds whose name contains this.")
@click.option("--real/--no-real", default=True, help="Whether to read the folder `pictures`.")
@click.option(
    "--sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Picture of what was not read rightly.",
)
def main(
    data: Path | None,
    model: Path | None,
    *,
    count: int,
    seed: int,
    only: str,
    real: bool,
    sheet: Path | None,
) -> None:
    """Read pictures of every kind, and report how many are read rightly."""
    if data is None:
        raise click.UsageError("needs --data with MNIST, pendigits and unipen.")
    recognizer = Recognizer(model, threads=1)
    inks = read_inks(data, recognizer)
    click.echo(f"{'':30}{'pictures':>9}{'right':>8}{'digits':>8}{'wrong':>7}{'empty':>7}{'ms':>8}")
    failed: list[Reading] = []
    for name, make in KINDS.items():
        if only in name:
            failed += _report(name, read_kind(make, count, seed, inks, recognizer))
    folder = data / "pictures"
    if real and (folder / "index.tsv").exists():
        everything: list[Reading] = []
        for name, readings in read_folder(folder, recognizer):
            if only in name:
                failed += _report(f"real: {name}", readings)
                everything += readings
        _report("real: all with digits", [reading for reading in everything if reading.text])
    if sheet:
        png = io.BytesIO()
        draw_sheet(failed[:_MOST_CELLS]).save(png, "PNG")
        write_atomically(sheet, png.getvalue())


def read_inks(data: Path, recognizer: Recognizer) -> Inks:
    """Read the ink that pictures are made of; of numbers, what is read rightly as strokes."""
    digits = ink_source(data, test=False)
    given = list(read_drawings(data / "unipen" / "numbers.ndjson"))
    given += compose_numbers(digits.drawings, 300, seed=7)
    answers = recognizer.predict_many(given)
    numbers = [
        (drawing, [digit.strokes or () for digit in answer.digits])
        for drawing, answer in zip(given, answers, strict=True)
        if answer.text == drawing.word
    ]
    letters = [d for d in read_letters(data) if contributor_of(d) != UNSEEN_LETTERS]
    own = {field.name: getattr(digits, field.name) for field in fields(digits)}
    return Inks(**own, numbers=numbers, letters=letters)


def read_kind(
    make: Kind, count: int, seed: int, inks: Inks, recognizer: Recognizer
) -> list[Reading]:
    """Make pictures of one kind with consecutive seeds, and read them."""
    pictures = (make(inks, np.random.default_rng([seed, number])) for number in range(count))
    return [read(source, text, recognizer) for source, text in pictures]


def read_folder(folder: Path, recognizer: Recognizer) -> Iterator[tuple[str, list[Reading]]]:
    """Read the pictures that a folder's index.tsv names, kind by kind."""
    by_kind = defaultdict(list)
    with (folder / "index.tsv").open(newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            by_kind[row["kind"]].append(row)
    for kind, rows in sorted(by_kind.items()):
        yield kind, [read(folder / row["file"], row["text"], recognizer) for row in rows]


def read(source: Any, text: str, recognizer: Recognizer) -> Reading:
    """Read one picture, and take the time."""
    start = time.perf_counter()
    try:
        answer = recognizer.predict(source)
    except PictureError:
        answer = None
    return Reading(source, text, answer, time.perf_counter() - start)


def edits(one: str, other: str) -> int:
    """Return by how many characters two texts differ: put in, left out, or replaced.

    Row by row of the table of distances between their beginnings (Wagner, Fischer: "The
    string-to-string correction problem", 1974).
    """
    letters, places = np.array(list(other), dtype=str), np.arange(len(other) + 1)
    row = places.copy()
    for number, letter in enumerate(one, 1):
        replaced = row[:-1] + (letters != letter)
        row = np.minimum(row + 1, np.concatenate([[number], replaced]))
        row = np.minimum.accumulate(row - places) + places  # putting in
    return int(row[-1])


def summarize(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return plain values for JSON; `wrong` and `empty` are numbers of pictures."""
    length = sum(len(reading.text) for reading in readings)
    return {
        "pictures": len(readings),
        "right": sum(reading.is_right for reading in readings),
        "wrong": sum(not reading.is_right and reading.read != "" for reading in readings),
        "empty": sum(not reading.is_right and reading.read == "" for reading in readings),
        "digits": 1 - sum(edits(r.text, r.read) for r in readings) / max(length, 1),
        "ms": float(np.median([reading.seconds for reading in readings])) * 1000,
    }


def _report(name: str, readings: Sequence[Reading]) -> Iterable[Reading]:
    """Print a row, and return the readings that are not right."""
    if readings:
        row = summarize(readings)
        digits = f"{row['digits']:8.1%}" if any(r.text for r in readings) else f"{'':8}"
        click.echo(
            f"{name:30}{row['pictures']:9}{row['right'] / row['pictures']:8.1%}{digits}"
            f"{row['wrong']:7}{row['empty']:7}{row['ms']:8.1f}"
        )
    return [reading for reading in readings if not reading.is_right]


def draw_sheet(readings: Sequence[Reading]) -> Image.Image:
    """Show pictures with what is right and what was read."""
    rows = max(1, -(-len(readings) // _COLUMNS))
    sheet = Image.new("RGB", (_COLUMNS * _CELL[0], rows * _CELL[1]), "#d0e0ff")
    pen = ImageDraw.Draw(sheet)
    for index, reading in enumerate(readings):
        top, left = (n * side for n, side in zip(divmod(index, _COLUMNS), _CELL[::-1], strict=True))
        shown = _as_image(reading.source)
        scale = min((_CELL[0] - 4) / shown.width, (_CELL[1] - 18) / shown.height)
        size = (max(1, int(shown.width * scale)), max(1, int(shown.height * scale)))
        sheet.paste(shown.resize(size), (left + 2, top + 16))
        pen.text((left + 2, top + 2), f"{reading.text[:12]} as {reading.read[:12]!r}", "black")
    return sheet


def _as_image(source: Any) -> Image.Image:
    if isinstance(source, np.ndarray):
        low, high = float(source.min()), float(source.max())
        return Image.fromarray(((source - low) / max(high - low, 1e-9) * 255).astype(np.uint8))
    image = source if isinstance(source, Image.Image) else _open(source)
    whole = Image.new("RGBA", image.size, "#ff90ff")
    whole.alpha_composite(image.convert("RGBA"))
    return whole.convert("RGB")


def _open(source: bytes | Path) -> Image.Image:
    with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
        return image.copy()


if __name__ == "__main__":
    cli_support.run(main)
