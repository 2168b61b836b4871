"""Made pictures of digits in forms: frames, crops of cells, rows of boxes, sheets, Sudokus.

The digits are MNIST's training images and recordings of pendigits' training writers, so choices may
depend on how these pictures are read. Each kind is a function from a source of ink and randomness
to a picture and the text that is right.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np
from PIL import Image

from form_pages import Page, pick, write_in
from paper import InkSource

Kind: TypeAlias = Callable[[InkSource, np.random.Generator], tuple[Image.Image, str]]

GREYS = (0, 0, 0, 60, 110, 160, 200)
"""Grey levels of lines, of 255."""

SUDOKU = 9


def framed(
    source: InkSource,
    rng: np.random.Generator,
    *,
    place: str,
    is_noisy: bool,
    has_lines: bool = True,
) -> tuple[Image.Image, str]:
    """A number in the middle of a picture with a rectangle round it."""
    page, text, _ = _number(source, rng)
    wide, darkness = int(rng.integers(1, 7)), 1 - rng.choice(GREYS) / 255
    height, width = page.ink.shape
    wide = min(wide, max(1, min(width, height) // 16))
    inset = 0 if place == "edge" else int(rng.integers(1, max(2, min(width, height) // 16) + 1))
    if has_lines:
        page.frame((inset, inset, width - inset, height - inset), wide, darkness)
    return page.scan(rng, is_noisy=is_noisy), text


def beside_lines(
    source: InkSource,
    rng: np.random.Generator,
    *,
    sides: int,
    is_dashed: bool = False,
    has_lines: bool = True,
) -> tuple[Image.Image, str]:
    """A number cut out of a form, with lines left on one to three sides."""
    page, text, _ = _number(source, rng)
    height, width = page.ink.shape
    wide, darkness = int(rng.integers(1, 6)), 1 - rng.choice(GREYS) / 255
    wide = min(wide, max(1, min(width, height) // 16))
    dash = int(rng.integers(1, 4)) * wide if is_dashed else 0
    is_noisy = bool(rng.random() < 0.4)
    most = max(1, min(width, height) // 14)
    insets = [int(rng.integers(0, most + 1)) if rng.random() < 0.6 else 0 for _ in range(4)]
    chosen = set(rng.permutation(4)[:sides].tolist())
    start = rng.random() < 0.5  # lines end where they meet, or run on to the edges
    left, top, right, bottom = (
        inset if start and side in chosen else 0 for side, inset in enumerate(insets)
    )
    if has_lines:
        for side in chosen:
            inset = insets[side]
            boxes = (
                (inset, top, inset + wide, height - bottom),
                (left, inset, width - right, inset + wide),
                (width - inset - wide, top, width - inset, height - bottom),
                (left, height - inset - wide, width - right, height - inset),
            )
            page.rule(boxes[side], darkness, dash)
    return page.scan(rng, is_noisy=is_noisy), text


def with_remnants(
    source: InkSource, rng: np.random.Generator, *, has_lines: bool = True
) -> tuple[Image.Image, str]:
    """A number cut out of a page, with short pieces of its neighbours at the edges."""
    page, text, tall = _number(source, rng)
    height, width = page.ink.shape
    for _ in range(int(rng.integers(1, 3))):
        _, other = pick(source, tall * rng.uniform(0.8, 1.1), rng.uniform(0.05, 0.11), rng)
        seen = rng.uniform(0.02, 0.05) * tall + 1
        high, wide = other.shape
        side = rng.integers(4)
        along = rng.uniform(0.1, 0.9)
        left = (round(seen) - wide, round(width - seen))[side] if side < 2 else along * width
        top = (round(seen) - high, round(height - seen))[side - 2] if side >= 2 else along * height
        cut = Page.of_size(width, height)
        cut.write(other, int(left), int(top))
        reach = round(seen) + 1
        inner = np.s_[reach : height - reach, reach : width - reach]
        cut.ink[inner] = 0
        if has_lines:
            page.ink = np.maximum(page.ink, cut.ink)
    return page.scan(rng, is_noisy=bool(rng.random() < 0.4)), text


def row_of_boxes(
    source: InkSource, rng: np.random.Generator, *, style: str, has_lines: bool = True
) -> tuple[Image.Image, str]:
    """Eight boxes of a form: touching, separate, or a comb."""
    high, wide = int(rng.integers(34, 90)), int(rng.integers(26, 70))
    gap = int(rng.uniform(0.1, 0.4) * wide) if style == "separate" else 0
    thick, darkness = int(rng.integers(1, 4)), 1 - rng.choice(GREYS) / 255
    margin_x, margin_y = (int(rng.integers(4, 40)) for _ in range(2))
    count = 8
    page = Page.of_size(2 * margin_x + count * (wide + gap), 2 * margin_y + high)
    text = ""
    tooth = int(high * rng.uniform(0.2, 0.6))
    pen = rng.uniform(0.05, 0.11)
    for index in range(count):
        left, top = margin_x + index * (wide + gap), margin_y
        right, bottom = left + wide + (0 if gap else thick), top + high
        text += write_in(page, (left, top, right, bottom), source, rng, pen)
        if not has_lines:
            continue
        if style == "comb":
            page.rule((left, bottom - thick, right, bottom), darkness)
            for x in (left, right - thick):
                page.rule((x, bottom - tooth, x + thick, bottom), darkness)
        else:
            page.frame((left, top, right, bottom), thick, darkness)
    return page.scan(rng, is_noisy=bool(rng.random() < 0.6), turn=1.0), text


def sheet(
    source: InkSource,
    rng: np.random.Generator,
    *,
    least: tuple[int, int],
    most: tuple[int, int],
    has_lines: bool = True,
) -> tuple[Image.Image, str]:
    """A scanned sheet of touching boxes with a digit each.

    Args:
        source: Of the ink.
        rng: Source of all randomness.
        least: Smallest numbers of rows and of columns.
        most: Largest ones.
        has_lines: Whether the lines are drawn.
    """
    rows, columns = (int(rng.integers(a, b + 1)) for a, b in zip(least, most, strict=True))
    high, wide = int(rng.integers(38, 62)), int(rng.integers(32, 50))
    thick, darkness = int(rng.integers(1, 4)), 1 - rng.choice(GREYS) / 255
    margin_x, margin_y = (int(rng.integers(0, 50)) for _ in range(2))
    page = Page.of_size(2 * margin_x + columns * wide + thick, 2 * margin_y + rows * high + thick)
    pen = rng.uniform(0.05, 0.11)
    text = ""
    for row in range(rows):
        for column in range(columns):
            left, top = margin_x + column * wide, margin_y + row * high
            box = (left, top, left + wide + thick, top + high + thick)
            text += write_in(page, box, source, rng, pen)
            if has_lines:
                page.frame(box, thick, darkness)
    return page.scan(rng, is_noisy=bool(rng.random() < 0.7), turn=0.3), text


def sudoku(
    source: InkSource, rng: np.random.Generator, *, has_lines: bool = True
) -> tuple[Image.Image, str]:
    """A Sudoku with thick and thin lines, and digits in about a third of its cells."""
    side = int(rng.integers(30, 90))
    thin = max(1, side // 40)
    thick, darkness = thin * int(rng.integers(2, 5)), 1 - rng.choice(GREYS[:5]) / 255
    margin = int(rng.integers(0, 60))
    size = 2 * margin + SUDOKU * side + thick
    page = Page.of_size(size, size)
    pen = rng.uniform(0.05, 0.11)
    text = ""
    for row in range(SUDOKU):
        for column in range(SUDOKU):
            left, top = margin + column * side, margin + row * side
            box = (left, top, left + side + thin, top + side + thin)
            if rng.random() < 0.35:
                text += write_in(page, box, source, rng, pen, cross=0.03)
    for index in range(SUDOKU + 1 if has_lines else 0):
        wide = thick if index % 3 == 0 else thin
        at, end = margin + index * side, margin + SUDOKU * side + thick
        page.rule((margin, at, end, at + wide), darkness)
        page.rule((at, margin, at + wide, end), darkness)
    return page.scan(rng, is_noisy=bool(rng.random() < 0.6), turn=1.0), text


def _number(source: InkSource, rng: np.random.Generator) -> tuple[Page, str, float]:
    """Return a page with one to three digits in its middle, their text and their height."""
    count = int(rng.choice([1, 1, 1, 1, 2, 3]))
    side = float(np.exp(rng.uniform(np.log(40), np.log(420))))
    tall = side * rng.uniform(0.45, 0.75)
    pen = rng.uniform(0.05, 0.11)
    picked = [pick(source, tall, pen, rng) for _ in range(count)]
    gap = round(tall * rng.uniform(0.2, 0.4))
    wide = sum(digit.shape[1] for _, digit in picked) + gap * (count - 1)
    width = max(round(side * rng.uniform(0.75, 1.3)), round(wide + 0.3 * side))
    page = Page.of_size(width, round(side))
    left = (width - wide) // 2
    text = ""
    for label, digit in picked:
        page.write(digit, left, (round(side) - digit.shape[0]) // 2)
        left += digit.shape[1] + gap
        text += label
    return page, text, tall


KINDS: dict[str, Kind] = {
    "frame at the edge": partial(framed, place="edge", is_noisy=False),
    "frame inside": partial(framed, place="inside", is_noisy=False),
    "frame at the edge of a scan": partial(framed, place="edge", is_noisy=True),
    "frame inside a scan": partial(framed, place="inside", is_noisy=True),
    "line on one side": partial(beside_lines, sides=1),
    "lines on two sides": partial(beside_lines, sides=2),
    "lines on three sides": partial(beside_lines, sides=3),
    "dashed line on one side": partial(beside_lines, sides=1, is_dashed=True),
    "dashed lines on two sides": partial(beside_lines, sides=2, is_dashed=True),
    "pieces of neighbours": with_remnants,
    "row of touching boxes": partial(row_of_boxes, style="touching"),
    "row of separate boxes": partial(row_of_boxes, style="separate"),
    "comb": partial(row_of_boxes, style="comb"),
    "few boxes": partial(sheet, least=(2, 2), most=(5, 5)),
    "sheet of boxes": partial(sheet, least=(8, 10), most=(14, 18)),
    "large sheet of boxes": partial(sheet, least=(20, 30), most=(25, 46)),
    "sudoku": sudoku,
}
"""Pictures with lines."""

CONTROLS: dict[str, Kind] = {
    name: partial(kind, has_lines=False)  # type: ignore[call-arg]
    for name, kind in KINDS.items()
}
"""The same pictures without the lines or pieces, for the same state of the randomness."""
