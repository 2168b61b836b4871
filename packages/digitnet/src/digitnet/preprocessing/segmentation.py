"""Decides which ink belongs to which digit: from a source to the 28x28 of whatever may be one.

Ink comes in pieces: strokes, or the connected components of an image. They are grouped into lines
of text, and each line's lattice says which runs of pieces may be a digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import TYPE_CHECKING, NamedTuple

from digitnet.ink import Box, Drawing, Stroke
from digitnet.preprocessing.cache import FramedInk, RecognitionCache
from digitnet.preprocessing.components import Components, connected_components
from digitnet.preprocessing.framing import SIDE, frame_mask
from digitnet.preprocessing.lattice import Candidate, Lattice, build_lattice
from digitnet.preprocessing.ligatures import CutStroke
from digitnet.preprocessing.sources import Source, as_drawing
from digitnet.preprocessing.text_lines import stroke_lines, text_lines

if TYPE_CHECKING:
    from digitnet.preprocessing.ink_mask import InkMask

MIN_DIGIT_SIZE = 0.3
"""Minimum of a digit's longer side, as a share of the height of the tallest piece."""

TOUCH = 0.05
"""Strokes closer than this touch; as a share of the height of the highest."""

MAX_STROKES = 64
"""More strokes than this are a scribble, not a number; a number of twenty fours has forty."""


@dataclass(frozen=True)
class Line:
    """A line of ink.

    Attributes:
        lattice: its strokes, parts of strokes or connected components, and where they can be cut.
        boxes: of these pieces, (left, top, width, height) in the source's pixels.
        inks: each candidate for a digit, framed for the networks.
        strokes: the index in the drawing of each piece's stroke; None for images.
    """

    lattice: Lattice
    boxes: Sequence[Box]
    inks: Mapping[Candidate, FramedInk]
    strokes: Sequence[int] | None = None


def segment(source: Source, cache: RecognitionCache | None = None) -> list[Line]:
    """Find the lines of ink of a source, from the top.

    Args:
        source: as for `digitnet.Recognizer.predict`.
        cache: results for an earlier drawing, to be reused.

    Raises:
        InkError: the strokes are not valid ink.
        PictureError: the image cannot be read.
    """
    drawing = source if isinstance(source, Drawing) else as_drawing(source)
    if drawing is not None:
        return _segment_drawing(drawing, cache or RecognitionCache())
    # Imported here so that people who draw need not wait for what reads images.
    from digitnet.preprocessing.images import read_ink

    return _segment_image(read_ink(source))  # type: ignore[arg-type]


def _segment_drawing(drawing: Drawing, cache: RecognitionCache) -> list[Line]:
    boxes = [stroke.bounds for stroke in drawing.strokes]
    pen = drawing.pen_pixels
    smallest = MIN_DIGIT_SIZE * max((box[3] for box in boxes), default=0.0)
    lines = [list(range(len(boxes)))] if len(boxes) > MAX_STROKES else stroke_lines(boxes)
    return [
        _segment_strokes([drawing.strokes[i] for i in line], line, pen, smallest, cache)
        for line in lines
    ]


def _segment_strokes(
    strokes: Sequence[Stroke],
    indices: Sequence[int],
    pen: float,
    smallest: float,
    cache: RecognitionCache,
) -> Line:
    pieces = _cut(strokes, cache)
    boxes = [piece.stroke.bounds for piece in pieces]
    owners = [piece.owner for piece in pieces]
    lattice = build_lattice(
        boxes, max_pieces=MAX_STROKES, owners=owners, touching=_touching(pieces)
    )
    inks = {}
    for candidate in lattice.candidates:
        members = [pieces[index] for index in lattice.members(candidate)]
        inks[candidate] = cache.frame(_joined(members), pen, smallest)
    return Line(lattice, boxes, inks, [indices[owner] for owner in owners])


class _Piece(NamedTuple):
    """A stroke, or a part of one: the stroke's number, the cut stroke, and which part."""

    owner: int
    cut: CutStroke
    part: int

    @property
    def stroke(self) -> Stroke:
        return self.cut.part(self.part, self.part + 1)


def _cut(strokes: Sequence[Stroke], cache: RecognitionCache) -> list[_Piece]:
    """Cut strokes into pieces, unless they become too many; in order, and each from the left."""
    cuts = [cache.cut(stroke) for stroke in strokes]
    if sum(cut.count for cut in cuts) > MAX_STROKES:
        cuts = [CutStroke(stroke, can_cut=False) for stroke in strokes]
    return [_Piece(owner, cut, part) for owner, cut in enumerate(cuts) for part in range(cut.count)]


def _touching(pieces: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of uncut strokes that touch or cross each other."""
    whole = [(index, piece) for index, piece in enumerate(pieces) if piece.cut.count == 1]
    reach = TOUCH * max((piece.stroke.bounds[3] for _, piece in whole), default=0.0)
    for (index, piece), (other_index, other) in combinations(whole, 2):
        x, y, width, height = piece.stroke.bounds
        left, top, wide, high = other.stroke.bounds
        is_near = (
            left - x - width <= reach
            and x - left - wide <= reach
            and top - y - height <= reach
            and y - top - high <= reach
        )
        if is_near and piece.cut.touches(other.cut, reach):
            yield index, other_index


def _joined(pieces: Sequence[_Piece]) -> tuple[Stroke, ...]:
    """Return pieces as strokes; neighbouring parts of the same stroke are one."""
    grouped = (tuple(group) for _, group in groupby(pieces, lambda piece: piece.owner))
    return tuple(group[0].cut.part(group[0].part, group[-1].part + 1) for group in grouped)


def _segment_image(ink: InkMask) -> list[Line]:
    from digitnet.preprocessing.clutter import remove_clutter
    from digitnet.preprocessing.forms.cut_ink import remove_cut_pieces
    from digitnet.preprocessing.forms.form import read_form
    from digitnet.preprocessing.forms.table_rows import table_rows

    form = read_form(ink)
    ink = form.ink
    components = connected_components(ink.mask, ink.corner)
    if ink.is_photo:
        components = remove_clutter(components)
    components = remove_cut_pieces(components, ink.shape)
    if form.cells and (rows := table_rows(components.boxes, ink.corner, form.cells)):
        return [_segment_line(components, ink, row) for row in rows]
    if ink.shape[0] < 2 * SIDE:
        # Lower than two digits as the network sees them: pieces above each other are one broken
        # digit, not several lines.
        return [_segment_line(components, ink)] if components.ids else []
    lines = text_lines(components.boxes)
    return [_segment_line(components.select(line), ink) for line in lines]


def _segment_line(
    components: Components, ink: InkMask, cells: Sequence[Sequence[int]] | None = None
) -> Line:
    if cells is None:
        lattice = build_lattice(components.boxes)
    else:
        from digitnet.preprocessing.forms.table_rows import lattice_of_cells

        components = components.select([index for cell in cells for index in cell])
        lattice = lattice_of_cells(components.boxes, [len(cell) for cell in cells])
    smallest = MIN_DIGIT_SIZE * max(box[3] for box in components.boxes)
    inks = {}
    for candidate in lattice.candidates:
        mask = components.mask_of(lattice.members(candidate))
        inks[candidate] = FramedInk(frame_mask(mask, smallest=smallest))
    boxes = [ink.in_source(box) for box in components.boxes]
    return Line(lattice, boxes, inks)
