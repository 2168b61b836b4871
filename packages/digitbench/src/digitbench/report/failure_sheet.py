"""An image of all failures: the ink as drawn, the 28x28, and what the network made of it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digitbench.replay.timeline import on_canvas
from digitbench.report.report import Report
from digitbench.run.suite import Result
from digitnet import Digit, Drawing
from digitnet.preprocessing.raster import render

_CELL = (312, 168)
_SIDE = 112
_COLUMNS = 4
_PAPER, _TEXT, _QUIET = "white", "#1c202c", "#62646e"


def as_png(results: Sequence[Result]) -> bytes:
    """Draw a cell for each result that is not right, as a PNG; if all are, say so in one."""
    wrong = [result for result in results if not result.is_right]
    columns = min(_COLUMNS, max(1, len(wrong)))
    rows = max(1, -(-len(wrong) // columns))
    sheet = Image.new("RGB", (columns * _CELL[0], rows * _CELL[1]), _PAPER)
    if not wrong:
        ImageDraw.Draw(sheet).text((8, 8), "nothing went wrong", _TEXT, _font(16))
    for index, result in enumerate(wrong):
        row, column = divmod(index, columns)
        sheet.paste(_cell(result), (column * _CELL[0], row * _CELL[1]))
    png = io.BytesIO()
    sheet.save(png, "PNG")
    return png.getvalue()


SHEET_REPORT = Report(
    "sheet", "Write an image (PNG) of all failures.", lambda run: as_png(run.results)
)


def _cell(result: Result) -> Image.Image:
    cell = Image.new("RGB", _CELL, _PAPER)
    pen = ImageDraw.Draw(cell)
    pen.text((8, 6), f"{result.key_id}  {_meaning(result)}", _TEXT, _font(12))
    cell.paste(_ink(result.drawing), (8, 26))
    pen.rectangle((7, 25, 8 + _SIDE, 26 + _SIDE), outline="#d6d3cd")
    # Of several digits, show the one that is least likely to be a digit.
    digit = min(result.digits, key=lambda digit: digit.likelihood, default=None)
    if digit is not None:
        picture = Image.fromarray(255 - digit.image).resize(
            (_SIDE, _SIDE), Image.Resampling.NEAREST
        )
        cell.paste(picture, (16 + _SIDE, 26))
        pen.multiline_text(
            (24 + 2 * _SIDE, 26), _probabilities(digit), _QUIET, _font(12), spacing=4
        )
    pen.text((8, 32 + _SIDE), _outcome(result), _QUIET, _font(12))
    return cell


def _meaning(result: Result) -> str:
    return f"is {result.word}" if result.word else "is not a digit"


def _outcome(result: Result) -> str:
    if result.violations:
        return str(result.violations[0][1])
    if result.replayed.error:
        return "crashed: " + result.replayed.error.strip().splitlines()[-1]
    found = "".join(str(digit.label) for digit in result.digits)
    return f"read as {result.answer}" if result.answer else f"not accepted, perhaps {found}"


def _probabilities(digit: Digit) -> str:
    best = np.argsort(digit.probabilities)[:-4:-1]
    lines = [f"{label}: {digit.probabilities[label]:.1%}" for label in best]
    return "\n".join([*lines, "", "a digit:", f"{digit.likelihood:.1%}"])


def _ink(drawing: Drawing) -> Image.Image:
    """Draw the strokes at their position on the canvas."""
    drawing = on_canvas(drawing)
    width, height = drawing.canvas or (1.0, 1.0)
    scale = _SIDE / max(width, height)
    paths = [stroke.xy * scale for stroke in drawing.strokes]
    radius = max(1.0, drawing.pen_pixels * scale / 2)
    grey = 255 - np.rint(render(paths, (_SIDE, _SIDE), radius=radius) * 255)
    return Image.fromarray(grey.astype(np.uint8))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
