"""What can be read: drawings, strokes in common forms, and images.

A list or tuple always holds strokes and an array on its own is always an image, so that neither can
be mistaken for the other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from digitnet.arrays import is_array_like
from digitnet.errors import InkError, PictureError
from digitnet.ink import Drawing, Point, Stroke
from digitnet.preprocessing.stroke_forms import as_strokes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitnet.preprocessing.decode import ImageSource

StrokeSource: TypeAlias = "Stroke | Sequence[Point | Sequence[float]] | NDArray[Any]"
Source: TypeAlias = "Drawing | Stroke | Sequence[StrokeSource] | ImageSource"

# At most this many numbers belong to a point, and arrays with only longer sides are images.
_MAX_POINT = 7


def as_drawing(source: Source) -> Drawing | None:
    """Convert strokes to a drawing.

    Args:
        source: a `Drawing`; a `Stroke`; or a list or tuple of strokes, each a `Stroke`, or rows as
            for `digitnet.preprocessing.stroke_forms.as_strokes`: points (x, y) or (x, y, t), or the
            lists of all x and all y.

    Returns:
        the drawing, or None for any other source, which can only be an image.

    Raises:
        InkError: a member of the list is not a stroke, or it is a list of images or drawings.

    >>> import numpy as np
    >>> as_drawing([[(10, 10), (50, 10), (25, 90)], np.array([[15, 50], [45, 50]])]).bounds
    (10.0, 10.0, 40.0, 80.0)
    """
    if isinstance(source, Drawing):
        return source
    if isinstance(source, Stroke):
        return Drawing((source,))
    if not isinstance(source, (list, tuple)):
        return None
    if source and all(map(_is_whole, source)):
        kind = type(source[0]).__name__
        raise InkError(
            f"a list holds the strokes of one drawing, but this one is of {kind}; "
            "pass several sources to predict_many"
        )
    return Drawing(as_strokes(source))


def check_several(sources: Any) -> None:
    """Refuse a single source where several are expected.

    Raises:
        PictureError: it is an image or a drawing, or nothing that can be iterated over.
    """
    if is_array_like(sources) and not _is_single(sources):
        shape = getattr(sources, "shape", (0, 0, 0))
        is_single = len(shape) < 3 or (len(shape) == 3 and shape[2] in (1, 3, 4))
    else:
        is_single = _is_single(sources) or isinstance(sources, Stroke)
    if is_single or not hasattr(sources, "__iter__"):
        raise PictureError(
            f"several sources are expected, but this is a single {type(sources).__name__}; "
            "put it into a list, or pass it to predict"
        )


def _is_whole(source: Any) -> bool:
    """Whether a member of a list can only be a source of its own, rather than a stroke."""
    if is_array_like(source) and not _is_single(source):
        shape = getattr(source, "shape", ())
        return len(shape) > 2 or (len(shape) == 2 and min(shape) > _MAX_POINT)
    return _is_single(source)


def _is_single(source: Any) -> bool:
    """Whether something is a drawing or an image, other than an array."""
    # If Pillow was not imported, there can be no image of it.
    pillow = sys.modules.get("PIL.Image")
    return (
        isinstance(source, (Drawing, str, bytes, bytearray, memoryview, os.PathLike))
        or hasattr(source, "read")
        or (pillow is not None and isinstance(source, pillow.Image))
    )
