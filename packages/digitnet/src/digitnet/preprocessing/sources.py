"""What can be read: drawings, strokes in common forms, and images.

A list or tuple always holds strokes and an array on its own is always an image, so that neither can
be mistaken for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from digitnet.errors import InkError
from digitnet.ink import MAX_POINTS, Drawing, Point, Stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitnet.preprocessing.decode import ImageSource

StrokeSource: TypeAlias = "Stroke | Sequence[Point | Sequence[float]] | NDArray[Any]"
Source: TypeAlias = "Drawing | Stroke | Sequence[StrokeSource] | ImageSource"


def as_drawing(source: Source) -> Drawing | None:
    """Convert strokes to a drawing.

    Args:
        source: a `Drawing`; a `Stroke`; or a list or tuple of strokes, each a `Stroke`, a list or
            tuple of points (x, y) or (x, y, t), or a real array (n, 2) or (n, 3) of such rows.

    Returns:
        the drawing, or None for any other source, which can only be an image.

    Raises:
        InkError: a member of the list is not a stroke.

    >>> as_drawing([[(10, 10), (50, 10), (25, 90)], np.array([[15, 50], [45, 50]])]).bounds
    (10.0, 10.0, 40.0, 80.0)
    """
    if isinstance(source, Drawing):
        return source
    if isinstance(source, Stroke):
        return Drawing((source,))
    if not isinstance(source, (list, tuple)):
        return None
    return Drawing(tuple(_as_stroke(stroke, index) for index, stroke in enumerate(source, 1)))


def _as_stroke(source: Any, number: int) -> Stroke:
    if isinstance(source, Stroke):
        return source
    points = _rows(source, number) if isinstance(source, np.ndarray) else source
    if not isinstance(points, (list, tuple)) or any(isinstance(p, Real) for p in points):
        kind = type(source).__name__
        raise InkError(
            f"stroke {number} of the list is a {kind}, but not of points (x, y) or (x, y, t); "
            "pass these, or an image as an array"
        )
    try:
        return Stroke(points)
    except InkError as error:
        raise InkError(f"stroke {number} of the list: {error}") from None


def _rows(array: NDArray[Any], number: int) -> list[list[float]]:
    # Refuse long arrays before converting them: a broadcast array can exceed all memory.
    is_table = array.ndim == 2 and array.shape[1] in (2, 3) and len(array) <= MAX_POINTS
    if not is_table or array.dtype.kind not in "iuf" or np.ma.is_masked(array):
        raise InkError(
            f"stroke {number} of the list is an array of {array.dtype} of shape {array.shape}; "
            f"pass at most {MAX_POINTS:,} rows (x, y) or (x, y, t) of real numbers"
        )
    if array.dtype.kind == "f":
        with np.errstate(all="ignore"):  # what overflows float64 becomes infinite, and is refused
            array = array.astype(np.float64)
    rows: list[list[float]] = np.asarray(array).tolist()
    return rows
