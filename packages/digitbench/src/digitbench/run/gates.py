"""Decides whether a run passes; a gate that fails gives a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from digitbench.run.baseline import Baseline
from digitbench.run.selection import NO_DIGIT
from digitbench.run.suite import CRASHED, Result, Summary
from digitbench.run.tally import DIGITS, NUMBERS, Tally
from digitbench.text import printable
from digitnet.errors import DigitnetError

ALL = "all"
"""The group of all recordings."""

_TAG = "tag:"
_MOST_NAMES = 20


class GateError(DigitnetError):
    """A gate does not exist, or asks for the impossible."""


@dataclass(frozen=True)
class Gates:
    """What a run must achieve; each attribute is named after its option.

    Attributes:
        min_accuracy: the least accuracy, 0 to 1, by group: "all", "0" to "9", "numbers", "none" (no
            digit), or "tag:" and a tag.
        max_p99_ms: the highest 99th percentile from release to answer drawn, in milliseconds.
        baseline: an earlier run; what it read correctly must still be read correctly.
    """

    min_accuracy: Mapping[str, float] = field(default_factory=dict)
    max_p99_ms: float | None = None
    baseline: Baseline | None = None

    def overridden_by(self, other: Gates) -> Gates:
        """Return these gates, replaced by those of `other` where it has them."""
        return Gates(
            min_accuracy={**self.min_accuracy, **other.min_accuracy},
            max_p99_ms=self.max_p99_ms if other.max_p99_ms is None else other.max_p99_ms,
            baseline=other.baseline or self.baseline,
        )


def check(results: Sequence[Result], summary: Summary, gates: Gates) -> list[str]:
    """Apply gates to a run.

    Args:
        results: of the run.
        summary: of the same run.
        gates: what is required.

    Returns:
        a sentence for each gate that failed. A crash, a violated check and a run of no recordings
        always fail.
    """
    if not summary.recordings:
        return ["nothing was replayed: there are no recordings to judge"]
    failures: list[str] = []
    if summary.crashed:
        names = [result.key_id for result in results if result.outcome == CRASHED]
        failures.append(
            f"the app crashed on {summary.crashed} of {summary.recordings} recordings: "
            f"{_listed(names)}"
        )
    for name, tally in summary.checks.items():
        if tally.failed:
            names = [result.key_id for result in results if name in dict(result.violations)]
            failures.append(
                f"the check {name} failed for {tally.failed} of {tally.recordings} recordings: "
                f"{_listed(names)}"
            )
    for group, least in gates.min_accuracy.items():
        failures += _check_accuracy(summary, group, least)
    if gates.max_p99_ms is not None and summary.latency_p99 > gates.max_p99_ms:
        failures.append(
            f"99 of 100 answers were drawn within {summary.latency_p99:.2f} ms of the release, and "
            f"at most {gates.max_p99_ms:g} ms are allowed"
        )
    if gates.baseline:
        failures += _check_baseline(results, gates.baseline)
    return failures


def remarks(results: Sequence[Result], gates: Gates) -> list[str]:
    """Return a sentence for each thing worth knowing that is not a failure."""
    if not gates.baseline or not (missing := gates.baseline.missing(results)):
        return []
    of = f"{len(gates.baseline.right)} recordings of {gates.baseline.file}"
    return [f"{len(missing)} of the {of} were not replayed: {_listed(missing)}"]


def checked_accuracy(group: str, value: object) -> tuple[str, float]:
    """Return a group and its least accuracy, if both are valid.

    Raises:
        GateError: there is no such group, or the accuracy is not a number from 0 to 1.
    """
    if group != ALL and group not in DIGITS and not (group.startswith(_TAG) and group != _TAG):
        groups = f"{ALL}, 0 to 9, {NUMBERS}, {NO_DIGIT} or {_TAG}NAME"
        raise GateError(f"{group!r} is not a group of recordings; use {groups}")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return group, float(value)
    raise GateError(f"{value!r} is not an accuracy of {group}; use a number from 0 to 1")


def _check_accuracy(summary: Summary, group: str, least: float) -> list[str]:
    which = f"recordings{_described(group)}"
    tally = _tally(summary, group)
    if tally is None:
        return [f"no {which} were replayed, of which at least {_percent(least)} must be right"]
    if tally.accuracy >= least:
        return []
    found = f"{tally.correct} of {tally.recordings} {which} are right, {tally.accuracy:.2%}"
    return [f"{found}, and at least {_percent(least)} are required"]


def _tally(summary: Summary, group: str) -> Tally | None:
    if group == ALL:
        return summary
    if group.startswith(_TAG):
        return summary.tags.get(group.removeprefix(_TAG))
    return summary.digits.get(group)


def _described(group: str) -> str:
    if group == ALL:
        return ""
    if group.startswith(_TAG):
        return f" tagged {group.removeprefix(_TAG)}"
    return " of no digit" if group == NO_DIGIT else f" of {group}"


def _check_baseline(results: Sequence[Result], baseline: Baseline) -> list[str]:
    lost = baseline.regressions(results)
    if not lost:
        return []
    of = f"{sum(baseline.right.values())} recordings that were right in {baseline.file}"
    which = _listed([f"{result.key_id}: {result.verdict}" for result in lost], "; ")
    return [f"{len(lost)} of the {of} no longer are: {which}"]


def _listed(names: Sequence[str], comma: str = ", ") -> str:
    rest = len(names) - _MOST_NAMES
    return printable(comma.join(names[:_MOST_NAMES])) + (
        f"{comma}and {rest} more" if rest > 0 else ""
    )


def _percent(share: float) -> str:
    """Format a share with two decimals, or with as many as it needs."""
    text = f"{share:.2%}"
    return text if abs(float(text[:-1]) / 100 - share) < 1e-9 else f"{share * 100:.8g}%"
