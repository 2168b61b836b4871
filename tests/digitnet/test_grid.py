"""Grids: the boxes of tables, Sudokus and forms, with a digit or none in each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitnet import Drawing, PictureError, Recognizer
from digitnet.preprocessing.raster import render

if TYPE_CHECKING:
    from tests.digitnet.conftest import Command

SIDE = 60


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(threads=1)


@pytest.fixture(scope="module")
def glyphs(bundled: list[Drawing]) -> dict[str, Image.Image]:
    """A picture of each digit, SIDE pixels high at most, black on white, with a thin margin."""
    found: dict[str, Image.Image] = {}
    for drawing in bundled:
        if drawing.word and drawing.word not in found:
            left, top, width, height = drawing.bounds or (0, 0, 1, 1)
            scale = 0.6 * SIDE / max(width, height)
            paths = [(stroke.xy - (left, top)) * scale + 4 for stroke in drawing.strokes]
            shape = round(height * scale) + 9, round(width * scale) + 9
            ink = np.rint(255 * (1 - render(paths, shape, radius=1.7))).astype(np.uint8)
            found[drawing.word] = Image.fromarray(ink)
    return found


def write(page: Image.Image, glyph: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Put a digit into the middle of a box."""
    left, top, right, bottom = box
    place = (left + right - glyph.width) // 2, (top + bottom - glyph.height) // 2
    page.paste(glyph, place)


def table(rows: list[str], glyphs: dict[str, Image.Image], *, line: int = 2) -> Image.Image:
    """Draw a table of square boxes; a dot is a blank one."""
    size = (len(rows[0]) * SIDE + 40, len(rows) * SIDE + 40)
    page = Image.new("L", size, 255)
    pen = ImageDraw.Draw(page)
    for i, row in enumerate(rows):
        for j, label in enumerate(row):
            box = (20 + j * SIDE, 20 + i * SIDE, 20 + (j + 1) * SIDE, 20 + (i + 1) * SIDE)
            if label != ".":
                write(page, glyphs[label], box)
            pen.rectangle(box, outline=0, width=line)
    return page


ROWS = ["31.4", "..27", "8.95"]


def test_a_table_gives_rows_and_columns(
    recognizer: Recognizer, glyphs: dict[str, Image.Image]
) -> None:
    """Blank boxes are None, and each cell's box is in the picture's pixels."""
    grid = recognizer.read_grid(table(ROWS, glyphs))
    assert grid.text.split("\n") == ROWS
    assert [[None if d is None else d.label for d in row] for row in grid.rows] == [
        [None if label == "." else int(label) for label in row] for row in ROWS
    ]
    left, top, width, height = grid.boxes[1][2]
    assert (left, top) == pytest.approx((20 + 2 * SIDE, 20 + SIDE), abs=3)
    assert (width, height) == pytest.approx((SIDE, SIDE), abs=4)


@pytest.mark.parametrize("angle", [-3, 1.5, 3])
def test_a_tilted_scan(
    recognizer: Recognizer, glyphs: dict[str, Image.Image], angle: float
) -> None:
    """A scan that is turned by a few degrees, noisy and on grey paper."""
    turned = table(ROWS, glyphs).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    noise = np.random.default_rng(1).normal(0, 3, turned.size[::-1])
    scan = np.clip(np.asarray(turned) * 0.9 + noise, 0, 255).astype(np.uint8)
    assert recognizer.read_grid(scan).text.split("\n") == ROWS


@pytest.mark.parametrize("style", ["touching", "separate", "comb"])
def test_a_row_of_boxes(recognizer: Recognizer, glyphs: dict[str, Image.Image], style: str) -> None:
    """The fields of forms: boxes side by side, boxes apart, and one line with uprights."""
    word = "20475913"
    step = SIDE + (14 if style == "separate" else 0)
    page = Image.new("L", (len(word) * step + 40, SIDE + 40), 255)
    pen = ImageDraw.Draw(page)
    for index, label in enumerate(word):
        left = 20 + index * step
        box = (left, 20, left + SIDE, 20 + SIDE)
        write(page, glyphs[label], box)
        if style == "comb":
            pen.line([(left, 58), (left, 80), (left + SIDE, 80), (left + SIDE, 58)], 0, 2)
        else:
            pen.rectangle(box, outline=0, width=2)
    assert recognizer.read_grid(page).text == word
    assert recognizer.predict(page).text == word


def test_a_sheet_is_read_row_by_row(recognizer: Recognizer, glyphs: dict[str, Image.Image]) -> None:
    """`predict` reads every box of a sheet, and no digit has ink of two."""
    rows = ["".join(str((3 * i + 7 * j) % 10) for j in range(12)) for i in range(10)]
    prediction = recognizer.predict(table(rows, glyphs, line=3))
    assert prediction.text == "".join(rows)
    assert [digit.line for digit in prediction.digits] == [i for i in range(10) for _ in range(12)]


def test_a_picture_without_a_grid(recognizer: Recognizer, seven_picture: Image.Image) -> None:
    with pytest.raises(PictureError, match="no grid was found") as caught:
        recognizer.read_grid(seven_picture)
    assert "\n" not in str(caught.value)


def test_a_blank_table(recognizer: Recognizer) -> None:
    assert recognizer.read_grid(table(["...", "...", "..."], {})).text == "...\n...\n..."


def test_the_command(
    command: Command, tmp_path: Path, glyphs: dict[str, Image.Image], seven_picture: Image.Image
) -> None:
    """It prints the rows, or JSON; a picture without a grid is one line on stderr."""
    table(ROWS, glyphs).save(tmp_path / "form.png")
    seven_picture.save(tmp_path / "seven.png")
    done = command("grid", tmp_path / "form.png")
    assert (done.code, done.lines) == (0, ROWS)
    record = json.loads(command("grid", "--json", tmp_path / "form.png").out)
    assert record["text"] == "\n".join(ROWS)
    assert record["rows"][0] == [3, 1, None, 4]
    failed = command("grid", tmp_path / "seven.png")
    assert failed.code == 1
    assert len(failed.err.splitlines()) == 1
