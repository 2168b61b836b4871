"""Checks that how ink was drawn shows neither in the 28x28 nor in the answer.

Strokes are scaled as points and drawn by distance (`digitnet.preprocessing`), so none of this is
approximate: pictures differ by at most one grey level, where rounding goes one way in one and the
other way in the other. The path of the pen, the other thing that is read, is put into an order of
its own, so the order and the directions of strokes do not matter to it either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import numpy as np

from digitbench.checks.assertions import is_as_sure, is_readable
from digitbench.checks.check import Check, FinishedReplay
from digitbench.replay.outcome import CheckOutcome, Violation
from digitnet import Digit, Drawing, Point, Prediction, Stroke
from digitnet.preprocessing.framing import BOX, SIDE
from digitnet.preprocessing.segmentation import MIN_DIGIT_SIZE

_ROUNDING = 1  # grey level of 255
_SOFT_EDGE = 1  # pixel by which the soft edge of a line may make ink larger or smaller
_HALF = 0.5 + 0.02  # pixels, and a little more for centres that are almost between two pixels


@dataclass(frozen=True)
class Variation:
    """Another way to draw the same digits.

    Attributes:
        name: what was done to the ink.
        apply: returns the varied drawing.
        is_reversed: whether its strokes come in reverse order.
    """

    name: str
    apply: Callable[[Drawing], Drawing]
    is_reversed: bool = False


class Invariants(Check):
    """The ink at the end is framed correctly, and read the same however it is drawn."""

    name = "invariants"
    summary = "place, size, order and direction of strokes make no difference"
    is_default = True

    def finish(self, replay: FinishedReplay) -> CheckOutcome | None:
        """Read the ink in all variations; None if there is none to read, or too much."""
        board = replay.board
        if board is None or not is_readable(board):
            return None
        plain, *others = self.context.recognizer.predict_many(
            [board, *(variation.apply(board) for variation in VARIATIONS)]
        )
        violations = [
            violation
            for number, digit in enumerate(plain.digits, start=1)
            for violation in _framing(board, digit, f"digit {number}")
        ]
        for variation, other in zip(VARIATIONS, others, strict=True):
            violations += _differences(variation, plain, other, len(board.strokes))
        count = len(VARIATIONS) + len(plain.digits)
        return CheckOutcome(self.name, count, tuple(violations))


def _framing(drawing: Drawing, digit: Digit, name: str) -> Iterator[Violation]:
    """Yield what is wrong with the picture of one digit."""
    picture = digit.image
    if picture.shape != (SIDE, SIDE) or picture.dtype != np.uint8:
        yield _violation(
            f"{name} is", f"uint8 ({SIDE}, {SIDE})", f"{picture.dtype} {picture.shape}"
        )
        return
    if (picture.min(), picture.max()) != (0, 255):
        yield _violation(f"{name} has greys", "0 to 255", f"{picture.min()} to {picture.max()}")
        return
    rows, columns = np.nonzero(picture)
    longest = int(max(np.ptp(rows), np.ptp(columns))) + 1
    # Ink that is small compared with other ink or the pen stays small; other ink fills the box.
    tallest = max(stroke.bounds[3] for stroke in drawing.strokes)
    extent = max(digit.box[2:])
    is_small = extent < max(drawing.pen_pixels, MIN_DIGIT_SIZE * tallest) or not extent
    if longest > BOX + _SOFT_EDGE or (longest < BOX - _SOFT_EDGE and not is_small):
        yield _violation(f"{name} has a longer side of", f"{BOX} pixels", f"{longest}")
    for axis, direction in enumerate(("vertically", "horizontally")):
        profile = picture.sum(axis=1 - axis, dtype=np.float64)
        off = float(profile @ (np.arange(SIDE) + 0.5)) / float(profile.sum()) - SIDE / 2
        # Ink with its mass on one side is moved only until the rest reaches the edge.
        is_at_edge = bool(profile[0] if off > 0 else profile[-1])
        if abs(off) > _HALF and not is_at_edge:
            what = f"{name} has its centre of mass off the middle {direction} by"
            yield _violation(what, "at most half a pixel", f"{abs(off):.2f} pixels")


def _differences(
    variation: Variation, plain: Prediction, other: Prediction, count: int
) -> Iterator[Violation]:
    """Yield how a variation is read differently."""
    prefix = f"{variation.name}, it"
    parts = [_strokes_of(digit, count, is_reversed=variation.is_reversed) for digit in other.digits]
    right = [_strokes_of(digit, count, is_reversed=False) for digit in plain.digits]
    # A digit that is barely accepted may be rejected because of one grey level.
    is_same_reading = parts == right and all(map(is_as_sure, plain.digits, other.digits))
    if plain.text != other.text and not is_same_reading:
        yield _violation(f"{prefix} is read as", plain.text or "no digit", other.text or "no digit")
    if parts != right:
        yield _violation(f"{prefix} is cut into strokes", f"{right}", f"{parts}")
        return
    for number, (one, two) in enumerate(zip(plain.digits, other.digits, strict=True), 1):
        off = int(np.abs(one.image.astype(int) - two.image).max())
        if off > _ROUNDING:
            expected, got = f"at most {_ROUNDING} grey level", f"{off} grey levels"
            yield _violation(f"{prefix} shows the network another digit {number} by", expected, got)


def _strokes_of(digit: Digit, count: int, *, is_reversed: bool) -> list[int]:
    strokes = digit.strokes or ()
    return sorted(count - 1 - index if is_reversed else index for index in strokes)


def _violation(what: str, expected: str, got: str) -> Violation:
    return Violation(f"{what} {got}, not {expected}", expected, got)


def _moved(drawing: Drawing, x: float, y: float) -> Drawing:
    return _each(drawing, lambda points: [Point(px + x, py + y, t) for px, py, t in points])


def _scaled(drawing: Drawing, factor: float) -> Drawing:
    """Scale ink and canvas, and with the canvas the pen."""
    width, height = drawing.canvas or (1.0, 1.0)
    larger = _each(drawing, lambda points: [Point(x * factor, y * factor, t) for x, y, t in points])
    return replace(larger, canvas=(width * factor, height * factor))


def _with_middles(points: Sequence[Point]) -> Sequence[Point]:
    """Add the middle of each segment."""
    middles = [Point((a.x + b.x) / 2, (a.y + b.y) / 2, a.t) for a, b in pairwise(points)]
    return [*chain.from_iterable(zip(points, middles, strict=False)), points[-1]]


def _each(drawing: Drawing, change: Callable[[Sequence[Point]], Sequence[Point]]) -> Drawing:
    """Change the points of each stroke."""
    strokes = tuple(Stroke(change(stroke.points)) for stroke in drawing.strokes)
    return replace(drawing, strokes=strokes)


VARIATIONS = (
    Variation("moved by (137, -41) pixels", lambda drawing: _moved(drawing, 137, -41)),
    Variation("0.37 times as large", lambda drawing: _scaled(drawing, 0.37)),
    Variation("1.7 times as large", lambda drawing: _scaled(drawing, 1.7)),
    Variation(
        "with its strokes in reverse order",
        lambda drawing: replace(drawing, strokes=drawing.strokes[::-1]),
        is_reversed=True,
    ),
    Variation(
        "with its strokes drawn from their other ends",
        lambda drawing: _each(drawing, lambda points: points[::-1]),
    ),
    Variation(
        "with a point more in each segment",
        lambda drawing: _each(drawing, _with_middles),
    ),
)
"""Ways of drawing that must make no difference."""
