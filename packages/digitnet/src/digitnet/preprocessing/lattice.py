"""Where ink can be cut into digits, and the best of all ways to cut it.

The digits of a number stand next to each other, so a digit is a run of pieces in order from left to
right, and a way to read the ink is a way to cut that order. Geometry says where a cut is possible
and what it costs; the network says how much each candidate looks like a digit; dynamic programming
finds the best cuts for all of them together. This is over-segmentation with recognition (Casey,
Lecolinet: "A survey of methods and strategies in character segmentation", 1996, section 4).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from digitnet.ink import Box, union

if TYPE_CHECKING:
    from numpy.typing import NDArray

Candidate: TypeAlias = tuple[int, int]
"""Pieces that may be a digit: where they start and stop in the order of pieces, like a slice."""

MAX_SPAN = 4
"""Number of segments between neighbouring cuts that a digit can span."""

MAX_PIECES = 200
"""More pieces than this are a scribble, not a number: they stay together, to bound the time."""

MIN_ASPECT = 0.25
"""Width that a piece is treated as having at least, as a share of its height: a one needs room."""

LINE_WIDTH = 0.08
"""Width that a stroke is treated as having at least, as a share of the height of the ink.

Its real width is that of the pen, which is often not known, or too wide for the digits.
"""

INSEPARABLE_OVERLAP = 0.85
"""Pieces are never cut apart if this share of the narrower one is above or below the other."""

OVERLAP_COST = 3.0
"""Cost, in log likelihood, of a cut between pieces that are above each other."""

TOUCH_COST = 6.5
"""Cost, in log likelihood, of a cut between strokes that touch: hardly less than that of a sign."""

JOIN_COST = 2.0
"""Cost, in log likelihood, of a cut within a stroke."""

MAX_GAP = 0.8
"""Pieces farther apart than this are never one digit; as a share of the height of the ink."""

TOUCHING, APART = 0.06, 0.15
"""A gap up to the first counts as none, and one from the second on parts digits.

In between, it counts in proportion; as shares of the height of the ink around it.
"""

DASH, LEVEL = 0.35, 0.25
"""A dash is at most as high as the first share of its width, and the second share of the height of
the ink beside it away from its top and bottom. It never belongs to a digit that it touches.
"""

ONE_SIGN = 0.4
"""Pieces of which this share is above each other are one sign, if they are not digits."""

BESIDE = 1.2
"""What a piece beside another in one sign counts: more than as a sign of its own."""

SIGN_COST = 7.0
"""Cost, in log likelihood, of a piece of ink that is not a digit."""

DOUBT = 5.0
"""How much doubt about a digit weighs: with a likelihood of 0.25, it costs as much as a sign."""


class Parts(NamedTuple):
    """How far the ink of a candidate falls apart, so that it is less likely to be one thing.

    Attributes:
        gaps: the number of wide gaps that it spans; a narrow one counts in proportion.
        pieces: the number of pieces that stand side by side in it, each but one counted as
            `BESIDE`; those that are partly above each other count in proportion.
    """

    gaps: float = 0.0
    pieces: float = 1.0


@dataclass(frozen=True)
class Lattice:
    """Pieces of ink in reading order, where they can be cut, and which runs may be a digit.

    Attributes:
        order: the pieces' indices from left to right.
        cuts: places in the order where a cut is possible, including both ends, ascending.
        costs: of a cut at each of those places, in log likelihood.
        candidates: what may be a digit.
        parts: how far each candidate falls apart.
    """

    order: tuple[int, ...]
    cuts: tuple[int, ...]
    costs: Mapping[int, float]
    candidates: tuple[Candidate, ...]
    parts: Mapping[Candidate, Parts]

    def members(self, candidate: Candidate) -> tuple[int, ...]:
        """Return the indices of a candidate's pieces, ascending."""
        return tuple(sorted(self.order[candidate[0] : candidate[1]]))


def build_lattice(
    boxes: Sequence[Box],
    *,
    max_pieces: int = MAX_PIECES,
    owners: Sequence[int] | None = None,
    touching: Iterable[tuple[int, int]] = (),
) -> Lattice:
    """Find the runs of pieces that may be digits.

    Args:
        boxes: (left, top, width, height) of each piece.
        max_pieces: more pieces than this stay together.
        owners: of each piece, the number of the stroke that it is part of; None for images, where
            gaps between pieces do not count, since ink can be faint.
        touching: pairs of pieces of different strokes that touch or cross.
    """
    if not boxes:
        return Lattice((), (), {}, (), {})
    if len(boxes) == 1 or len(boxes) > max_pieces:
        whole = (0, len(boxes))
        order, costs = tuple(range(len(boxes))), dict.fromkeys(whole, 0.0)
        return Lattice(order, whole, costs, (whole,), {whole: Parts()})
    height = max(box[3] for box in boxes)
    width = max(box[2] for box in boxes)
    thickness = LINE_WIDTH * max(height, width / 2) if owners else 0.0
    left, right = _extents(np.array(boxes, dtype=np.float64), thickness)
    in_order = np.argsort(left + right, kind="stable")
    order = tuple(in_order.tolist())
    left, right = left[in_order], right[in_order]
    overlaps = _overlaps(left, right)
    inner = [place for place in range(1, len(order)) if overlaps[place] < INSEPARABLE_OVERLAP]
    cuts = (0, *inner, len(order))
    costs = dict.fromkeys(cuts, 0.0)
    costs |= {place: OVERLAP_COST * max(overlaps[place], 0.0) for place in inner}
    runs = _runs([owners[index] for index in order]) if owners else []
    joins = {place for start, stop in runs for place in range(start + 1, stop)}
    costs |= dict.fromkeys(joins.intersection(inner), JOIN_COST)
    place_of = {piece: place for place, piece in enumerate(order)}
    for pair in touching:
        first, last = sorted(place_of[piece] for piece in pair)
        costs |= {cut: max(costs[cut], TOUCH_COST) for cut in inner if first < cut <= last}
    max_gap = MAX_GAP * max(height, width / 2)
    # As lists, because slices of a few numbers take longer in NumPy.
    lefts, rights = left.tolist(), right.tolist()
    ordered = [boxes[index] for index in order]
    number = {cut: index for index, cut in enumerate(cuts)}
    parts: dict[Candidate, Parts] = {}
    for start, stop in _spans(cuts, runs):
        within = cuts[number[start] + 1 : number[stop]]
        # Gaps at the cuts within: from everything left of a cut to the first piece right of it.
        gaps = (min(lefts[cut:stop]) - max(rights[start:cut]) for cut in within)
        if all(gap <= max_gap for gap in gaps):
            wide = 0.0
            if owners is not None:
                wide = sum(_apartness(ordered[start:cut], ordered[cut:stop]) for cut in within)
            one = sum(1.0 if cut in joins else _share(overlaps[cut], ONE_SIGN) for cut in within)
            parts[start, stop] = Parts(wide, 1 + BESIDE * (len(within) - one))
    return Lattice(order, cuts, costs, tuple(parts), parts)


def score(
    probabilities: NDArray[np.float32], likelihood: np.float32 | float, parts: Parts
) -> float:
    """Return how well ink reads as one digit or, if it is none, as a sign, as a log likelihood.

    Signs are counted piece by piece, and a digit must be likely to be better than one: what stands
    beside a digit never makes both cheaper together than one by one.

    Args:
        probabilities: float32 (10,).
        likelihood: of being a digit.
        parts: how far the ink falls apart.
    """
    digit = math.log(max(float(likelihood) * float(probabilities.max()), 1e-9))
    return max(DOUBT * digit - SIGN_COST * parts.gaps, -SIGN_COST * parts.pieces)


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


def _apartness(before: Sequence[Box], after: Sequence[Box]) -> float:
    """Return how sure the gap between pieces parts two digits, 0 to 1."""
    left, top, width, height = union(before)
    other, high, _, tall = union(after)
    around = max(top + height, high + tall) - min(top, high)
    gap = (other - left - width) / max(around, 1e-9)
    if _is_dash(before, top=high, height=tall) or _is_dash(after, top=top, height=height):
        return _share(gap + TOUCHING, TOUCHING)
    return _share(gap - TOUCHING, APART - TOUCHING)


def _is_dash(pieces: Sequence[Box], *, top: float, height: float) -> bool:
    """Whether pieces are a dash for the ink beside them: a bar at about half its height."""
    if len(pieces) != 1:
        return False
    ((_, dash_top, wide, high),) = pieces
    middle = (dash_top + high / 2 - top) / max(height, 1e-9)
    return high < DASH * wide and wide < height and LEVEL < middle < 1 - LEVEL


def _runs(owners: Sequence[int]) -> list[Candidate]:
    """Return, of each stroke in several parts, the run of pieces from its first to its last."""
    last = {owner: place for place, owner in enumerate(owners)}
    first = {owner: place for place, owner in reversed(list(enumerate(owners)))}
    return [(first[owner], last[owner] + 1) for owner in first if first[owner] < last[owner]]


def _spans(cuts: Sequence[int], runs: Sequence[Candidate]) -> list[Candidate]:
    """Return all runs between cuts that are short enough, and those of whole strokes."""
    spans = {
        (start, stop)
        for index, start in enumerate(cuts)
        for stop in cuts[index + 1 : index + 1 + MAX_SPAN]
    }
    return sorted(spans.union(run for run in runs if run[0] in cuts and run[1] in cuts))


def _share(value: float, whole: float) -> float:
    """Return how much of a whole a value is, 0 to 1."""
    return min(max(value / whole, 0.0), 1.0)


def _extents(
    boxes: NDArray[np.float64], thickness: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the left and right ends of the pieces, with thin ones widened."""
    left, width, height = boxes[:, 0], boxes[:, 2], boxes[:, 3]
    widening = np.maximum(np.maximum(MIN_ASPECT * height, thickness) - width, 0) / 2
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
