"""Which ink belongs to which digit.

Ink comes in pieces: strokes, or connected spots of a picture. Digits of a number stand side by
side, so a digit is a run of pieces in their order from left to right, and a way to read the ink is
a way to cut that order. Geometry says where a cut is possible and what it costs; the network says
how much like a digit each run looks; dynamic programming finds the cuts that are best for all runs
together. The idea is that of over-segmentation with recognition (Casey, Lecolinet: "A survey of
methods and strategies in character segmentation", 1996, section 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from digitnet.ink import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

Run: TypeAlias = tuple[int, int]
"""From which to before which place in the order of the pieces."""

LONGEST_RUN = 4
"""Between the places where a cut is possible, how many stretches a digit can span."""

MOST_PIECES = 200
"""More pieces than this are no number but a scribble: they stay together, which bounds the time."""

NARROWEST = 0.25
"""A piece is taken to be at least so wide, over its height: a one takes room, too."""

WELDED = 0.85
"""Pieces of which the narrower lies to this share above or below the other are never cut apart."""

OVERLAP_COST = 3.0
"""What it costs to cut between pieces that lie above each other, in log likelihood."""

SMALLEST = 0.3
"""A digit's longer side is at least this, over the height of the tallest piece."""

FARTHEST = 0.8
"""Pieces that are farther apart than this, over the height of the ink, are never one digit."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of ink in reading order, and where they can be cut.

    Attributes:
        order: the pieces' indices from left to right.
        cuts: places in the order where a cut is possible, the ends included, rising.
        costs: of a cut at each of those places, in log likelihood.
        runs: what may be a digit.
    """

    order: tuple[int, ...]
    cuts: tuple[int, ...]
    costs: Mapping[int, float]
    runs: tuple[Run, ...]

    def members(self, run: Run) -> tuple[int, ...]:
        """Give the indices of a run's pieces, rising."""
        return tuple(sorted(self.order[run[0] : run[1]]))


def arrange_pieces(boxes: Sequence[Box], *, most: int = MOST_PIECES) -> Pieces:
    """Find the runs of pieces that may be digits.

    Args:
        boxes: (left, top, width, height) of each piece.
        most: pieces that are cut apart; more of them stay together.
    """
    if not boxes:
        return Pieces((), (), {}, ())
    if len(boxes) == 1 or len(boxes) > most:
        whole = (0, len(boxes))
        return Pieces(tuple(range(len(boxes))), whole, dict.fromkeys(whole, 0.0), (whole,))
    left, right = _spans(np.array(boxes, dtype=np.float64))
    order = np.argsort(left + right, kind="stable")
    left, right = left[order], right[order]
    overlaps = _overlaps(left, right)
    inner = [place for place in range(1, len(order)) if overlaps[place] < WELDED]
    cuts = [0, *inner, len(order)]
    height = max(box[3] for box in boxes)
    width = max(box[2] for box in boxes)
    farthest = FARTHEST * max(height, width / 2)
    runs = []
    for index, start in enumerate(cuts[:-1]):
        for last in range(index + 1, min(index + 1 + LONGEST_RUN, len(cuts))):
            stop = cuts[last]
            # Gaps within a run: from all that is left of a cut to the first that is right of it.
            gaps = (
                left[place:stop].min() - right[start:place].max()
                for place in cuts[index + 1 : last]
            )
            if all(gap <= farthest for gap in gaps):
                runs.append((start, stop))
    costs = dict.fromkeys(cuts, 0.0)
    costs |= {place: OVERLAP_COST * max(overlaps[place], 0.0) for place in inner}
    return Pieces(tuple(int(index) for index in order), tuple(cuts), costs, tuple(runs))


def best_runs(pieces: Pieces, scores: Mapping[Run, float]) -> list[Run]:
    """Cut the pieces so that the runs' scores, less the cuts' costs, are highest in sum.

    Args:
        pieces: as `arrange_pieces` gives them.
        scores: of each of `pieces.runs`, a log likelihood.

    Returns:
        the runs, from left to right; together they hold every piece once.
    """
    if not pieces.cuts:
        return []
    ending: dict[int, list[Run]] = {stop: [] for stop in pieces.cuts}
    for run in pieces.runs:
        ending[run[1]].append(run)
    total = {0: 0.0}  # of the best runs up to each cut, of which the last is kept
    final: dict[int, Run] = {}
    for stop in pieces.cuts[1:]:
        ways = [(total[run[0]] + scores[run] - pieces.costs[run[0]], run) for run in ending[stop]]
        total[stop], final[stop] = max(ways)
    chosen: list[Run] = []
    stop = pieces.cuts[-1]
    while stop:
        chosen.append(final[stop])
        stop = final[stop][0]
    return chosen[::-1]


def _spans(boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the left and right ends of the pieces, thin ones widened."""
    left, width, height = boxes[:, 0], boxes[:, 2], boxes[:, 3]
    widening = np.maximum(NARROWEST * height - width, 0) / 2
    return left - widening, left + width + widening


def _overlaps(left: NDArray[np.float64], right: NDArray[np.float64]) -> list[float]:
    """For each place in the order, measure how far pieces before it lie above pieces after it.

    Returns:
        the overlap over the narrower piece's width, of the pair that overlaps most; negative where
        there is a gap.
    """
    shared = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    narrower = np.minimum((right - left)[:, None], right - left)
    share = shared / np.maximum(narrower, 1e-9)
    # Of each piece and all from a place on; and then of all before the place.
    farther = np.maximum.accumulate(share[:, ::-1], axis=1)[:, ::-1]
    crossing = np.maximum.accumulate(farther, axis=0)
    return [-1.0, *crossing.diagonal(1).tolist()]
