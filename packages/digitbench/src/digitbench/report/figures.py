"""The figures of a run: who wrote well, what was read as what, how long it took."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digitbench.run.selection import NO_DIGIT
from digitbench.run.suite import CRASHED, Result
from digitbench.run.tally import NUMBERS, Tally, group_of, tally

SEVERAL = "several"
"""What is read as more digits than one."""

_DIGITS = tuple("0123456789")
_MOST_BINS = 30


@dataclass(frozen=True)
class Confusion:
    """What single digits, and ink that is none, were read as.

    Attributes:
        rows: what was meant: "0" to "9" and `NO_DIGIT`, those that occur.
        columns: what was read: "0" to "9", `NO_DIGIT`, and `SEVERAL` if it occurs.
        counts: how often, by (row, column); 0 where there is none.
        left_out: recordings of numbers, and crashes, which are not counted.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Counter[tuple[str, str]]
    left_out: int

    def share(self, row: str, column: str) -> float:
        """Give a cell's share of its row, 0 to 1."""
        total = sum(self.counts[row, other] for other in self.columns)
        return self.counts[row, column] / total if total else 0.0


@dataclass(frozen=True)
class Histogram:
    """How often which value occurred.

    Attributes:
        width: of each bin.
        counts: of each bin, the first of which starts at 0; the last also holds all that is beyond.
        beyond: how many are beyond the last bin's end.
    """

    width: float
    counts: tuple[int, ...]
    beyond: int


def by_writer(results: Iterable[Result]) -> dict[str, Tally]:
    """Count the outcomes of each writer that is known, sorted."""
    groups = defaultdict(list)
    for result in results:
        if result.drawing.writer:
            groups[result.drawing.writer].append(result)
    return {name: tally(groups[name]) for name in sorted(groups)}


def worst_first(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    """Sort groups: the least accurate first, of equals the larger one."""
    return dict(
        sorted(tallies.items(), key=lambda item: (item[1].accuracy, -item[1].recordings, item[0]))
    )


def confusion(results: Sequence[Result]) -> Confusion:
    """Count what was read as what, for recordings of one digit or none that did not crash."""
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
    """Name the column of `Confusion` that a result belongs to."""
    if not result.answer:
        return NO_DIGIT
    return result.answer if len(result.answer) == 1 else SEVERAL


def histogram(values: Sequence[float]) -> Histogram:
    """Count values, at least 0, in bins of a round width that show all but the slowest hundredth.

    The widths are 1, 2 or 5 times a power of ten.
    """
    if not values:
        return Histogram(1.0, (), 0)
    ordered = sorted(values)
    longest = max(ordered[math.ceil(0.99 * len(ordered)) - 1], 1e-3)
    # The least power of ten that may do, then the first of its round multiples that does.
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
    """Choose where an axis to 1 starts that shows the tallies' intervals: a tenth, at most 0.9."""
    lowest = min((tally.interval[0] for tally in tallies), default=1.0)
    return min(0.9, math.floor(10 * lowest) / 10)
