"""Ink: drawings as strokes of timed points.

All classes are immutable. Coordinates are canvas pixels, x to the right and y down; times are
milliseconds from the start of the drawing.

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
from digitnet.points import Third, to_traces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNLABELLED = "unlabelled"
"""The tag of a drawing that nobody has labelled: its word is only what it was read as."""

EVEN_TIMES = "even-times"
"""The tag of a drawing whose times were not recorded but made up at an even pace."""

MAX_COORDINATE = 1e7
"""Coordinates beyond this, in pixels, are treated as damage; no canvas is that large."""

MAX_POINTS = 500_000
"""Maximum number of points in a drawing; an hour of pen data at 100 Hz has 360,000."""

Box: TypeAlias = tuple[float, float, float, float]


class Point(NamedTuple):
    """Position of the pen, in pixels, and time, in milliseconds."""

    x: float
    y: float
    t: float = 0


class Place(NamedTuple):
    """Where a drawing was read from: the file's name, and the line, from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Stroke:
    """The points from pen down to pen up; at least one.

    Raises:
        InkError: there are no points, or a number is not finite or beyond `MAX_COORDINATE`.
    """

    points: tuple[Point, ...]

    def __init__(self, points: Iterable[Point | Sequence[float]]) -> None:
        """Accept points, or sequences ``(x, y)`` or ``(x, y, t)``."""
        try:
            plain = tuple(points)
            # The app's own points need no conversion. As there may be a hundred thousand of them,
            # none of the checks is a loop in Python.
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
        # Without cached values: an unpickled array would be writeable.
        return {"points": self.points}

    @classmethod
    def of(
        cls, xs: Sequence[float], ys: Sequence[float], ts: Sequence[float] | None = None
    ) -> Stroke:
        """Create a stroke from lists of equal length, as in recordings."""
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
        word: the true label: "7", a number such as "2026", "3?50" if ink between digits is not a
            digit, or "" if no ink is one.
        key_id: an identifier, unique within its collection.
        canvas: (width, height) of the canvas in pixels, or None.
        pen: the pen's diameter as a share of the canvas's shorter side, or None.
        device: "mouse", "touch" or "pen", or "".
        source: where the drawing comes from.
        writer: who drew it.
        tags: anything else to select by.
        events: what else happened, each ``(t, name, …)``: undo, redo, clear, resize.
        answer: the app's answer: text, confidence, probabilities, model.
        extra: unknown keys of a recording, kept for writing it again.
        place: where it was read from, or None; not written, and ignored in comparisons.

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
            raise InkError(f"a drawing of {count:,} points exceeds the limit of {MAX_POINTS:,}")

    @classmethod
    def from_points(
        cls,
        points: Iterable[Sequence[float]] | NDArray[Any],
        *,
        third: Third,
        times: Iterable[float] | None = None,
        rate: float | None = None,
        y_up: bool = False,
        relative: bool = False,
        **attributes: Any,
    ) -> Drawing:
        """Create a drawing from rows of x, y and a number that tells strokes apart.

        Args:
            points: an array (n, 3) or an iterable of rows.
            third: what the third number means. "pen-down": it is not 0 while the pen touches the
                paper, and other rows are movements in the air. "stroke-end": it is not 0 at the
                last point of a stroke. "stroke-id": it is the same for all points of a stroke.
            times: of each row, in milliseconds; they are shifted so that the ink starts at 0.
            rate: how many rows there are per second, instead of times. Without either, points are
                10 ms apart, and the drawing is tagged `EVEN_TIMES`. Strokes that are not separated
                by movements in the air are then 100 ms apart.
            y_up: whether y points up; the ink is flipped within the canvas, or within its own
                height if none is given.
            relative: whether x and y are steps from the row before.
            **attributes: of the drawing, such as its word and canvas.

        Raises:
            InkError: these are not rows of three numbers, the times are not as many, a stroke
                continues after another one, or see `Stroke` and `Drawing`.
            ArgumentError: another argument means nothing.

        >>> rows = [(0, 9, 0), (9, 9, 1), (5, 9, 0), (5, 0, 1)]
        >>> tee = Drawing.from_points(rows, third="stroke-end", y_up=True)
        >>> [stroke.xy.tolist() for stroke in tee.strokes]
        [[[0.0, 0.0], [9.0, 0.0]], [[5.0, 0.0], [5.0, 9.0]]]
        """
        canvas = attributes.get("canvas")
        traces = to_traces(
            points,
            third=third,
            times=times,
            rate=rate,
            y_up=y_up,
            relative=relative,
            height=canvas[1] if canvas else None,
        )
        if times is None and rate is None:
            attributes["tags"] = (*attributes.get("tags", ()), EVEN_TIMES)
        return cls(tuple(map(Stroke, traces)), **attributes)

    @cached_property
    def bounds(self) -> Box | None:
        """(left, top, width, height) of the points in pixels, without the pen; None if blank."""
        return union([stroke.bounds for stroke in self.strokes]) if self.strokes else None

    @property
    def pen_pixels(self) -> float:
        """The pen's diameter in canvas pixels; 0 if the pen or the canvas is unknown."""
        return self.pen * min(self.canvas) if self.pen and self.canvas else 0.0


def _table(points: Sequence[Point]) -> NDArray[np.float64]:
    """Return points as float64 (n, 3): x, y and t."""
    # Imported here because the app's empty board, which its user waits for, does not need NumPy.
    import numpy as np

    return np.fromiter(chain.from_iterable(points), np.float64, 3 * len(points)).reshape(-1, 3)


def _types_in(points: Iterable[Iterable[Any]]) -> set[type]:
    return set(map(type, chain.from_iterable(points)))


def _plain(number: Any) -> float:
    """Convert real numbers of other types, such as NumPy's, to int or float."""
    if type(number) is int or type(number) is float:
        return number
    if isinstance(number, Integral):
        return int(number)
    if not isinstance(number, Real):
        raise TypeError(f"{type(number).__name__} is not a number")
    return float(number)


def from_zero(drawing: Drawing) -> Drawing:
    """Shift the times of a drawing and its events so that its first point is at 0."""
    start = drawing.strokes[0].points[0].t if drawing.strokes else 0
    strokes = (
        Stroke(point._replace(t=point.t - start) for point in stroke.points)
        for stroke in drawing.strokes
    )
    events = tuple((event[0] - start, *event[1:]) for event in drawing.events)
    return replace(drawing, strokes=tuple(strokes), events=events)


def union(boxes: Sequence[Box]) -> Box:
    """Return the smallest box that contains all boxes; there must be at least one."""
    left = min(box[0] for box in boxes)
    top = min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top
