"""The most probable readings of ink: other labels, and other ways to cut it into digits.

A reading is a way to cut each line, and a label, or "not a digit", for each piece of ink. It weighs
what the search for the best way counts: the exponential of the sum of its pieces' scores less the
costs of its cuts, where a label counts in proportion to its probability, and "not a digit" to what
the likelihood leaves. The weights of all readings add up to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from digitnet.ink import Box, union

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitnet.preprocessing.lattice import Candidate, Lattice

Answer: TypeAlias = "tuple[NDArray[np.float32], np.float32 | float, np.bool_ | bool]"
"""Probabilities, float32 (10,), the likelihood of being a digit, and whether it is accepted."""


class Piece(NamedTuple):
    """A piece of ink as it is read: its label, or None; its height; and its line."""

    label: int | None
    height: float
    line: int


Reading: TypeAlias = tuple[float, tuple[Piece, ...]]
"""The logarithm of a reading's weight, and its pieces."""


class Edge(NamedTuple):
    """A piece of ink from one cut to another: its score, less the cost of its first cut."""

    start: int
    stop: int
    score: float
    height: float
    answer: Answer | None


@dataclass(frozen=True, eq=False)
class Ways:
    """All ways to cut a line into digits, and what the networks answered.

    Attributes:
        lattice: the pieces of ink, and where they can be cut.
        boxes: of the pieces.
        scores: log likelihood of each candidate.
        answers: to each candidate.
        slashes: candidates that are not digits, whatever the networks answered.
        nothing: in a cell, the score of no digit; None where all ink is read.
    """

    lattice: Lattice
    boxes: Sequence[Box]
    scores: Mapping[Candidate, float]
    answers: Mapping[Candidate, Answer]
    slashes: frozenset[Candidate] = frozenset()
    nothing: float | None = None

    def edges(self) -> Iterator[Edge]:
        """Yield the candidates; of equal ones, those that the search prefers come first."""
        for candidate in sorted(self.scores, reverse=True):
            members = self.lattice.members(candidate)
            height = union([self.boxes[index] for index in members])[3]
            answer = None if candidate in self.slashes else self.answers[candidate]
            score = self.scores[candidate]
            if self.nothing is None:
                yield Edge(*candidate, score - self.lattice.costs[candidate[0]], height, answer)
            else:  # one of the candidates is all that is read of a cell
                yield Edge(0, 1, score, height, answer)
        if self.nothing is not None:
            yield Edge(0, 1, self.nothing, 0.0, None)


def best_readings(lines: Iterable[Iterable[Edge]], count: int) -> list[tuple[float, list[Piece]]]:
    """Return the most probable readings of all lines together, and their probabilities.

    Args:
        lines: from the top; each line's candidates.
        count: how many at most.
    """
    best: list[Reading] = [(0.0, ())]
    for number, edges in enumerate(lines):
        pairs = product(best, _readings(list(edges), number, count))
        best = nlargest(count, ((a + b, old + new) for (a, old), (b, new) in pairs), key=_weight)
    return [(math.exp(weight), list(pieces)) for weight, pieces in best]


def _readings(edges: Sequence[Edge], line: int, count: int) -> list[Reading]:
    """Return a line's best readings, with the logarithms of their probabilities."""
    # Up to each cut, the best readings, and the logarithm of the weight of all.
    best: dict[int, list[Reading]] = {0: [(0.0, ())]}
    total: dict[int, float] = {0: 0.0}
    for stop in sorted({edge.stop for edge in edges}):
        found: list[Reading] = []
        totals: list[float] = []
        for edge in edges:
            if edge.stop != stop:
                continue
            choices = _choices(edge.answer)
            for weight, before in best[edge.start]:
                for more, label in choices[:count]:
                    pieces = (*before, Piece(label, edge.height, line))
                    found.append((weight + edge.score + more, pieces))
            totals += [total[edge.start] + edge.score + more for more, _ in choices]
        best[stop] = nlargest(count, found, key=_weight)
        highest = max(totals)
        total[stop] = highest + math.log(sum(math.exp(each - highest) for each in totals))
    last = max(best)  # the last cut, or 0 for a line without candidates
    return [(weight - total[last], pieces) for weight, pieces in best[last]]


def _choices(answer: Answer | None) -> list[tuple[float, int | None]]:
    """Return what ink can be read as, and the logarithm of the weight of each, best first.

    What is accepted is a digit at least as probably as not, and what is not accepted is none.
    """
    if answer is None:
        return [(0.0, None)]
    probabilities, likelihood, accepted = answer
    labels = [(float(likelihood) * p, d) for d, p in enumerate(probabilities.tolist()) if p > 0]
    labels.sort(key=_weight, reverse=True)
    highest, none = labels[0][0], 1 - float(likelihood)
    none = min(none, highest) if accepted else max(none, highest)
    at = 1 if accepted else 0
    weights: list[tuple[float, int | None]] = [*labels]
    weights.insert(at, (none, None))
    weights.sort(key=_weight, reverse=True)
    largest = weights[0][0]
    return [(math.log(weight / largest), label) for weight, label in weights if weight > 0]


def _weight(pair: tuple[float, object]) -> float:
    return pair[0]
