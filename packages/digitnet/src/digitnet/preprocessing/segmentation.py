"""From a source to its ink, line by line: pieces, and the 28x28 of each run that may be a digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Box, Drawing
from digitnet.preprocessing.cache import RecognitionCache
from digitnet.preprocessing.components import Parts, connected_parts
from digitnet.preprocessing.framing import SIDE, frame_mask
from digitnet.preprocessing.lattice import SMALLEST, Pieces, Run, arrange_pieces
from digitnet.preprocessing.sources import Source, as_drawing
from digitnet.preprocessing.text_lines import text_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitnet.preprocessing.images import Ink

MOST_STROKES = 64
"""More strokes than this are no number but a scribble; a number of twenty fours has forty."""


@dataclass(frozen=True)
class Line:
    """A line of ink.

    Attributes:
        pieces: its strokes, or connected spots, and where they can be cut.
        boxes: of the pieces, (left, top, width, height) in the source's pixels.
        images: of each run of pieces that may be a digit, uint8 (28, 28).
        has_strokes: whether the pieces are strokes.
    """

    pieces: Pieces
    boxes: Sequence[Box]
    images: Mapping[Run, NDArray[np.uint8]]
    has_strokes: bool


def find_lines(source: Source, cache: RecognitionCache | None = None) -> list[Line]:
    """Find the ink of a source, from the top; drawings have one line.

    Args:
        source: as `digitnet.Recognizer.predict` takes it.
        cache: of what was read of a drawing before; None to begin anew.

    Raises:
        InkError: the strokes are none.
        PictureError: the picture cannot be read.
    """
    if (drawing := as_drawing(source)) is not None:
        return [_in_drawing(drawing, cache or RecognitionCache())]
    # Here and not above: who draws need not wait for what reads pictures.
    from digitnet.preprocessing.images import read_ink

    return _in_picture(read_ink(source))  # type: ignore[arg-type]


def _in_drawing(drawing: Drawing, cache: RecognitionCache) -> Line:
    boxes = [stroke.bounds for stroke in drawing.strokes]
    pen = drawing.pen_pixels
    with_pen = [(x - pen / 2, y - pen / 2, w + pen, h + pen) for x, y, w, h in boxes]
    pieces = arrange_pieces(with_pen, most=MOST_STROKES)
    smallest = SMALLEST * max((box[3] for box in boxes), default=0.0)
    images = {}
    for run in pieces.runs:
        strokes = tuple(drawing.strokes[index] for index in pieces.members(run))
        images[run] = cache.frame(strokes, pen, smallest)
    return Line(pieces, boxes, images, has_strokes=True)


def _in_picture(ink: Ink) -> list[Line]:
    from digitnet.preprocessing.clutter import without_clutter

    parts = connected_parts(ink.mask, ink.corner)
    if ink.is_photo:
        parts = without_clutter(parts)
    if ink.shape[0] < 2 * SIDE:
        # No higher than two digits as the network sees them: the pieces of a broken one, not lines.
        return [_in_line(parts, ink)] if parts.numbers else []
    return [_in_line(parts.select(line), ink) for line in text_lines(parts.boxes)]


def _in_line(parts: Parts, ink: Ink) -> Line:
    pieces = arrange_pieces(parts.boxes)
    smallest = SMALLEST * max(box[3] for box in parts.boxes)
    images = {
        run: frame_mask(parts.only(pieces.members(run)), smallest=smallest, widen=ink.is_photo)
        for run in pieces.runs
    }
    return Line(pieces, [ink.in_source(box) for box in parts.boxes], images, has_strokes=False)
