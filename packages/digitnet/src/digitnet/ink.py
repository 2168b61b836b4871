"""Ink: a digit as it is drawn, strokes of points in time.

Immutable values. Coordinates are canvas pixels, x to the right and y down; times are milliseconds
from the start of the drawing.

>>> seven = Drawing([Stroke.of([10, 50, 25], [10, 10, 90])], word="7")
>>> seven.bounds
(10.0, 10.0, 40.0, 80.0)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from digitnet.errors import InkError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_COORDINATE = 1e7
"""Coordinates beyond this, in pixels, are taken for damage; no canvas is that large."""

MAX_POINTS = 500_000
"""The most points that one drawing may have; an hour of pen data at 100 Hz has 360,000."""

Box: TypeAlias = tuple[float, float, float, float]


class Point(NamedTuple):
    """Where the pen was, in pixels, and when, in milliseconds."""

    x: float
    y: float
    t: float = 0


class Place(NamedTuple):
    """Where a drawing was read: the file's name, and the line, from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Stroke:
    """The points from pen down to pen up; at least one.

    Raises:
        InkError: there is no point, or a number is not finite or beyond `MAX_COORDINATE`.
    """

    points: tuple[Point, ...]

    def __init__(self, points: Iterable[Point | Sequence[float]]) -> None:
        """Take points, or sequences ``(x, y)`` or ``(x, y, t)``."""
        try:
            plain = tuple(points)
            # The app's own points need no conversion, and may be a hundred thousand: all that is
            # done to each is done outside of Python's loops.
            if not set(map(type, plain)) <= {Point} or not _types_in(plain) <= {int, float}:
                plain = tuple(Point(*map(_plain, point)) for point in plain)
            object.__setattr__(self, "points", plain)
            table = abs(_table(self.points))
            ok = bool((table[:, :2] <= MAX_COORDINATE).all() and (table[:, 2] < math.inf).all())
        except (TypeError, ValueError, OverflowError) as error:
            raise InkError(
                f"a stroke's points must be pairs or triples of numbers: {error}"
            ) from None
        if not self.points:
            raise InkError("a stroke has no points; it needs at least one")
        if not ok:
            raise InkError(
                f"a stroke holds a number that is not finite or beyond {MAX_COORDINATE:.0e} pixels"
            )

    def __getstate__(self) -> dict[str, Any]:
        # Without what is cached: an array that travelled would be writeable.
        return {"points": self.points}

    @classmethod
    def of(
        cls, xs: Sequence[float], ys: Sequence[float], ts: Sequence[float] | None = None
    ) -> Stroke:
        """Make a stroke from lists of equal length, as recordings hold them."""
        if len(xs) != len(ys) or (ts is not None and len(ts) != len(xs)):
            lengths = " and ".join(str(len(list_)) for list_ in (xs, ys, ts) if list_ is not None)
            raise InkError(f"a stroke's lists must have equal lengths, not {lengths}")
        return cls(zip(xs, ys, strict=True) if ts is None else zip(xs, ys, ts, strict=True))

    @cached_property
    def xy(self) -> NDArray[np.float64]:
        """The points' coordinates, float64 (n, 2), read-only."""
        array = _table(self.points)[:, :2].copy()
        array.flags.writeable = False
        return array

    @cached_property
    def bounds(self) -> Box:
        """(left, top, width, height) of the points in pixels, without the pen."""
        (left, top), (right, bottom) = self.xy.min(axis=0), self.xy.max(axis=0)
        return float(left), float(top), float(right - left), float(bottom - top)


@dataclass(frozen=True)
class Drawing:
    """Strokes in the order in which they were drawn, and what is known about them.

    Attributes:
        strokes: the ink; may be empty.
        word: what it means: "7", a number such as "2026", or "" for no digit.
        key_id: a name that is unique within its collection.
        canvas: (width, height) in pixels of what it was drawn on, or None.
        pen: the pen's diameter over the canvas's shorter side, or None.
        device: "mouse", "touch" or "pen", or "".
        source: where the drawing is from.
        writer: who drew it.
        tags: whatever else one may want to choose by.
        events: what else happened, each ``(t, name, …)``: undo, redo, clear, resize.
        answer: what the app said: text, confidence, probabilities, model.
        extra: keys of a recording that this version does not know, kept for the way back.
        place: where it was read, or None; not written, and without a say in what is equal.

    Raises:
        InkError: there are more than `MAX_POINTS` points.
    """

    strokes: tuple[Stroke, ...]
    word: str = ""
    key_id: str = ""
    canvas: tuple[float, float] | None = None
    pen: float | None = None
    device: str = ""
    source: str = ""
    writer: str = ""
    tags: tuple[str, ...] = ()
    events: tuple[tuple[Any, ...], ...] = ()
    answer: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "strokes", tuple(self.strokes))
        count = sum(len(stroke.points) for stroke in self.strokes)
        if count > MAX_POINTS:
            raise InkError(f"a drawing of {count:,} points is over the limit of {MAX_POINTS:,}")

    @cached_property
    def bounds(self) -> Box | None:
        """(left, top, width, height) of the points in pixels, without the pen; None if blank."""
        return union([stroke.bounds for stroke in self.strokes]) if self.strokes else None

    @property
    def pen_pixels(self) -> float:
        """The pen's diameter in canvas pixels; 0 where the pen or the canvas is not known."""
        return self.pen * min(self.canvas) if self.pen and self.canvas else 0.0


def _table(points: Sequence[Point]) -> NDArray[np.float64]:
    """Give points as float64 (n, 3): x, y and t."""
    # Here and not above: whoever draws waits for a blank board, and that needs no NumPy.
    import numpy as np

    return np.fromiter(chain.from_iterable(points), np.float64, 3 * len(points)).reshape(-1, 3)


def _types_in(points: Iterable[Iterable[Any]]) -> set[type]:
    return set(map(type, chain.from_iterable(points)))


def _plain(number: Any) -> float:
    """Give an int or float as it is, and other real numbers, such as numpy's, as one of these."""
    if type(number) is int or type(number) is float:
        return number
    if isinstance(number, Integral):
        return int(number)
    if not isinstance(number, Real):
        raise TypeError(f"{type(number).__name__} is no number")
    return float(number)


def from_zero(drawing: Drawing) -> Drawing:
    """Shift a drawing's times so that its first point is at 0; events move along."""
    start = drawing.strokes[0].points[0].t if drawing.strokes else 0
    strokes = (
        Stroke(point._replace(t=point.t - start) for point in stroke.points)
        for stroke in drawing.strokes
    )
    events = tuple((event[0] - start, *event[1:]) for event in drawing.events)
    return replace(drawing, strokes=tuple(strokes), events=events)


def union(boxes: Sequence[Box]) -> Box:
    """Give the smallest box that holds all of the boxes, of which there is at least one."""
    left = min(box[0] for box in boxes)
    top = min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top
