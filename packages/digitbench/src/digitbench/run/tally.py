"""Outcomes counted: of all recordings, of each digit, of each tag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitbench.checks.outcome import CHECKS, EXPECT
from digitbench.run.intervals import wilson_interval
from digitbench.run.selection import NO_DIGIT

if TYPE_CHECKING:
    from digitbench.run.suite import Result

NUMBERS = "numbers"
"""The group of all recordings of several digits."""

DIGITS = (*"0123456789", NUMBERS, NO_DIGIT)
"""The groups by what a recording means, in the order of every table."""


@dataclass(frozen=True)
class Tally:
    """How often which outcome came; each figure has one name everywhere.

    Attributes:
        correct: read as what they mean; for no digit, not accepted as one.
        wrong: accepted as something else.
        rejected: digits that were not accepted.
        crashed: the app raised an exception, or hung.
    """

    correct: int
    wrong: int
    rejected: int
    crashed: int

    @property
    def recordings(self) -> int:
        """How many recordings there are."""
        return self.correct + self.wrong + self.rejected + self.crashed

    @property
    def accuracy(self) -> float:
        """Correct over recordings, 0 to 1; 0 of none."""
        return self.correct / self.recordings if self.recordings else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the accuracy of recordings like these lies with 95 % confidence, (low, high)."""
        return wilson_interval(self.correct, self.recordings)


def tally(results: Iterable[Result]) -> Tally:
    """Count outcomes."""
    outcomes = [result.outcome for result in results]
    return Tally(*(outcomes.count(name) for name in ("correct", "wrong", "rejected", "crashed")))


def by_digit(results: Iterable[Result]) -> dict[str, Tally]:
    """Count the outcomes of each of `DIGITS` that occurs, in their order."""
    groups = defaultdict(list)
    for result in results:
        groups[group_of(result.word)].append(result)
    return {name: tally(groups[name]) for name in DIGITS if name in groups}


def by_tag(results: Iterable[Result]) -> dict[str, Tally]:
    """Count the outcomes of each tag, sorted; a recording counts once for each of its tags."""
    groups = defaultdict(list)
    for result in results:
        for tag in set(result.drawing.tags):
            groups[tag].append(result)
    return {name: tally(groups[name]) for name in sorted(groups)}


def group_of(word: str) -> str:
    """Name the one of `DIGITS` that a recording of this word belongs to."""
    if not word:
        return NO_DIGIT
    return word if word in DIGITS and len(word) == 1 else NUMBERS


@dataclass(frozen=True)
class CheckTally:
    """How often one of the checks was made; each figure has one name everywhere.

    Attributes:
        recordings: of how many it was made.
        comparisons: how many times something was compared in them.
        failed: the recordings of which something does not hold.
    """

    recordings: int
    comparisons: int
    failed: int


def by_check(results: Iterable[Result]) -> dict[str, CheckTally]:
    """Count what was checked besides the answers, in the order of `CHECKS`."""
    groups = defaultdict(list)
    for result in results:
        for checked in result.replayed.checks:
            groups[checked.name].append(checked)
    return {
        name: CheckTally(
            recordings=len(groups[name]),
            comparisons=sum(checked.count for checked in groups[name]),
            failed=sum(bool(checked.broken) for checked in groups[name]),
        )
        for name in (EXPECT, *CHECKS)
        if name in groups
    }
