"""A sheet of everything golden that has changed: before, after and the difference."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digitbench.checks.golden import Change
from digitbench.checks.golden_windows import WindowChange

_GAP, _HEAD = 8, 20  # pixels
_PICTURE_SCALE = 4
_WIDEST = 480  # pixels of a window on the sheet


def as_sheet(pictures: Sequence[Change], windows: Sequence[WindowChange]) -> bytes:
    """Return a PNG with a row for each change, windows first."""
    rows = [(change.name, _window_row(change)) for change in windows]
    rows += [(change.name, _picture_row(change)) for change in pictures]
    width = max((sum(tile.width + _GAP for tile in row) for _, row in rows), default=0) + _GAP
    heights = [_HEAD + max(tile.height for tile in row) + _GAP for _, row in rows]
    sheet = Image.new("RGB", (width, max(1, sum(heights))), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    top = 0
    for (name, row), height in zip(rows, heights, strict=True):
        pen.text((_GAP, top + 3), f"{name}: before, after, difference", "black", font)
        left = _GAP
        for tile in row:
            sheet.paste(tile, (left, top + _HEAD))
            left += tile.width + _GAP
        top += height
    content = io.BytesIO()
    sheet.save(content, "PNG")
    return content.getvalue()


def _picture_row(change: Change) -> list[Image.Image]:
    blank = np.zeros((28, 28), np.uint8)
    before = blank if change.before is None else change.before
    after = blank if change.after is None else change.after
    off = np.abs(before.astype(int) - after).astype(np.uint8)
    side = 28 * _PICTURE_SCALE
    return [
        Image.fromarray(255 - ink).resize((side, side), Image.Resampling.NEAREST)
        for ink in (before, after, off)
    ]


def _window_row(change: WindowChange) -> list[Image.Image]:
    after = Image.fromarray(change.after)
    before = Image.fromarray(change.after if change.before is None else change.before)
    if change.before is None:
        before.paste("white", (0, 0, *before.size))
    # Windows of different sizes are compared as far as they overlap.
    width, height = min(before.width, after.width), min(before.height, after.height)
    both = [np.asarray(window.crop((0, 0, width, height)), int) for window in (before, after)]
    off = Image.fromarray((255 - np.abs(both[0] - both[1])).astype(np.uint8))
    for tile in (before, after, off):
        tile.thumbnail((_WIDEST, _WIDEST))
    return [before, after, off]
