"""Sets of drawings for measurements: numbers, digits drawn differently, and other shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import radians, tan
from random import Random

import numpy as np

from digitnet import Drawing, Point, Stroke
from digitnet.training.synthetic.negatives import make_negatives
from digitnet.training.synthetic.shapes import UNSEEN

BOARD = 600
"""The side of the square canvas of these drawings, in pixels."""

PLACES = tuple(product((0.0, 0.5, 1.0), repeat=2))
"""Nine positions: the shares of the free space to the left of the digit and above it."""

SIZES = (0.12, 0.2, 0.35, 0.6, 0.95)
"""The digit's longer side, pen included, over the board's."""

PENS = (0.015, 0.03, 0.05, 0.09, 0.15)
"""The pen's diameter over the board's side."""

NATURAL_GAPS = (0.08, 0.5)
"""Between the digits of a number, as shares of their height."""

SLANTS = (-30, -20, -10, 0, 10, 20, 30)
"""In degrees; if positive, the top leans to the right."""


def redraw(drawing: Drawing, *, place: tuple[float, float], size: float, pen: float) -> Drawing:
    """Redraw a digit in another place, with another size and pen.

    If the pen is wider than the digit should be, the points extend over a quarter of that size: a
    blob to the eye, but not in the recording.
    """
    bounds = drawing.bounds
    assert bounds is not None, "the drawing has ink"  # noqa: S101
    left, top, width, height = bounds
    extent = max(size - pen, size / 4) * BOARD
    scale = extent / max(width, height, 1e-9)
    x = place[0] * (BOARD - width * scale - pen * BOARD) + pen * BOARD / 2
    y = place[1] * (BOARD - height * scale - pen * BOARD) + pen * BOARD / 2
    strokes = _move(drawing.strokes, scale, x - left * scale, y - top * scale)
    return replace(drawing, strokes=strokes, canvas=(BOARD, BOARD), pen=pen)


def slant(drawing: Drawing, degrees: float) -> Drawing:
    """Slant a digit, in the middle of the board."""
    lean = -tan(radians(degrees))
    leaning = replace(drawing, strokes=_move(drawing.strokes, 1, 0, 0, lean=lean))
    return redraw(leaning, place=(0.5, 0.5), size=0.6, pen=0.05)


def compose_numbers(digits: Sequence[Drawing], count: int, seed: int) -> Iterator[Drawing]:
    """Compose numbers of 2 to 6 digits from single digits of one writer each, naturally spaced.

    Digits differ in height by up to 15 % and are a few per cent off the line; the gaps are 8 % to
    50 % of their height.
    """
    rng = Random(seed)
    by_writer: dict[str, list[Drawing]] = {}
    for digit in digits:
        by_writer.setdefault(digit.writer, []).append(digit)
    writers = sorted(by_writer)
    for number in range(count):
        chosen = rng.choices(by_writer[rng.choice(writers)], k=rng.randint(2, 6))
        yield set_beside(chosen, NATURAL_GAPS, rng, f"number-{number:04d}")


def set_beside(
    drawings: Sequence[Drawing], gaps: tuple[float, float], rng: Random, key_id: str
) -> Drawing:
    """Set drawings side by side, about as high as each other, as one with all their words.

    Args:
        drawings: from left to right.
        gaps: the least and the largest gap between them, as shares of their height.
        rng: varies heights, gaps, and how far each is off the line.
        key_id: of the result.
    """
    strokes: list[Stroke] = []
    right = clock = 0.0
    for drawing in drawings:
        left, top, width, height = drawing.bounds or (0.0, 0.0, 1.0, 1.0)
        scale = rng.uniform(0.85, 1.15) / max(height, 0.6 * width, 1e-9)
        start = right + rng.uniform(*gaps) * bool(strokes)
        drop = rng.gauss(0, 0.05)
        moved = _move(drawing.strokes, scale, start - left * scale, drop - top * scale)
        strokes += [Stroke(p._replace(t=p.t + clock) for p in s.points) for s in moved]
        clock = strokes[-1].points[-1].t + 300
        right = start + width * scale
    raw = Drawing(tuple(strokes), word="".join(d.word for d in drawings), key_id=key_id)
    return redraw(raw, place=(0.5, 0.5), size=0.95, pen=0.02)


def unseen_negatives(count: int, seed: int) -> Iterator[Drawing]:
    """Draw shapes of the kinds that are never trained on."""
    rng = np.random.default_rng(seed)
    for number, (kind, paths) in enumerate(make_negatives(count, UNSEEN, rng)):
        strokes = [
            Stroke((float(x), float(y), 10 * i) for i, (x, y) in enumerate(p)) for p in paths
        ]
        raw = Drawing(tuple(strokes), key_id=f"{kind}-{number:04d}", tags=(kind,))
        place = (rng.random(), rng.random())
        yield redraw(raw, place=place, size=rng.uniform(0.2, 0.9), pen=rng.uniform(0.015, 0.08))


def _move(
    strokes: Sequence[Stroke], scale: float, x: float, y: float, *, lean: float = 0.0
) -> tuple[Stroke, ...]:
    """Shear by `lean`, in pixels sideways per pixel down, then scale, then move."""
    return tuple(
        Stroke(Point((p.x + lean * p.y) * scale + x, p.y * scale + y, p.t) for p in stroke.points)
        for stroke in strokes
    )
