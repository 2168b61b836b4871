"""Breakdowns of a run: accuracy by writer, what was read as what, and how long it took."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digitbench.run.selection import NO_DIGIT
from digitbench.run.suite import CRASHED, Result
from digitbench.run.tally import NUMBERS, Tally, group_of, tally

SEVERAL = "several"
"""The column of answers with more than one digit."""

_DIGITS = tuple("0123456789")
_MOST_BINS = 30


@dataclass(frozen=True)
class Confusion:
    """What single digits, and ink that is not a digit, were read as.

    Attributes:
        rows: what was meant: those of "0" to "9" and `NO_DIGIT` that occur.
        columns: what was read: "0" to "9", `NO_DIGIT`, and `SEVERAL` if it occurs.
        counts: the number of recordings by (row, column).
        left_out: the number of recordings that are not counted: those of numbers, and crashes.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Counter[tuple[str, str]]
    left_out: int

    def share(self, row: str, column: str) -> float:
        """Return the share of a cell in its row, 0 to 1."""
        total = sum(self.counts[row, other] for other in self.columns)
        return self.counts[row, column] / total if total else 0.0


@dataclass(frozen=True)
class Histogram:
    """How often values occurred.

    Attributes:
        width: the width of a bin.
        counts: the number of values in each bin; the first starts at 0, and the last also holds
            larger values.
        beyond: the number of values beyond the end of the last bin.
    """

    width: float
    counts: tuple[int, ...]
    beyond: int


def by_writer(results: Iterable[Result]) -> dict[str, Tally]:
    """Count the outcomes for each known writer, sorted by name."""
    groups = defaultdict(list)
    for result in results:
        if result.drawing.writer:
            groups[result.drawing.writer].append(result)
    return {name: tally(groups[name]) for name in sorted(groups)}


def worst_first(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    """Sort groups by accuracy, the lowest first, and then by size, the largest first."""
    return dict(
        sorted(tallies.items(), key=lambda item: (item[1].accuracy, -item[1].recordings, item[0]))
    )


def confusion(results: Sequence[Result]) -> Confusion:
    """Count what was read as what, for recordings of at most one digit that did not crash."""
    counted = [
        result
        for result in results
        if result.outcome != CRASHED and group_of(result.word) != NUMBERS
    ]
    counts = Counter((group_of(result.word), read_as(result)) for result in counted)
    meant = {row for row, _ in counts}
    read = {column for _, column in counts}
    return Confusion(
        rows=tuple(row for row in (*_DIGITS, NO_DIGIT) if row in meant),
        columns=(*_DIGITS, NO_DIGIT, *([SEVERAL] if SEVERAL in read else [])),
        counts=counts,
        left_out=len(results) - len(counted),
    )


def read_as(result: Result) -> str:
    """Return the column of `Confusion` that a result belongs to."""
    if not result.answer:
        return NO_DIGIT
    return result.answer if len(result.answer) == 1 else SEVERAL


def histogram(values: Sequence[float]) -> Histogram:
    """Count values >= 0 in bins that cover all but the largest hundredth of them.

    The width of the bins is 1, 2 or 5 times a power of ten.
    """
    if not values:
        return Histogram(1.0, (), 0)
    ordered = sorted(values)
    longest = max(ordered[math.ceil(0.99 * len(ordered)) - 1], 1e-3)
    # The lowest power of ten that may be wide enough, then its first multiple that is.
    power = 10.0 ** math.floor(math.log10(longest / _MOST_BINS))
    width = next(
        power * step for step in (1, 2, 5, 10, 20) if longest / (power * step) < _MOST_BINS
    )
    bins = math.floor(longest / width) + 1
    places = [math.floor(value / width) for value in values]
    counts = Counter(min(place, bins - 1) for place in places)
    beyond = sum(place >= bins for place in places)
    return Histogram(width, tuple(counts[index] for index in range(bins)), beyond)


def axis_start(tallies: Iterable[Tally]) -> float:
    """Return the start of an axis up to 1 that shows all intervals: a tenth, at most 0.9."""
    lowest = min((tally.interval[0] for tally in tallies), default=1.0)
    return min(0.9, math.floor(10 * lowest) / 10)
