"""Which recordings a page shows, and in which order: failures before others, the worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from digitbench.report.breakdown import read_as
from digitbench.run.baseline import Baseline, Before
from digitbench.run.suite import CRASHED, REJECTED, WRONG, Result
from digitbench.run.tally import group_of

LOST, BROKEN, RIGHT, FAILED = "lost", "broken", "right", "failed"

KINDS = {
    CRASHED: "crashed",
    LOST: "no longer right",
    BROKEN: "failed a check",
    WRONG: "read as something else",
    REJECTED: "not accepted",
    RIGHT: "right",
}
"""The kinds of results, the worst first, each with its name for people."""


@dataclass(frozen=True)
class RankedResult:
    """A result among all of a run.

    Attributes:
        result: the result.
        kinds: all of `KINDS` that it is of, the worst first; at least one.
        before: what an earlier run said of the recording; None if that is unknown.
    """

    result: Result
    kinds: tuple[str, ...]
    before: Before | None = None

    @property
    def is_failure(self) -> bool:
        """Whether anything went wrong."""
        return self.kinds != (RIGHT,)


def rank(results: Sequence[Result], baseline: Baseline | None = None) -> list[RankedResult]:
    """Sort results, the worst first; of those that are as bad, the most confident first."""
    lost = {id(result) for result in baseline.regressions(results)} if baseline else set()
    earlier = baseline.earlier(results) if baseline else [None] * len(results)
    ranked = [
        RankedResult(result, tuple(_kinds(result, is_lost=id(result) in lost)), before)
        for result, before in zip(results, earlier, strict=True)
    ]
    order = list(KINDS)
    return sorted(ranked, key=lambda each: (order.index(each.kinds[0]), -each.result.confidence))


def choose(ranked: Sequence[RankedResult], most: int) -> list[RankedResult]:
    """Choose up to `most` in the same order: failures before others, and of these, of each sort.

    The worst failures and each pair of what was meant and read get the same share.
    """
    failures = [each for each in ranked if each.is_failure]
    if len(failures) <= most:
        return list(ranked[:most])
    sorts: defaultdict[tuple[str, str, str], list[RankedResult]] = defaultdict(list)
    for each in failures:
        sorts[each.kinds[0], group_of(each.result.word), read_as(each.result)].append(each)
    rounds = chain.from_iterable(zip_longest(*sorts.values()))
    chosen = {id(each) for each in list(filter(None, rounds))[:most]}
    return [each for each in failures if id(each) in chosen]


def _kinds(result: Result, *, is_lost: bool) -> list[str]:
    is_of = {
        CRASHED: result.outcome == CRASHED,
        LOST: is_lost,
        BROKEN: bool(result.violations),
        WRONG: result.outcome == WRONG,
        REJECTED: result.outcome == REJECTED,
        RIGHT: result.is_right,
    }
    return [kind for kind in KINDS if is_of[kind]]
