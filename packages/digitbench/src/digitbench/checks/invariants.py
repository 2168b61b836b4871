"""What must hold of any ink: how it was drawn is seen neither in the 28x28 nor in the answer.

Strokes are scaled as points and drawn by distance (`digitnet.preprocessing`), so nothing of this is
near: pictures differ by one level of grey at most, where a float that is rounded up for one is
rounded down for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import numpy as np

from digitbench.checks.assertions import is_as_sure
from digitbench.checks.outcome import INVARIANTS, Broken, Checked
from digitnet import Digit, Drawing, Point, Prediction, Recognizer, Stroke
from digitnet.preprocessing.framing import BOX, SIDE
from digitnet.preprocessing.lattice import MIN_DIGIT_SIZE

_ROUNDING = 1  # level of grey of 255

_SOFT = 1  # pixel by which a line's soft edge may make the ink larger or smaller

_HALF = 0.5 + 0.02  # pixels; and a little for centres that are all but between two pixels


@dataclass(frozen=True)
class Variation:
    """Another way to draw the same.

    Attributes:
        name: what was done to the ink.
        of: gives the other drawing.
        is_reversed: whether its strokes come in reverse order.
    """

    name: str
    of: Callable[[Drawing], Drawing]
    is_reversed: bool = False


def check_invariants(drawing: Drawing, recognizer: Recognizer) -> Checked:
    """See that ink is framed as it should be, and the same however it was drawn.

    Args:
        drawing: the ink, on a canvas and with a pen.
        recognizer: reads it.
    """
    plain, *others = recognizer.predict_many([drawing, *(each.of(drawing) for each in VARIATIONS)])
    broken = [
        fault
        for number, digit in enumerate(plain.digits, start=1)
        for fault in _framing(drawing, digit, f"digit {number}")
    ]
    for variation, other in zip(VARIATIONS, others, strict=True):
        broken += _differences(variation, plain, other, len(drawing.strokes))
    return Checked(INVARIANTS, len(VARIATIONS) + len(plain.digits), tuple(broken))


def _framing(drawing: Drawing, digit: Digit, name: str) -> Iterator[Broken]:
    """Tell what is wrong with the picture of one digit."""
    picture = digit.image
    if picture.shape != (SIDE, SIDE) or picture.dtype != np.uint8:
        yield _other(f"{name} is", f"uint8 ({SIDE}, {SIDE})", f"{picture.dtype} {picture.shape}")
        return
    if (picture.min(), picture.max()) != (0, 255):
        yield _other(f"{name} has greys", "0 to 255", f"{picture.min()} to {picture.max()}")
        return
    rows, columns = np.nonzero(picture)
    longest = int(max(np.ptp(rows), np.ptp(columns))) + 1
    # Ink that is small beside other ink, or beside the pen, stays small; all else fills the box.
    tallest = max(stroke.bounds[3] for stroke in drawing.strokes)
    extent = max(digit.box[2:])
    is_small = extent < max(drawing.pen_pixels, MIN_DIGIT_SIZE * tallest) or not extent
    if longest > BOX + _SOFT or (longest < BOX - _SOFT and not is_small):
        yield _other(f"{name} has a longer side of", f"{BOX} pixels", f"{longest}")
    for axis, way in enumerate(("vertically", "horizontally")):
        profile = picture.sum(axis=1 - axis, dtype=np.float64)
        off = float(profile @ (np.arange(SIDE) + 0.5)) / float(profile.sum()) - SIDE / 2
        # Ink whose mass is at one side is moved only as far as the rest of it can go.
        is_at_edge = bool(profile[0] if off > 0 else profile[-1])
        if abs(off) > _HALF and not is_at_edge:
            what = f"{name} has its centre of mass off the middle {way} by"
            yield _other(what, "at most half a pixel", f"{abs(off):.2f} pixels")


def _differences(
    variation: Variation, plain: Prediction, other: Prediction, count: int
) -> Iterator[Broken]:
    """Tell how other ink is read otherwise."""
    way = f"{variation.name}, it"
    parts = [_parts(digit, count, is_reversed=variation.is_reversed) for digit in other.digits]
    right = [_parts(digit, count, is_reversed=False) for digit in plain.digits]
    # What is accepted by a hair may be turned away by another, for one level of grey.
    is_as_sure_of_all = parts == right and all(map(is_as_sure, plain.digits, other.digits))
    if plain.text != other.text and not is_as_sure_of_all:
        yield _other(f"{way} is read as", plain.text or "no digit", other.text or "no digit")
    if parts != right:
        yield _other(f"{way} is cut into strokes", f"{right}", f"{parts}")
        return
    for number, (one, two) in enumerate(zip(plain.digits, other.digits, strict=True), 1):
        off = int(np.abs(one.image.astype(int) - two.image).max())
        if off > _ROUNDING:
            expected, got = f"at most {_ROUNDING} grey level", f"{off} grey levels"
            yield _other(f"{way} shows the network another digit {number} by", expected, got)


def _parts(digit: Digit, count: int, *, is_reversed: bool) -> list[int]:
    strokes = digit.strokes or ()
    return sorted(count - 1 - index if is_reversed else index for index in strokes)


def _other(what: str, expected: str, got: str) -> Broken:
    return Broken(f"{what} {got}, not {expected}", expected, got)


def _moved(drawing: Drawing, x: float, y: float) -> Drawing:
    return _each(drawing, lambda points: [Point(px + x, py + y, t) for px, py, t in points])


def _scaled(drawing: Drawing, factor: float) -> Drawing:
    """Scale ink, canvas, and so the pen."""
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
"""What must make no difference."""
