"""What the panel should say about an answer, in words: implemented here a second time."""

from __future__ import annotations

from digitnet import Digit, Prediction

_SURE = 0.9995
"""From here on a percentage with one decimal would be 100.0%, which nothing is."""


def answer_and_verdict(prediction: Prediction | None, truth: str | None) -> tuple[str, str]:
    """Return the answer in large type, and the line below it.

    Args:
        prediction: what the ink was read as; None if there is nothing to read.
        truth: the label that a person gave; "" for "not a digit", None for none.
    """
    digits = prediction.digits if prediction else ()
    answer, verdict = "", ""
    if prediction and len(digits) > 1:
        answer, verdict = _of_number(prediction)
    elif digits:
        answer, verdict = _of_digit(digits[0])
    if truth is not None:
        verdict = f"Labelled {truth}" if truth else "Labelled not a digit"
    return answer, verdict


def bar(label: int, digit: Digit | None) -> str:
    """Return what the bar of a label says: the label and, if there is a digit, its probability."""
    return f"{label} {percentage(float(digit.probabilities[label]))}" if digit else str(label)


def described(prediction: Prediction | None, pointed: int | None) -> int | None:
    """Return the index of the digit that the panel must describe; None if there are no digits.

    Args:
        prediction: what the ink was read as.
        pointed: the index of the digit that the mouse points at. Where it points at none, the last
            stroke decides; of several digits in that, the rightmost.
    """
    digits = prediction.digits if prediction else ()
    if pointed is not None and pointed < len(digits):
        return pointed
    newest: int | None = None
    for index, digit in enumerate(digits):
        last = max(digit.strokes or (0,))
        if newest is None or last >= max(digits[newest].strokes or (0,)):
            newest = index
    return newest


def percentage(share: float) -> str:
    """Return a probability as a percentage with one decimal."""
    return ">99.9%" if share >= _SURE else f"{100 * share:.1f}%"


def _of_number(prediction: Prediction) -> tuple[str, str]:
    if not any(digit.accepted for digit in prediction.digits):
        return "not a digit", ""
    if not all(digit.accepted for digit in prediction.digits):
        return prediction.text, "? is not a digit"
    least = min(digit.confidence for digit in prediction.digits)
    return prediction.text, f"{percentage(least)} sure of each"


def _of_digit(digit: Digit) -> tuple[str, str]:
    ranked = sorted(range(10), key=lambda label: float(digit.probabilities[label]))
    if digit.accepted:
        return str(ranked[-1]), f"{percentage(float(digit.probabilities.max()))} sure"
    if digit.probabilities.max() >= 0.5:
        return "not a digit", ""
    return f"{ranked[-1]} or {ranked[-2]}", "not sure"
