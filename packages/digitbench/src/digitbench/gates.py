"""Results to pass or fail; a gate that fails answers with a sentence."""

from __future__ import annotations

from digitbench.suite import Summary


def check(summary: Summary, *, min_accuracy: float | None = None) -> list[str]:
    """Hold a run to its gates.

    Args:
        summary: of the run.
        min_accuracy: the least accuracy, 0 to 1; None for no such gate.

    Returns:
        a sentence for each gate that failed; a crash always fails.
    """
    failures: list[str] = []
    if not summary.recordings:
        failures.append("nothing was replayed: there are no recordings to judge by")
    if summary.crashed:
        failures.append(f"the app crashed on {summary.crashed} of {summary.recordings} recordings")
    if min_accuracy is not None and summary.accuracy < min_accuracy:
        failures.append(
            f"{summary.correct} of {summary.recordings} recordings are right, "
            f"{summary.accuracy:.2%}, and at least {min_accuracy:.2%} are asked for"
        )
    return failures
