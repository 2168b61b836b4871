"""The verdict on a run: whether it passes and, if not, why.

Exit code, terminal and reports all get it from here. Unless gates judge the answers, each must be
right and most must come at once; a crash, a violated check and a run of no recordings fail whatever
the gates are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from digitbench.run.baseline import Baseline
from digitbench.run.gates import ALL, TAG, Gates
from digitbench.run.selection import NO_DIGIT
from digitbench.run.suite import CORRECT, CRASHED, REJECTED, WRONG, Result, Summary
from digitbench.run.tally import Tally, group_of
from digitbench.text import counted, printable

_MOST_NAMES = 20

# Milliseconds within which an answer seems immediate (R. B. Miller: "Response time in man-computer
# conversational transactions", 1968). It is compared with the median, which a busy machine that
# stops a process now and then hardly moves.
_PAUSE = 100


@dataclass(frozen=True)
class Requirement:
    """Something that a run must meet.

    Attributes:
        name: a short name, the same in each run, such as "wrong answers" or "min-accuracy 7".
        failure: a sentence that says how the run misses it; "" if it meets it.
        missed_by: the results because of which the run misses it, as far as it is due to some.
        is_gate: whether it is about the run as a whole, and not about each recording by itself.
    """

    name: str
    failure: str = ""
    missed_by: Sequence[Result] = ()
    is_gate: bool = True


@dataclass(frozen=True)
class Verdict:
    """Whether a run passes, and why.

    Attributes:
        requirements: what the run had to meet.
        not_right: how many recordings were not right, whether that is allowed or not.
        recordings: how many there are.
        no_fail: whether nothing was required of them.
    """

    requirements: Sequence[Requirement] = field(default_factory=list)
    not_right: int = 0
    recordings: int = 0
    no_fail: bool = False

    @property
    def missed(self) -> list[Requirement]:
        """The requirements that the run does not meet."""
        return [requirement for requirement in self.requirements if requirement.failure]

    @property
    def passed(self) -> bool:
        """Whether the run meets all requirements."""
        return not self.missed

    @property
    def failures(self) -> list[str]:
        """A sentence for each requirement that the run does not meet."""
        return [requirement.failure for requirement in self.missed]

    @property
    def line(self) -> str:
        """The verdict in a line that starts with "passed" or "FAILED"."""
        if not self.passed:
            return f"FAILED: {', '.join(requirement.name for requirement in self.missed)}"
        if not self.not_right:
            return "passed"
        why = "--no-fail" if self.no_fail else "the gates allow it"
        return f"passed, though {_share(self.not_right, self.recordings)} not right ({why})"

    def fails(self, result: Result) -> bool:
        """Whether the run fails because of this result, of its own."""
        return id(result) in self._failing

    @cached_property
    def _failing(self) -> frozenset[int]:
        return frozenset(id(result) for missed in self.missed for result in missed.missed_by)


def reach_verdict(
    results: Sequence[Result], summary: Summary, gates: Gates, *, no_fail: bool = False
) -> Verdict:
    """Apply all requirements to a run.

    Args:
        results: of the run.
        summary: of the same run.
        gates: what the user requires.
        no_fail: require nothing but recordings, whatever comes of them.
    """
    if not summary.recordings:
        nothing = "nothing was replayed: there are no recordings to judge"
        return Verdict([Requirement("no recordings", nothing)])
    requirements = [] if no_fail else list(_requirements(results, summary, gates))
    not_right = sum(not result.is_right for result in results)
    return Verdict(requirements, not_right, len(results), no_fail)


def stopped(results: Sequence[Result], recordings: int) -> Verdict:
    """Return the verdict on a run that was stopped before the last of its recordings."""
    sentence = f"stopped after {len(results)} of {counted(recordings, 'recording')}"
    # Gates don't judge a part of the recordings, so they cannot allow anything either.
    not_right = [result for result in results if not result.is_right]
    return Verdict([Requirement("stopped", sentence, not_right)], len(not_right), len(results))


def remarks(results: Sequence[Result], gates: Gates) -> list[str]:
    """Return a sentence for each thing worth knowing that is not a failure."""
    if not gates.baseline or not (missing := gates.baseline.missing(results)):
        return []
    of = f"{counted(len(gates.baseline.right), 'recording')} of {gates.baseline.file}"
    were = "was" if len(missing) == 1 else "were"
    return [f"{len(missing)} of the {of} {were} not replayed: {_listed(missing)}"]


def _requirements(
    results: Sequence[Result], summary: Summary, gates: Gates
) -> Iterator[Requirement]:
    if not gates.min_accuracy and not gates.baseline:
        yield _right_answers(results)
    yield _no_crashes(results)
    for name in summary.checks:
        yield _held_check(name, results, summary)
    for group, least in gates.min_accuracy.items():
        yield _accuracy(results, summary, group, least)
    if gates.max_p99_ms is not None:
        yield _speed(summary, gates.max_p99_ms)
    elif summary.latency_p50 > _PAUSE:
        yield _slow(summary)
    if gates.baseline:
        yield _no_regressions(results, gates.baseline)


def _right_answers(results: Sequence[Result]) -> Requirement:
    wrong = [result for result in results if result.outcome in (WRONG, REJECTED)]
    sentence = (
        f"{_share(len(wrong), len(results))} not read as labelled; to allow for some, use "
        "--min-accuracy or --baseline, and to only measure, --no-fail"
    )
    return Requirement("wrong answers", sentence if wrong else "", wrong, is_gate=False)


def _no_crashes(results: Sequence[Result]) -> Requirement:
    crashed = [result for result in results if result.outcome == CRASHED]
    sentence = (
        f"the app crashed on {len(crashed)} of {counted(len(results), 'recording')}: "
        f"{_listed([result.key_id for result in crashed])}"
    )
    return Requirement("crashes", sentence if crashed else "", crashed, is_gate=False)


def _held_check(name: str, results: Sequence[Result], summary: Summary) -> Requirement:
    failed = [result for result in results if name in dict(result.violations)]
    sentence = (
        f"the check {name} failed for {len(failed)} of "
        f"{counted(summary.checks[name].recordings, 'recording')}: "
        f"{_listed([result.key_id for result in failed])}"
    )
    return Requirement(f"check {name}", sentence if failed else "", failed, is_gate=False)


def _accuracy(results: Sequence[Result], summary: Summary, group: str, least: float) -> Requirement:
    name = printable(f"min-accuracy {group}")
    which = _described(group)
    required = f"at least {_percent(least)}"
    tally = _tally(summary, group)
    if tally is None:
        sentence = f"no recordings{which} were replayed, of which {required} must be right"
        return Requirement(name, sentence)
    if tally.accuracy >= least:
        return Requirement(name)
    found = f"{_share(tally.correct, tally.recordings, which)} right, {tally.accuracy:.2%}"
    missed_by = [
        result for result in results if result.outcome != CORRECT and _belongs(result, group)
    ]
    return Requirement(name, f"{found}, and {required} are required", missed_by)


def _tally(summary: Summary, group: str) -> Tally | None:
    if group == ALL:
        return summary
    if group.startswith(TAG):
        return summary.tags.get(group.removeprefix(TAG))
    return summary.digits.get(group)


def _belongs(result: Result, group: str) -> bool:
    if group.startswith(TAG):
        return group.removeprefix(TAG) in result.drawing.tags
    return group in (ALL, group_of(result.word))


def _described(group: str) -> str:
    if group == ALL:
        return ""
    if group.startswith(TAG):
        return f" tagged {printable(group.removeprefix(TAG))}"
    return " of no digit" if group == NO_DIGIT else f" of {group}"


def _speed(summary: Summary, most: float) -> Requirement:
    sentence = (
        f"99 of 100 answers were drawn within {summary.latency_p99:.2f} ms of the release, and "
        f"at most {most:g} ms are allowed"
    )
    return Requirement("max-p99-ms", sentence if summary.latency_p99 > most else "")


def _slow(summary: Summary) -> Requirement:
    sentence = (
        f"half of the answers were drawn {summary.latency_p50:.0f} ms or more after the release, "
        f"and people notice {_PAUSE} ms; to allow more, use --max-p99-ms"
    )
    return Requirement("slow answers", sentence)


def _no_regressions(results: Sequence[Result], baseline: Baseline) -> Requirement:
    lost = baseline.regressions(results)
    were_right = sum(baseline.right.values())
    of = f"{counted(were_right, 'recording')} that {'was' if were_right == 1 else 'were'} right"
    which = _listed([f"{result.key_id}: {result.verdict}" for result in lost], "; ")
    are = "is" if len(lost) == 1 else "are"
    sentence = f"{len(lost)} of the {of} in {baseline.file} no longer {are}: {which}"
    return Requirement("baseline", sentence if lost else "", lost)


def _share(count: int, total: int, which: str = "") -> str:
    """Return for example "1 of 2 recordings of 7 is", to continue with "right"."""
    verb = "is" if 1 in (count, total) else "are"
    return f"{count} of {counted(total, 'recording')}{which} {verb}"


def _listed(names: Sequence[str], comma: str = ", ") -> str:
    rest = len(names) - _MOST_NAMES
    return printable(comma.join(names[:_MOST_NAMES])) + (
        f"{comma}and {rest} more" if rest > 0 else ""
    )


def _percent(share: float) -> str:
    """Format a share with two decimals, or with as many as it needs."""
    text = f"{share:.2%}"
    return text if abs(float(text[:-1]) / 100 - share) < 1e-9 else f"{share * 100:.8g}%"
