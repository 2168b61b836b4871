"""Results in words that are the same in every report."""

from __future__ import annotations

from digitbench.report.printable import last_line
from digitbench.run.suite import CRASHED, Result
from digitnet import Prediction


def verdict(result: Result) -> str:
    """Describe a result in one line, such as "meant as 7, read as 1 (62.5%)"."""
    if result.outcome == CRASHED:
        return f"crashed: {last_line(result.replayed.error)}"
    return f"meant as {result.word or 'no digit'}, {reading(result.replayed.prediction)}"


def reading(prediction: Prediction | None) -> str:
    """Describe a prediction, such as "read as 7 (99.8%)"."""
    if not prediction or not prediction.digits:
        return "nothing was found"
    if prediction.text:
        return f"read as {prediction.text} ({prediction.confidence:.1%})"
    likely = "".join(str(digit.label) for digit in prediction.digits)
    return f"not accepted, perhaps {likely} ({prediction.confidence:.1%})"
