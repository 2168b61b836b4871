"""The table that a terminal shows."""

from __future__ import annotations

from collections.abc import Sequence

from digitbench.report.wording import mistake
from digitbench.suite import CORRECT, CRASHED, REJECTED, WRONG, Result, Summary

_MOST_FAILURES = 20
_LEGEND = (
    "none: not meant as a digit, and correct if not accepted as one; "
    "rejected: a digit that the app was not sure of"
)


def as_table(results: Sequence[Result], summary: Summary) -> str:
    """Lay a run out: a row for each word, what went wrong, and a legend."""
    lines = ["word   recordings  correct   wrong  rejected  crashed  accuracy"]
    words = sorted(
        {result.word for result in results}, key=lambda word: (not word, len(word), word)
    )
    for word in words:
        of_word = [result for result in results if result.word == word]
        lines.append(_row(word or "none", [result.outcome for result in of_word]))
    lines.append(_row("all", [result.outcome for result in results]))
    failures = [result for result in results if result.outcome != CORRECT]
    if failures:
        lines += [
            "",
            *(f"{result.key_id}: {mistake(result)}" for result in failures[:_MOST_FAILURES]),
        ]
    if len(failures) > _MOST_FAILURES:
        lines.append(f"… and {len(failures) - _MOST_FAILURES} more, which --json lists")
    lines += ["", _speed(summary), _LEGEND]
    return "\n".join(lines)


def _row(word: str, outcomes: Sequence[str]) -> str:
    counts = [outcomes.count(outcome) for outcome in (CORRECT, WRONG, REJECTED, CRASHED)]
    correct, wrong, rejected, crashed = counts
    return (
        f"{word:<6}{len(outcomes):>11}{correct:>9}{wrong:>8}{rejected:>10}{crashed:>9}"
        f"{correct / len(outcomes) if outcomes else 0:>10.2%}"
    )


def _speed(summary: Summary) -> str:
    rate = summary.recordings / summary.seconds if summary.seconds else 0.0
    return (
        f"release to answer drawn: p50 {summary.latency_p50:.2f} ms, "
        f"p99 {summary.latency_p99:.2f} ms; {summary.recordings:,} recordings "
        f"in {summary.seconds:.1f} s ({rate:.0f} a second)"
    )
