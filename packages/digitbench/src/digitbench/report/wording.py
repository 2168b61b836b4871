"""Results in words, the same in every report."""

from __future__ import annotations

from digitbench.report.printable import last_line
from digitbench.suite import CRASHED, REJECTED, Result


def mistake(result: Result) -> str:
    """Say in one line what is not right, such as "meant as 7, read as 1 (62.5%)"."""
    if result.outcome == CRASHED:
        return f"crashed: {last_line(result.replayed.error)}"
    meant = result.word or "no digit"
    if result.outcome != REJECTED:
        return f"meant as {meant}, read as {result.answer} ({result.confidence:.1%})"
    if not result.digits:
        return f"meant as {meant}, nothing was found"
    likely = "".join(str(digit.label) for digit in result.digits)
    return f"meant as {meant}, not accepted, perhaps {likely} ({result.confidence:.1%})"
