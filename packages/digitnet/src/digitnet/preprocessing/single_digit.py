"""A cell that holds one digit or none: which of its ink may be the digit.

In a cell, what is close together belongs together: the nearest pieces are joined first, so a digit
in several pieces is whole before anything farther away joins it (single linkage: Gower, Ross:
"Minimum spanning trees and single linkage cluster analysis", 1969). Each piece and each join may be
the digit; the remains of the cell's frame, dust, and what encloses the rest never are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Box, Drawing, union
from digitnet.preprocessing.cache import FramedInk, RecognitionCache
from digitnet.preprocessing.components import Components, connected_components
from digitnet.preprocessing.framing import frame_mask
from digitnet.preprocessing.lattice import (
    APART,
    MAX_GAP,
    SIGN_COST,
    Candidate,
    Lattice,
    Parts,
)
from digitnet.preprocessing.segmentation import MIN_DIGIT_SIZE, TOUCH, Line
from digitnet.preprocessing.sources import Source, as_drawing

if TYPE_CHECKING:
    from digitnet.preprocessing.ink_mask import InkMask

EDGE = 0.12
"""Ink within this distance of an image's border is what is left of a frame; as a share of the
image's shorter side."""

DUST = 0.1
"""Ink whose longer side is less than this share of an image's shorter side is dust, and pieces
smaller than this share of the largest one can be left out for nothing."""

WITHIN = 0.05
"""What encloses a digit leaves this share of its longer side around it on all sides."""

FAR = 0.5
"""Pieces of one digit cost as much as a sign from this distance on; as a share of the largest."""

PLACE_COST = 3.0
"""Cost, in log likelihood, of a digit at the border of an image rather than in its middle."""

MAX_PIECES = 32
"""More strokes are one scribble; of an image, only as many of the largest pieces are looked at."""


@dataclass(frozen=True)
class Cell(Lattice):
    """The pieces of ink in a cell, of which one candidate at most is the digit.

    Attributes:
        left_out: the cost, in log likelihood, of each candidate as the digit: for its place, and
            for all ink that is then left out.
        nothing: the cost if none is.
    """

    left_out: dict[Candidate, float] = field(default_factory=dict)
    nothing: float = 0.0


def find_cell(source: Source, cache: RecognitionCache) -> list[Line]:
    """Find the ink of a source that holds one digit or none.

    Args:
        source: as for `digitnet.Recognizer.predict`.
        cache: results for an earlier drawing, to be reused.

    Returns:
        one line whose lattice is a `Cell`, or none if no ink can be a digit.

    Raises:
        InkError: the strokes are not valid ink.
        PictureError: the image cannot be read.
    """
    drawing = as_drawing(source)
    if drawing is not None:
        line = _cell_of_drawing(drawing, cache) if drawing.strokes else None
    else:
        # Imported here so that people who draw need not wait for what reads images.
        from digitnet.preprocessing.images import read_ink

        line = _cell_of_image(read_ink(source))  # type: ignore[arg-type]
    return [line] if line is not None and line.inks else []


def _cell_of_drawing(drawing: Drawing, cache: RecognitionCache) -> Line:
    boxes = [stroke.bounds for stroke in drawing.strokes]
    is_scribble = len(boxes) > MAX_PIECES
    touching = combinations(range(len(boxes)), 2) if is_scribble else _touching(drawing, cache)
    cell = build_cell(boxes, touching=list(touching))
    smallest = MIN_DIGIT_SIZE * max(box[3] for box in boxes)
    inks = {}
    for candidate in cell.candidates:
        strokes = tuple(drawing.strokes[index] for index in cell.members(candidate))
        inks[candidate] = cache.frame(strokes, drawing.pen_pixels, smallest)
    return Line(cell, boxes, inks, range(len(boxes)))


def _touching(drawing: Drawing, cache: RecognitionCache) -> Iterator[tuple[int, int]]:
    """Yield the pairs of strokes that touch or cross."""
    reach = TOUCH * max(stroke.bounds[3] for stroke in drawing.strokes)
    cuts = [cache.cut(stroke) for stroke in drawing.strokes]
    for one, other in combinations(range(len(cuts)), 2):
        if cuts[one].touches(cuts[other], reach):
            yield one, other


def _cell_of_image(ink: InkMask) -> Line | None:
    from digitnet.preprocessing.clutter import remove_clutter
    from digitnet.preprocessing.forms.form import read_form

    ink = read_form(ink).ink
    components = connected_components(ink.mask, ink.corner)
    if ink.is_photo:
        components = remove_clutter(components)
    components = components.select(_inner(components, ink.shape))
    if not components.ids:
        return None
    cell = build_cell(components.boxes, shape=ink.shape)
    smallest = MIN_DIGIT_SIZE * max(box[3] for box in components.boxes)
    inks = {}
    for candidate in cell.candidates:
        mask = components.mask_of(cell.members(candidate))
        inks[candidate] = FramedInk(frame_mask(mask, smallest=smallest))
    return Line(cell, [ink.in_source(box) for box in components.boxes], inks)


def _inner(components: Components, shape: tuple[int, int]) -> list[int]:
    """Return the largest components that are not only along the image's border, in order."""
    (height, width), (left, top), runs = shape, components.corner, components.runs
    band = EDGE * min(shape)
    is_high = (runs.rows + top >= band) & (runs.rows + top < height - band)
    starts = np.maximum(runs.starts + left, band)
    stops = np.minimum(runs.stops + left, width - band)
    inner = np.bincount(runs.components, np.maximum(stops - starts, 0) * is_high, runs.count)
    is_inner = inner > WITHIN * runs.sizes()
    kept = [place for place, label in enumerate(components.ids) if is_inner[label - 1]]
    kept.sort(key=lambda place: -max(components.boxes[place][2:]))
    return sorted(kept[:MAX_PIECES])


def build_cell(
    boxes: Sequence[Box],
    *,
    touching: Sequence[tuple[int, int]] = (),
    shape: tuple[int, int] | None = None,
) -> Cell:
    """Find what may be the digit of a cell.

    Args:
        boxes: (left, top, width, height) of each piece, at least one.
        touching: pairs of pieces that are never parted.
        shape: of the image, (height, width); None for drawings.
    """
    sides = [max(box[2:]) for box in boxes]
    largest = max(sides) or 1.0
    dust = DUST * largest if shape else 0.0  # nothing that is drawn is dust
    costs = [SIGN_COST * side / largest if side >= dust else 0.0 for side in sides]
    smallest = max(MIN_DIGIT_SIZE * max(sides), DUST * min(shape) if shape else 0.0)
    groups, order = _joins(boxes, touching)
    # What encloses other ink is read only together with it: a face without its eyes is not a zero.
    whole = [(members, _box_of(members, boxes)) for gap, members in groups if gap < 0]
    enclosed = [
        (outer[0], inner[0])
        for outer, box in whole
        for inner, other in whole
        if max(other[2:]) >= dust and _margin(box, other) >= WITHIN * max(box[2:]) > 0
    ]
    place_of = {piece: place for place, piece in enumerate(order)}
    left_out = {}
    for gap, members in groups:
        box = _box_of(members, boxes)
        is_part = any(outer in members and inner not in members for outer, inner in enclosed)
        if max(box[2:]) >= smallest and gap <= MAX_GAP * largest and not is_part:
            start = min(place_of[index] for index in members)
            rest = sum(cost for index, cost in enumerate(costs) if index not in members)
            apart = min(max((gap / largest - APART) / (FAR - APART), 0.0), 1.0)
            cost = rest + SIGN_COST * apart + _place_cost(box, shape)
            left_out[start, start + len(members)] = cost
    parts = dict.fromkeys(left_out, Parts())
    return Cell(order, (0, len(order)), {}, tuple(left_out), parts, left_out, sum(costs))


def _joins(
    boxes: Sequence[Box], touching: Sequence[tuple[int, int]]
) -> tuple[list[tuple[float, list[int]]], tuple[int, ...]]:
    """Join the nearest pieces first.

    Returns:
        all pieces, or those that touch, with a gap of -1; and then each join of some of these, with
        the gap between them; and an order of all pieces in which each of these is a run.
    """
    group_of = {index: [index] for index in range(len(boxes))}

    def join(one: int, other: int) -> list[int] | None:
        if group_of[one] is group_of[other]:
            return None
        joined = group_of[one] + group_of[other]
        group_of.update(dict.fromkeys(joined, joined))
        return joined

    for pair in touching:
        join(*pair)
    found = [(-1.0, group) for group in {id(each): each for each in group_of.values()}.values()]
    pairs = combinations(range(len(boxes)), 2)
    near = sorted((_gap(boxes[one], boxes[other]), one, other) for one, other in pairs)
    for gap, one, other in near:
        joined = join(one, other)
        if joined is not None:
            found.append((gap, joined))
    return found, tuple(group_of[0])


def _box_of(members: Sequence[int], boxes: Sequence[Box]) -> Box:
    return union([boxes[index] for index in members])


def _margin(outer: Box, inner: Box) -> float:
    """Return how far a box lies within another, on its nearest side; negative if it does not."""
    left, top, width, height = outer
    x, y, wide, high = inner
    return min(x - left, y - top, left + width - x - wide, top + height - y - high)


def _gap(one: Box, other: Box) -> float:
    """Return the distance of two boxes' sides; 0 if they cross, but not if one holds the other."""
    margin = max(_margin(one, other), _margin(other, one))
    if margin > 0:
        return margin
    x = max(one[0], other[0]) - min(one[0] + one[2], other[0] + other[2])
    y = max(one[1], other[1]) - min(one[1] + one[3], other[1] + other[3])
    return float(np.hypot(max(x, 0.0), max(y, 0.0)))


def _place_cost(box: Box, shape: tuple[int, int] | None) -> float:
    if shape is None:
        return 0.0
    (left, top, width, height), (high, wide) = box, shape
    off = max(abs(2 * left + width - wide) / wide, abs(2 * top + height - high) / high)
    return PLACE_COST * off**2
