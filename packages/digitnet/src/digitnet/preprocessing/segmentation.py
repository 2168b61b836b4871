"""Decides which ink belongs to which digit: from a source to the 28x28 of whatever may be one.

Ink comes in pieces: strokes, or the connected components of an image. The digits of a number stand
next to each other, so a digit is a run of pieces in order from left to right, and a way to read the
ink is a way to cut that order. Geometry says where a cut is possible and what it costs; the network
says how much each candidate looks like a digit; dynamic programming finds the best cuts for all of
them together. This is over-segmentation with recognition (Casey, Lecolinet: "A survey of methods
and strategies in character segmentation", 1996, section 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from digitnet.ink import Box, Drawing
from digitnet.preprocessing.cache import FramedInk, RecognitionCache
from digitnet.preprocessing.components import Components, connected_components
from digitnet.preprocessing.framing import SIDE, frame_mask
from digitnet.preprocessing.sources import Source, as_drawing
from digitnet.preprocessing.text_lines import text_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitnet.preprocessing.images import InkMask

Candidate: TypeAlias = tuple[int, int]
"""Pieces that may be a digit: where they start and stop in the order of pieces, like a slice."""

MAX_SPAN = 4
"""Number of segments between neighbouring cuts that a digit can span."""

MAX_PIECES = 200
"""More pieces than this are a scribble, not a number: they stay together, to bound the time."""

MIN_ASPECT = 0.25
"""Width that a piece is treated as having at least, as a share of its height: a one needs room."""

INSEPARABLE_OVERLAP = 0.85
"""Pieces are never cut apart if this share of the narrower one is above or below the other."""

OVERLAP_COST = 3.0
"""Cost, in log likelihood, of a cut between pieces that are above each other."""

MIN_DIGIT_SIZE = 0.3
"""Minimum of a digit's longer side, as a share of the height of the tallest piece."""

MAX_GAP = 0.8
"""Pieces farther apart than this are never one digit; as a share of the height of the ink."""

MAX_STROKES = 64
"""More strokes than this are a scribble, not a number; a number of twenty fours has forty."""


@dataclass(frozen=True)
class Lattice:
    """Pieces of ink in reading order, where they can be cut, and which runs may be a digit.

    Attributes:
        order: the pieces' indices from left to right.
        cuts: places in the order where a cut is possible, including both ends, ascending.
        costs: of a cut at each of those places, in log likelihood.
        candidates: what may be a digit.
    """

    order: tuple[int, ...]
    cuts: tuple[int, ...]
    costs: Mapping[int, float]
    candidates: tuple[Candidate, ...]

    def members(self, candidate: Candidate) -> tuple[int, ...]:
        """Return the indices of a candidate's pieces, ascending."""
        return tuple(sorted(self.order[candidate[0] : candidate[1]]))


@dataclass(frozen=True)
class Line:
    """A line of ink.

    Attributes:
        lattice: its strokes or connected components, and where they can be cut.
        boxes: of these pieces, (left, top, width, height) in the source's pixels.
        inks: each candidate for a digit, framed for the networks.
        has_strokes: whether the pieces are strokes.
    """

    lattice: Lattice
    boxes: Sequence[Box]
    inks: Mapping[Candidate, FramedInk]
    has_strokes: bool


def segment(source: Source, cache: RecognitionCache | None = None) -> list[Line]:
    """Find the lines of ink of a source, from the top; a drawing has one line.

    Args:
        source: as for `digitnet.Recognizer.predict`.
        cache: results for an earlier drawing, to be reused.

    Raises:
        InkError: the strokes are not valid ink.
        PictureError: the image cannot be read.
    """
    drawing = source if isinstance(source, Drawing) else as_drawing(source)
    if drawing is not None:
        return [_segment_drawing(drawing, cache or RecognitionCache())]
    # Imported here so that people who draw need not wait for what reads images.
    from digitnet.preprocessing.images import read_ink

    return _segment_image(read_ink(source))  # type: ignore[arg-type]


def _segment_drawing(drawing: Drawing, cache: RecognitionCache) -> Line:
    boxes = [stroke.bounds for stroke in drawing.strokes]
    pen = drawing.pen_pixels
    with_pen = [(x - pen / 2, y - pen / 2, w + pen, h + pen) for x, y, w, h in boxes]
    lattice = build_lattice(with_pen, max_pieces=MAX_STROKES)
    smallest = MIN_DIGIT_SIZE * max((box[3] for box in boxes), default=0.0)
    inks = {}
    for candidate in lattice.candidates:
        strokes = tuple(drawing.strokes[index] for index in lattice.members(candidate))
        inks[candidate] = cache.frame(strokes, pen, smallest)
    return Line(lattice, boxes, inks, has_strokes=True)


def _segment_image(ink: InkMask) -> list[Line]:
    from digitnet.preprocessing.clutter import remove_clutter

    components = connected_components(ink.mask, ink.corner)
    if ink.is_photo:
        components = remove_clutter(components)
    if ink.shape[0] < 2 * SIDE:
        # Lower than two digits as the network sees them: pieces above each other are one broken
        # digit, not several lines.
        return [_segment_line(components, ink)] if components.ids else []
    lines = text_lines(components.boxes)
    return [_segment_line(components.select(line), ink) for line in lines]


def _segment_line(components: Components, ink: InkMask) -> Line:
    lattice = build_lattice(components.boxes)
    smallest = MIN_DIGIT_SIZE * max(box[3] for box in components.boxes)
    inks = {}
    for candidate in lattice.candidates:
        mask = components.mask_of(lattice.members(candidate))
        inks[candidate] = FramedInk(frame_mask(mask, smallest=smallest, widen=ink.is_photo))
    boxes = [ink.in_source(box) for box in components.boxes]
    return Line(lattice, boxes, inks, has_strokes=False)


def build_lattice(boxes: Sequence[Box], *, max_pieces: int = MAX_PIECES) -> Lattice:
    """Find the runs of pieces that may be digits.

    Args:
        boxes: (left, top, width, height) of each piece.
        max_pieces: more pieces than this stay together.
    """
    if not boxes:
        return Lattice((), (), {}, ())
    if len(boxes) == 1 or len(boxes) > max_pieces:
        whole = (0, len(boxes))
        return Lattice(tuple(range(len(boxes))), whole, dict.fromkeys(whole, 0.0), (whole,))
    left, right = _extents(np.array(boxes, dtype=np.float64))
    order = np.argsort(left + right, kind="stable")
    left, right = left[order], right[order]
    overlaps = _overlaps(left, right)
    inner = [place for place in range(1, len(order)) if overlaps[place] < INSEPARABLE_OVERLAP]
    cuts = [0, *inner, len(order)]
    height = max(box[3] for box in boxes)
    width = max(box[2] for box in boxes)
    max_gap = MAX_GAP * max(height, width / 2)
    candidates = []
    for index, start in enumerate(cuts[:-1]):
        for last in range(index + 1, min(index + 1 + MAX_SPAN, len(cuts))):
            stop = cuts[last]
            # Gaps at the cuts within: from everything left of a cut to the first piece right of it.
            gaps = (
                left[place:stop].min() - right[start:place].max()
                for place in cuts[index + 1 : last]
            )
            if all(gap <= max_gap for gap in gaps):
                candidates.append((start, stop))
    costs = dict.fromkeys(cuts, 0.0)
    costs |= {place: OVERLAP_COST * max(overlaps[place], 0.0) for place in inner}
    return Lattice(tuple(int(index) for index in order), tuple(cuts), costs, tuple(candidates))


def best_path(lattice: Lattice, scores: Mapping[Candidate, float]) -> list[Candidate]:
    """Find the cuts that maximize the sum of the candidates' scores less the costs of the cuts.

    Args:
        lattice: as returned by `build_lattice`.
        scores: log likelihood of each of `lattice.candidates`.

    Returns:
        the chosen candidates, from left to right; together they hold every piece once.
    """
    if not lattice.cuts:
        return []
    ending: dict[int, list[Candidate]] = {stop: [] for stop in lattice.cuts}
    for candidate in lattice.candidates:
        ending[candidate[1]].append(candidate)
    # The best total up to each cut, and the last candidate of the path that reaches it.
    total = {0: 0.0}
    final: dict[int, Candidate] = {}
    for stop in lattice.cuts[1:]:
        ways = [
            (total[last[0]] + scores[last] - lattice.costs[last[0]], last) for last in ending[stop]
        ]
        total[stop], final[stop] = max(ways)
    path: list[Candidate] = []
    stop = lattice.cuts[-1]
    while stop:
        path.append(final[stop])
        stop = final[stop][0]
    return path[::-1]


def _extents(boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the left and right ends of the pieces, with thin ones widened."""
    left, width, height = boxes[:, 0], boxes[:, 2], boxes[:, 3]
    widening = np.maximum(MIN_ASPECT * height - width, 0) / 2
    return left - widening, left + width + widening


def _overlaps(left: NDArray[np.float64], right: NDArray[np.float64]) -> list[float]:
    """Return for each place in the order how far pieces before it overlap pieces after it.

    Returns:
        the horizontal overlap as a share of the narrower piece's width, for the pair that overlaps
        most; negative where there is a gap.
    """
    shared = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    narrower = np.minimum((right - left)[:, None], right - left)
    share = shared / np.maximum(narrower, 1e-9)
    # The maximum over all pieces from a place on, then over all pieces before that place.
    farther = np.maximum.accumulate(share[:, ::-1], axis=1)[:, ::-1]
    crossing = np.maximum.accumulate(farther, axis=0)
    return [-1.0, *crossing.diagonal(1).tolist()]
