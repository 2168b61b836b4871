"""Strokes as rows of numbers: points row by row, or the lists of all x and all y.

Most programs keep a stroke as points, (x, y) or with more numbers. Quick, Draw! keeps it as lists,
[[x0, x1, …], [y0, y1, …]], with a third one of times in its raw files. A stroke of two or three
points can be either, and then the other strokes of the drawing decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from digitnet.arrays import as_array, is_array_like
from digitnet.errors import InkError, PictureError
from digitnet.ink import MAX_POINTS, Stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A point has two numbers, or three with its time; there are as many lists of Quick, Draw!.
_POINT = (2, 3)

# Arrays of more numbers are refused before they are converted.
_MAX_NUMBERS = 8 * MAX_POINTS


class _Form(Enum):
    """How the rows of a stroke can be read."""

    POINTS = "points"
    LISTS = "lists"
    EITHER = "either"


class _Rows(NamedTuple):
    """A stroke's rows; how many; how long all are, or 0 if they differ; and their form."""

    rows: Sequence[Any]
    length: int
    width: int
    form: _Form


def as_strokes(sources: Sequence[Any]) -> tuple[Stroke, ...]:
    """Convert the strokes of a drawing.

    Args:
        sources: each a `Stroke`, or rows: a list or tuple of them, or a real array. The rows are
            points (x, y), or (x, y, t, …), of which what follows the time is ignored; the third
            number, whether a time or a pressure, does not change what is read. Or they are two or
            three lists as in Quick, Draw!: all x, all y, and all t.

            Two or three rows of more than three numbers are lists, unless a stroke of more than
            three rows shows that points have so many numbers. Two or three rows of two or three
            numbers are points; but lists if other strokes are, with as many rows, and none is of
            points for certain.

    Raises:
        InkError: one is not a stroke, or could be read in both ways.
    """
    found = [
        source if isinstance(source, Stroke) else _rows_of(source, number)
        for number, source in enumerate(sources, 1)
    ]
    rows = [stroke for stroke in found if isinstance(stroke, _Rows)]
    wide = {stroke.width for stroke in rows if stroke.length > 3 and stroke.width > 3}
    counts = {
        stroke.length for stroke in rows if stroke.form is _Form.LISTS and stroke.width not in wide
    }
    has_points = any(stroke.form is _Form.POINTS for stroke in rows)
    # Two rows of three numbers each are as likely a stroke of Quick, Draw! as two timed points.
    is_open = all(
        stroke.form is _Form.EITHER and stroke.length == 2 and type(stroke.rows[0]) is list
        for stroke in rows
    ) and any(stroke.width == 3 for stroke in rows)
    strokes = []
    for number, stroke in enumerate(found, 1):
        if isinstance(stroke, Stroke):
            strokes.append(stroke)
            continue
        form = stroke.form
        if form is _Form.LISTS and stroke.width in wide:
            form = _Form.POINTS
        if form is _Form.EITHER:
            if is_open or (counts and (has_points or stroke.length not in counts)):
                raise InkError(
                    f"stroke {number} of the list can be read as {stroke.length} points or as the "
                    "lists of x and y; pass Stroke(points) or Stroke.of(xs, ys)"
                )
            form = _Form.LISTS if counts else _Form.POINTS
        strokes.append(_stroke_of(stroke, form, number, is_wide=stroke.width in wide))
    return tuple(strokes)


def _rows_of(source: Any, number: int) -> _Rows:
    rows = _rows_of_array(source, number) if is_array_like(source) else source
    if not isinstance(rows, (list, tuple)) or any(isinstance(row, Real) for row in rows):
        kind = type(source).__name__
        raise InkError(
            f"stroke {number} of the list is a {kind}, but not of points (x, y) or (x, y, t); "
            "pass these, or an image as an array"
        )
    # The rows of a long stroke are points, and only checked when they are converted.
    widths = {_width(row) for row in rows[:4]}
    width = widths.pop() if len(widths) == 1 else 0
    form = _Form.POINTS
    if len(rows) in _POINT:
        if max(widths, default=width) > 3 or width == 1:
            form = _Form.LISTS
        elif width:
            form = _Form.EITHER
    return _Rows(rows, len(rows), width, form)


def _width(row: Any) -> int:
    """Return how many numbers a row has; 0 if it is none."""
    if isinstance(row, np.ndarray):
        return len(row) if row.ndim == 1 else 0
    return len(row) if isinstance(row, (list, tuple)) else 0


def _stroke_of(stroke: _Rows, form: _Form, number: int, *, is_wide: bool) -> Stroke:
    try:
        if form is _Form.LISTS:
            return Stroke.of(*stroke.rows)
        # One row alone is more likely a mistake than a point with so many numbers.
        if stroke.width > 3 and (stroke.length > 1 or is_wide):
            return Stroke([row[:3] for row in stroke.rows])
        return Stroke(stroke.rows)
    except InkError as error:
        raise InkError(f"stroke {number} of the list: {error}") from None


def _rows_of_array(source: Any, number: int) -> list[list[float]]:
    try:
        array = as_array(source)
    except PictureError as error:
        raise InkError(f"stroke {number} of the list: {error}") from None
    # Refuse long arrays before converting them: a broadcast array can exceed all memory.
    is_table = (
        array.ndim == 2
        and array.shape[1] > 0
        and max(array.shape) <= MAX_POINTS
        and array.size <= _MAX_NUMBERS
    )
    if not is_table or array.dtype.kind not in "iuf" or np.ma.is_masked(array):
        raise InkError(
            f"stroke {number} of the list is an array of {array.dtype} of shape {array.shape}; "
            f"pass at most {MAX_POINTS:,} rows (x, y) or (x, y, t) of real numbers"
        )
    rows: list[list[float]] = _plain(array).tolist()
    return rows


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.kind == "f":
        with np.errstate(all="ignore"):  # what overflows float64 becomes infinite, and is refused
            array = array.astype(np.float64)
    return np.asarray(array)
