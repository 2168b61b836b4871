"""A contact sheet of a recording: the app's window after each action, in one image."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw, ImageFont

from digitbench.report.timeline_report import Moment, TimelineReport
from digitbench.text import printable

_WIDTH, _MOST_HEIGHT = (
    480,
    400,
)  # of a picture, in pixels; the default window is shown at half its size
_CAPTION = 56
_GAP = 24
_HEAD = 92
_MOST_COLUMNS = 4
_PAPER, _EDGE, _TEXT, _QUIET = "#f6f4ef", "#cbc8c0", "#1c202c", "#62646e"


def as_contact_sheet(report: TimelineReport) -> bytes:
    """Draw the pictures of a report in order, each above its time, action and answer, as a PNG."""
    frames = [(moment, _fit(moment.picture)) for moment in report.moments if moment.picture]
    columns = _columns(len(frames))
    rows = [frames[start : start + columns] for start in range(0, len(frames), columns)]
    heights = [max(picture.height for _, picture in row) + _CAPTION + _GAP for row in rows]
    sheet = Image.new("RGB", (columns * (_WIDTH + _GAP) + _GAP, _HEAD + sum(heights)), _PAPER)
    pen = ImageDraw.Draw(sheet)
    _head(pen, report, len(frames), sheet.width - 2 * _GAP)
    top = _HEAD
    for row, height in zip(rows, heights, strict=True):
        for column, (moment, picture) in enumerate(row):
            left = _GAP + column * (_WIDTH + _GAP)
            # A tall window is centred in its place.
            corner = (left + (_WIDTH - picture.width) // 2, top)
            sheet.paste(picture, corner)
            right, bottom = corner[0] + picture.width, top + picture.height
            pen.rectangle((corner[0] - 1, top - 1, right, bottom), outline=_EDGE)
            _caption(pen, moment, (left, bottom + 8))
        top += height
    png = io.BytesIO()
    sheet.save(png, "PNG")
    return png.getvalue()


def _columns(count: int) -> int:
    """Return the number of columns that makes the sheet about square."""
    return max(1, count if count <= 3 else min(_MOST_COLUMNS, math.isqrt(count - 1) + 1))


def _fit(picture: Image.Image) -> Image.Image:
    """Shrink a picture to fit its place."""
    scale = min(1.0, _WIDTH / picture.width, _MOST_HEIGHT / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _head(pen: ImageDraw.ImageDraw, report: TimelineReport, shown: int, width: int) -> None:
    count = len(report.moments)
    pen.text((_GAP, 18), _cut(printable(report.result.key_id), 26, width), _TEXT, _font(26))
    outcome = report.result.verdict
    if shown < count:
        outcome += f"; {shown} of {count:,} moments"
    pen.text((_GAP, 54), _cut(printable(outcome), 17, width), _QUIET, _font(17))


def _caption(pen: ImageDraw.ImageDraw, moment: Moment, place: tuple[int, int]) -> None:
    left, top = place
    time = f"{moment.at / 1000:.2f} s"
    pen.text((left, top), time, _QUIET, _font(17))
    deed = left + max(80, math.ceil(_font(17).getlength(time)) + 12)
    room = left + _WIDTH - deed
    pen.text((deed, top), _cut(moment.deed, 17, room), _TEXT, _font(17))
    pen.text((deed, top + 24), _cut(moment.reading, 17, room), _QUIET, _font(17))


def _cut(text: str, size: int, width: int) -> str:
    """Shorten a text to a width in pixels."""
    font = _font(size)
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
