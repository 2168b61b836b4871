"""Measures how rows of ink are read: numbers, digits beside signs, and digits beside letters.

    python tools/measure/rows.py --data DIR [--sheet failures.png]

A row is right if every digit is read, and every sign or letter as "?". DIR holds pendigits, and
`unipen`, recordings of UNIPEN's numbers, digits between signs, digits and letters. Test writers are
not among them, so that segmentation may be chosen by this.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import click
from PIL import Image, ImageDraw

from digitbench.formats.unipen.reader import read_unipen
from digitnet import Drawing, Prediction, Recognizer, cli_support, read_drawings
from drawing_sets import compose_numbers, set_beside

GAPS = (0.15, 0.2, 0.3, 0.4, 0.6)
"""Between letters and digits, as shares of their height."""

SEED = 7
_CELL, _COLUMNS, _MARGIN = (420, 220), 4, 20


def rows(data: Path, count: int) -> Iterator[tuple[str, Iterable[Drawing]]]:
    """Return named sets of rows; the word of each is the text that is right.

    Args:
        data: the folder of data.
        count: of the rows in each composed set.
    """
    unipen = data / "unipen"
    for name in ("numbers", "mixed"):
        by_writer = defaultdict(list)
        for drawing in read_drawings(unipen / f"{name}.ndjson"):
            by_writer[drawing.writer].append(replace(drawing, word=as_text(drawing.word)))
        yield from ((f"{name} by {who}", by_writer[who]) for who in sorted(by_writer))
    digits = list(read_drawings(unipen / "digits.ndjson"))
    letters = [
        replace(drawing, word="?")
        for drawing in read_drawings(unipen / "letters.ndjson")
        if drawing.writer not in ("app", "imp")  # "app" is for measuring releases
    ]
    trained = list(read_unipen(data / "pendigits" / "pendigits-orig.tra"))
    yield "composed of pendigits", compose_numbers(trained, count, SEED)
    yield "composed of unipen", compose_numbers(digits, count, SEED)
    for gap in GAPS:
        yield f"letters, {gap} apart", _beside_letters(digits, letters, gap, count)


def as_text(word: str) -> str:
    """Return how a word is read: without blanks, and with `?` for each sign."""
    return re.sub(r"[^0-9]", "?", word.replace(" ", ""))


def _beside_letters(
    digits: Sequence[Drawing], letters: Sequence[Drawing], gap: float, count: int
) -> Iterator[Drawing]:
    """Set two letters and two digits of one contributor side by side, in any order."""
    rng = Random(SEED)
    by_writer = {who: [d for d in digits if d.writer == who] for who in {d.writer for d in letters}}
    for number in range(count):
        letter = rng.choice(letters)
        others = [d for d in letters if d.writer == letter.writer]
        row = [letter, rng.choice(others), *rng.choices(by_writer[letter.writer], k=2)]
        rng.shuffle(row)
        yield set_beside(row, (gap, gap), rng, f"{gap}-{number:03d}")


def _cell(drawing: Drawing, prediction: Prediction) -> Image.Image:
    """Draw a row, with a box around everything that was read as one digit, or as none."""
    cell = Image.new("RGB", _CELL, "white")
    pen = ImageDraw.Draw(cell)
    left, top, width, height = drawing.bounds or (0.0, 0.0, 1.0, 1.0)
    room = (_CELL[0] - 2 * _MARGIN) / max(width, 1), (_CELL[1] - 3 * _MARGIN) / max(height, 1)
    scale = min(room)
    x0, y0 = _MARGIN - left * scale, 2 * _MARGIN - top * scale
    for stroke in drawing.strokes:
        path = [(x * scale + x0, y * scale + y0) for x, y, _ in stroke.points]
        pen.line(path + path[:1] * (len(path) == 1), "black", 2)
        pen.ellipse((path[0][0] - 2, path[0][1] - 2, path[0][0] + 2, path[0][1] + 2), "#4060ff")
    for digit in prediction.digits:
        x, y, wide, high = (side * scale for side in digit.box)
        corner = (x + x0 - 3, y + y0 - 3)
        colour = "#00a040" if digit.accepted else "#ff2020"
        pen.rectangle((*corner, corner[0] + wide + 6, corner[1] + high + 6), outline=colour)
        pen.text((corner[0], corner[1] - 11), str(digit.label), colour)
    pen.text((4, 2), f"{drawing.key_id}: {drawing.word} read as {prediction.text}", "black")
    return cell


def _sheet(failures: Sequence[tuple[Drawing, Prediction]]) -> Image.Image:
    size = (_COLUMNS * _CELL[0], max(1, -(-len(failures) // _COLUMNS)) * _CELL[1])
    sheet = Image.new("RGB", size, "white")
    for index, failure in enumerate(failures):
        row, column = divmod(index, _COLUMNS)
        sheet.paste(_cell(*failure), (column * _CELL[0], row * _CELL[1]))
    return sheet


@click.command(name="rows")
@cli_support.data_option
@cli_support.model_option
@click.option("--count", type=click.IntRange(1), default=200, show_default=True)
@click.option("--only", default="", help="Only the sets whose name contains this.")
@click.option("--sheet", type=click.Path(path_type=Path), help="Draw the failures into this file.")
def main(data: Path | None, model: Path | None, count: int, only: str, sheet: Path | None) -> None:
    """Count the rows that are read completely."""
    if data is None:
        raise click.UsageError("needs --data with unipen and pendigits.")
    recognizer = Recognizer(model, threads=1)
    failures: list[tuple[Drawing, Prediction]] = []
    for name, drawings in rows(data, count):
        if only not in name:
            continue
        total = 0
        wrong = []
        chosen = list(drawings)
        for drawing, prediction in zip(chosen, recognizer.predict_many(chosen), strict=True):
            total += 1
            if prediction.text != drawing.word:
                wrong.append((drawing, prediction))
        failures += wrong
        click.echo(f"{name:<24} {total - len(wrong):>5} of {total}")
    if sheet:
        _sheet(failures).save(sheet)


if __name__ == "__main__":
    cli_support.run(main)
