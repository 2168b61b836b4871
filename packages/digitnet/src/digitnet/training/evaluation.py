"""Measures of a network; none of them changes it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from digitnet import cli_support
from digitnet.recognizer import Recognizer
from digitnet.training.data import Pictures, mnist_test
from digitnet.training.network import DIGITS, NONE, DigitNet, likelihood

if TYPE_CHECKING:
    from numpy.typing import NDArray


@torch.inference_mode()
def predict_logits(model: DigitNet, pictures: Pictures, batch_size: int = 1000) -> Tensor:
    """Give the logits of all pictures, float (n, 11), on the CPU wherever the model is."""
    model.eval()
    place = model.temperature.device
    batches = torch.split(pictures.images, batch_size)
    return torch.cat([model(batch.to(place)).cpu() for batch in batches])


def accuracy(model: DigitNet, pictures: Pictures) -> float:
    """Give the share of digits read rightly, 0 to 1; pictures labelled `NONE` are left out."""
    confusion = confusion_on(model, pictures)
    return float(np.trace(confusion) / max(confusion.sum(), 1))


def log_loss(model: DigitNet, pictures: Pictures) -> float:
    """Give the mean cross-entropy over all eleven classes, in nats.

    Less of it hangs on a few pictures than of the accuracy, so recipes are compared by it.
    """
    return functional.cross_entropy(predict_logits(model, pictures), pictures.labels).item()


def rejection(model: DigitNet, pictures: Pictures, threshold: float) -> float:
    """Give the share of the pictures labelled `NONE` that stay below the acceptance threshold."""
    others = likelihood(predict_logits(model, pictures)[pictures.labels == NONE])
    return float((others < threshold).double().mean())


def acceptance_threshold(model: DigitNet, pictures: Pictures, share: float = 0.998) -> float:
    """Choose the likelihood of being a digit from which on an answer is accepted.

    It is one half, as likely a digit as not, or less where `share` of the digits do not reach that:
    hands that nobody has seen yet are less like a digit to the network than those it is chosen by.

    Args:
        model: the network.
        pictures: that it was not trained on; those labelled `NONE` are left out.
        share: 0 to 1.
    """
    digits = likelihood(predict_logits(model, pictures)[pictures.labels != NONE])
    # Rounded down, so that the digit on the edge stays on its side.
    reached = math.floor(float(torch.quantile(digits.double(), 1 - share)) * 1e5) / 1e5
    return min(0.5, reached)


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """Find the temperature with the least cross-entropy.

    Guo, Pleiss, Sun, Weinberger: "On calibration of modern neural networks", 2017.

    Args:
        logits: float (n, 10), of data that the network was not trained on.
        labels: int64 (n,).

    Returns:
        the temperature, to divide logits by.
    """
    candidates = torch.logspace(-1, 1, 401, base=4)
    losses = [functional.cross_entropy(logits / t, labels).item() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def calibration_error(probabilities: Tensor, labels: Tensor, bins: int = 15) -> float:
    """Measure the expected calibration error, with bins of equal width.

    Naeini, Cooper, Hauskrecht: "Obtaining well calibrated probabilities using Bayesian binning",
    2015.

    Args:
        probabilities: float (n, 10).
        labels: int64 (n,).
        bins: how many.

    Returns:
        the mean distance between confidence and accuracy, 0 to 1.
    """
    confidence, answers = probabilities.double().max(dim=1)
    right = (answers == labels).double()
    bin_of = (confidence * bins).ceil().long().clamp(1, bins) - 1
    gaps = torch.zeros(bins, dtype=torch.float64).index_add_(0, bin_of, right - confidence)
    return float(gaps.abs().sum() / len(labels))


def confusion_matrix(
    labels: NDArray[np.integer], answers: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Count answers, int64 (10, 10): a row is the true digit, a column the answer."""
    confusion = np.zeros((DIGITS, DIGITS), np.int64)
    np.add.at(confusion, (labels, answers), 1)
    return confusion


def confusion_on(model: DigitNet, pictures: Pictures) -> NDArray[np.int64]:
    """Count a network's answers as `confusion_matrix`; pictures labelled `NONE` are left out."""
    is_digit = pictures.labels != NONE
    answers = predict_logits(model, pictures)[is_digit, :DIGITS].argmax(dim=1)
    return confusion_matrix(pictures.labels[is_digit].numpy(), answers.numpy())


def evaluate_on_mnist(recognizer: Recognizer, data: Path | None) -> dict[str, Any]:
    """Measure an exported model on MNIST's test pictures, on the runtime that users have.

    Args:
        recognizer: with the model.
        data: the folder that holds MNIST/raw; None for the user's cache.

    Returns:
        plain values for JSON: accuracy, correct, total, rejected, calibration_error, per_digit,
        and confusion, whose row is the true digit and whose column is the answer.

    Raises:
        DataError: MNIST is not there.
    """
    pictures = mnist_test(data)
    batches = []
    with cli_support.progress(len(pictures), "evaluating") as bar:
        for batch in torch.split(pictures.images, 1000):
            batches.append(recognizer.answer(batch.numpy()))
            bar.update(len(batch))
    probabilities, likelihoods = (np.concatenate(part) for part in zip(*batches, strict=True))
    labels = pictures.labels.numpy()
    answers = probabilities.argmax(axis=1)
    confusion = confusion_matrix(labels, answers)
    correct = int(np.trace(confusion))
    return {
        "data": "MNIST test",
        "accuracy": correct / len(labels),
        "correct": correct,
        "total": len(labels),
        "rejected": int((~recognizer.accepts(probabilities, likelihoods)).sum()),
        "calibration_error": calibration_error(torch.from_numpy(probabilities), pictures.labels),
        "per_digit": [float(row[digit] / row.sum()) for digit, row in enumerate(confusion)],
        "confusion": confusion.tolist(),
    }


def as_text(report: dict[str, Any]) -> str:
    """Lay a report of `evaluate_on_mnist` out for people."""
    lines = [
        "{data}: {correct:,} of {total:,} right, {accuracy:.2%}".format(**report),
        "expected calibration error {calibration_error:.2%}, "
        "{rejected:,} answers not accepted".format(**report),
        "",
        "true    0    1    2    3    4    5    6    7    8    9   right",
    ]
    for digit, (row, share) in enumerate(
        zip(report["confusion"], report["per_digit"], strict=True)
    ):
        cells = "".join(f"{count or '·':>5}" for count in row)
        lines.append(f"{digit:>4}{cells}  {share:6.2%}")
    return "\n".join(lines)
