"""The figures of a run: shares by group, what was read as what, how long it took."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from digitbench.intervals import wilson_interval
from digitbench.selection import NO_DIGIT
from digitbench.suite import CORRECT, CRASHED, Result

NUMBERS = "numbers"
OTHERS = "others"
SEVERAL = "several"
_DIGITS = tuple("0123456789")
_MOST_BINS = 30


@dataclass(frozen=True)
class Share:
    """How many recordings of a group are right.

    Attributes:
        name: the group's.
        recordings: how many there are, at least 1.
        correct: how many of these are right.
    """

    name: str
    recordings: int
    correct: int

    @property
    def accuracy(self) -> float:
        """Correct over recordings, 0 to 1."""
        return self.correct / self.recordings

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true accuracy lies with 95 % confidence, (low, high)."""
        return wilson_interval(self.correct, self.recordings)


@dataclass(frozen=True)
class Confusion:
    """What single digits, and ink that is none, were read as.

    Attributes:
        rows: what was meant: "0" to "9" and `NO_DIGIT`, those that occur.
        columns: what was read: "0" to "9", `NO_DIGIT`, and `SEVERAL` if it occurs.
        counts: how often, by (row, column); 0 where there is none.
        left_out: recordings of numbers and other words, and crashes, which are not counted.
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


def by_digit(results: Sequence[Result]) -> list[Share]:
    """Group by what was meant: the ten digits, numbers of several, other words, no digit."""

    def names(result: Result) -> Iterable[str]:
        yield meant_as(result)

    order = {name: place for place, name in enumerate((*_DIGITS, NUMBERS, OTHERS, NO_DIGIT))}
    return sorted(_shares(results, names), key=lambda share: order[share.name])


def by_tag(results: Sequence[Result]) -> list[Share]:
    """Group by tag, the least accurate first; a recording counts once for each of its tags."""
    return _worst_first(_shares(results, lambda result: set(result.drawing.tags)))


def by_writer(results: Sequence[Result]) -> list[Share]:
    """Group by writer, the least accurate first; recordings without one are left out."""
    writers = _shares(results, lambda result: filter(None, [result.drawing.writer]))
    return _worst_first(writers)


def confusion(results: Sequence[Result]) -> Confusion:
    """Count what was read as what, for recordings of one digit or none that did not crash."""
    rows = (*_DIGITS, NO_DIGIT)
    counted = [
        result for result in results if result.outcome != CRASHED and meant_as(result) in rows
    ]
    counts = Counter((meant_as(result), read_as(result)) for result in counted)
    meant = {row for row, _ in counts}
    read = {column for _, column in counts}
    return Confusion(
        rows=tuple(row for row in rows if row in meant),
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
    counts = Counter(min(math.floor(value / width), bins - 1) for value in values)
    beyond = sum(value >= bins * width for value in values)
    return Histogram(width, tuple(counts[index] for index in range(bins)), beyond)


def meant_as(result: Result) -> str:
    """Name the group by digit, and the row of `Confusion`, that a result belongs to."""
    if not result.word:
        return NO_DIGIT
    if result.word in _DIGITS:
        return result.word
    return NUMBERS if result.word.isdecimal() else OTHERS


def _shares(results: Iterable[Result], names: Callable[[Result], Iterable[str]]) -> list[Share]:
    recordings: Counter[str] = Counter()
    correct: Counter[str] = Counter()
    for result in results:
        for name in names(result):
            recordings[name] += 1
            correct[name] += result.outcome == CORRECT
    return [Share(name, count, correct[name]) for name, count in recordings.items()]


def _worst_first(shares: Iterable[Share]) -> list[Share]:
    return sorted(shares, key=lambda share: (share.accuracy, -share.recordings, share.name))


def axis_start(shares: Iterable[Share]) -> float:
    """Choose where an axis to 1 starts that shows the shares' intervals: a tenth, at most 0.9."""
    lowest = min((share.interval[0] for share in shares), default=1.0)
    return min(0.9, math.floor(10 * lowest) / 10)
