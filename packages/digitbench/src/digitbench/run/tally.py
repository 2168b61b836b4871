"""Counts outcomes: of all recordings, of each digit, of each tag, and of each check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from digitbench.checks.registry import CHECKS
from digitbench.replay.replayer import Replayed
from digitbench.replay.timeline import EXPECT
from digitbench.run.intervals import wilson_interval
from digitbench.run.selection import NO_DIGIT
from digitnet import Drawing

NUMBERS = "numbers"
"""The group of all recordings of several digits."""

DIGITS = (*"0123456789", NUMBERS, NO_DIGIT)
"""The groups by what a recording means, in the order of every table."""


class Judged(Protocol):
    """What is counted: see `digitbench.run.suite.Result`."""

    @property
    def drawing(self) -> Drawing:
        """The recording."""

    @property
    def replayed(self) -> Replayed:
        """What came of it."""

    @property
    def outcome(self) -> str:
        """One of "correct", "wrong", "rejected" and "crashed"."""


@dataclass(frozen=True)
class Tally:
    """How often each outcome occurred; a figure has the same name everywhere.

    Attributes:
        correct: read as what it means or, if it means no digit, not accepted as one.
        wrong: accepted as something else.
        rejected: a digit that was not accepted.
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
        """Correct over recordings, 0 to 1; 0 if there are none."""
        return self.correct / self.recordings if self.recordings else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the accuracy on recordings like these, (low, high)."""
        return wilson_interval(self.correct, self.recordings)


def tally(results: Iterable[Judged]) -> Tally:
    """Count outcomes."""
    outcomes = [result.outcome for result in results]
    return Tally(*(outcomes.count(name) for name in ("correct", "wrong", "rejected", "crashed")))


def by_digit(results: Iterable[Judged]) -> dict[str, Tally]:
    """Count the outcomes of each of `DIGITS` that occurs, in their order."""
    groups = defaultdict(list)
    for result in results:
        groups[group_of(result.drawing.word)].append(result)
    return {name: tally(groups[name]) for name in DIGITS if name in groups}


def by_tag(results: Iterable[Judged]) -> dict[str, Tally]:
    """Count the outcomes of each tag, sorted; a recording counts once for each of its tags."""
    groups = defaultdict(list)
    for result in results:
        for tag in set(result.drawing.tags):
            groups[tag].append(result)
    return {name: tally(groups[name]) for name in sorted(groups)}


def group_of(word: str) -> str:
    """Return which of `DIGITS` a recording with this word belongs to."""
    if not word:
        return NO_DIGIT
    return word if word in DIGITS and len(word) == 1 else NUMBERS


@dataclass(frozen=True)
class CheckTally:
    """How often a check was made; a figure has the same name everywhere.

    Attributes:
        recordings: how many it was made of.
        comparisons: how many it made in them.
        failed: how many recordings violate it.
    """

    recordings: int
    comparisons: int
    failed: int


def by_check(results: Iterable[Judged]) -> dict[str, CheckTally]:
    """Count the outcomes of each check, in the order of `CHECKS`."""
    groups = defaultdict(list)
    for result in results:
        for outcome in result.replayed.checks:
            groups[outcome.name].append(outcome)
    return {
        name: CheckTally(
            recordings=len(groups[name]),
            comparisons=sum(outcome.count for outcome in groups[name]),
            failed=sum(bool(outcome.violations) for outcome in groups[name]),
        )
        for name in (EXPECT, *CHECKS)
        if name in groups
    }
