"""The table that a run prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from digitbench.run.intervals import CONFIDENCE
from digitbench.run.selection import NO_DIGIT
from digitbench.run.suite import CORRECT, CRASHED, Result, Summary
from digitbench.run.tally import NUMBERS, Tally
from digitbench.text import counted, printable

_MOST_TAGS = 12
_LONGEST_TAG = 24
_MOST_FAILURES = 20
_MOST_TRACEBACKS = 3
_INTERVAL = f"{CONFIDENCE:.0%} interval"
_LEGEND = f"""\
{NUMBERS}: of several digits; {NO_DIGIT}: not meant as a digit, and correct if not accepted as one
rejected: a digit that the app was not sure of; crashed: the app raised an exception, or hung
{_INTERVAL}: where the accuracy of recordings like these lies (Wilson's score interval)"""
_CHECKS_LEGEND = "failed: recordings for which a check failed, regardless of the answer"


def as_table(results: Sequence[Result], summary: Summary) -> str:
    """Return the table of a run: digits, tags, checks, failures, speed, and a legend."""
    wrong_tags = {name: tag for name, tag in summary.tags.items() if tag.accuracy < 1}
    width = max(map(len, ["digit ", *summary.digits, *map(_shown, wrong_tags)]))
    blocks = [
        [
            _head("digit", width),
            *(_row(name, tally, width) for name, tally in summary.digits.items()),
            _row("all", summary, width),
        ],
        list(_tags(wrong_tags, len(summary.tags), width)),
        list(_checks(summary)),
        list(_failures(results)),
        list(_violations(results)),
        list(_tracebacks(results)),
        [_speed(summary)],
        [_LEGEND, *([_CHECKS_LEGEND] if summary.checks else [])],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _head(kind: str, width: int) -> str:
    return (
        f"{kind:<{width}}{'recordings':>11}{'correct':>9}{'wrong':>8}{'rejected':>10}"
        f"{'crashed':>9}{'accuracy':>10}{_INTERVAL:>18}"
    )


def _row(name: str, tally: Tally, width: int) -> str:
    low, high = tally.interval
    return (
        f"{name:<{width}}{tally.recordings:>11}{tally.correct:>9}{tally.wrong:>8}"
        f"{tally.rejected:>10}{tally.crashed:>9}{tally.accuracy:>10.2%}"
        f"{f'{100 * low:.2f}–{high:.2%}':>18}"
    )


def _tags(wrong: Mapping[str, Tally], count: int, width: int) -> Iterator[str]:
    """Yield the tags with failures, the least accurate first."""
    if wrong:
        yield _head("tag", width)
    worst = sorted(wrong.items(), key=lambda item: (item[1].accuracy, -item[1].recordings))
    for name, tally in worst[:_MOST_TAGS]:
        yield _row(_shown(name), tally, width)
    if len(wrong) > _MOST_TAGS:
        yield f"… and {len(wrong) - _MOST_TAGS} more tags with failures, which --json lists"
    if count > len(wrong):
        yield f"tags without a failure: {count - len(wrong)}"


def _shown(tag: str) -> str:
    text = printable(tag)
    return text if len(text) <= _LONGEST_TAG else text[: _LONGEST_TAG - 1] + "…"


def _checks(summary: Summary) -> Iterator[str]:
    """Yield what was checked besides the answers."""
    if summary.checks:
        width = max(map(len, ["check ", *summary.checks]))
        yield f"{'check':<{width}}{'recordings':>11}{'failed':>8}{'comparisons':>13}"
    for name, tally in summary.checks.items():
        counts = f"{tally.recordings:>11}{tally.failed:>8}{tally.comparisons:>13,}"
        yield f"{name:<{width}}{counts}"


def _violations(results: Sequence[Result]) -> Iterator[str]:
    """Yield the assertions that failed."""
    lines = [
        f"{result.key_id}: {name}: {violation}"
        for result in results
        for name, violation in result.violations
    ]
    yield from map(printable, lines[:_MOST_FAILURES])
    if len(lines) > _MOST_FAILURES:
        yield f"… and {len(lines) - _MOST_FAILURES} more failed assertions, which --json lists"


def _failures(results: Sequence[Result]) -> Iterator[str]:
    failures = [result for result in results if result.outcome != CORRECT]
    for result in failures[:_MOST_FAILURES]:
        yield printable(f"{result.key_id}: {result.verdict}")
    if len(failures) > _MOST_FAILURES:
        yield f"… and {len(failures) - _MOST_FAILURES} more, which --json lists"


def _tracebacks(results: Sequence[Result]) -> Iterator[str]:
    """Yield each traceback once, with the recordings that it belongs to."""
    crashes: dict[str, list[str]] = {}
    for result in results:
        if result.outcome == CRASHED:
            crashes.setdefault(result.replayed.error.rstrip(), []).append(result.key_id)
    for traceback, key_ids in list(crashes.items())[:_MOST_TRACEBACKS]:
        others = f" and {len(key_ids) - 1} more" if len(key_ids) > 1 else ""
        yield printable(f"{key_ids[0]}{others}:")
        yield printable(traceback, keep="\n")
    if len(crashes) > _MOST_TRACEBACKS:
        yield f"… and {len(crashes) - _MOST_TRACEBACKS} other tracebacks, which --json lists"


def _speed(summary: Summary) -> str:
    rate = summary.recordings / summary.seconds if summary.seconds else 0.0
    return (
        f"release to answer drawn: p50 {summary.latency_p50:.2f} ms, "
        f"p99 {summary.latency_p99:.2f} ms; {counted(summary.recordings, 'recording')} "
        f"in {summary.seconds:.1f} s ({rate:.0f} a second)"
    )
