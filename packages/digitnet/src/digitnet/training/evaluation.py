"""Metrics of networks, and choices based on them: the threshold and the temperature."""

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
    """Return the logits of all images, float (n, 11), on the CPU wherever the model is.

    The model is left in evaluation mode.
    """
    model.eval()
    device = model.temperature.device
    batches = torch.split(pictures.images, batch_size)
    return torch.cat([model(batch.to(device)).cpu() for batch in batches])


def accuracy(model: DigitNet, pictures: Pictures) -> float:
    """Return the share of correct answers, 0 to 1; images labelled `NONE` are left out."""
    confusion = confusion_on(model, pictures)
    return float(np.trace(confusion) / max(confusion.sum(), 1))


def log_loss(model: DigitNet, pictures: Pictures) -> float:
    """Return the mean cross-entropy over all eleven classes, in nats.

    A few images affect it less than the accuracy, so it is the better measure for comparisons.
    """
    return functional.cross_entropy(predict_logits(model, pictures), pictures.labels).item()


def rejection_rate(model: DigitNet, pictures: Pictures, threshold: float) -> float:
    """Return the share of the images labelled `NONE` that stay below the acceptance threshold."""
    others = likelihood(predict_logits(model, pictures)[pictures.labels == NONE])
    return float((others < threshold).double().mean())


def acceptance_threshold(model: DigitNet, pictures: Pictures, share: float = 0.99) -> float:
    """Choose the likelihood of being a digit at and above which an answer is accepted.

    It is one half (as likely a digit as not), or less if fewer than `share` of the digits reach
    that: the digits of new writers look less like digits to the network than these.

    Args:
        model: The network.
        pictures: Images that it was not trained on; those labelled `NONE` are left out.
        share: Share of the digits to accept, 0 to 1.
    """
    digits = likelihood(predict_logits(model, pictures)[pictures.labels != NONE])
    # Rounded down, so that the digit at the threshold is still accepted.
    reached = math.floor(float(torch.quantile(digits.double(), 1 - share)) * 1e5) / 1e5
    return min(0.5, reached)


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """Return the temperature, a divisor of the logits, with the lowest cross-entropy.

    Guo, Pleiss, Sun, Weinberger: "On calibration of modern neural networks", 2017.

    Args:
        logits: float (n, 10), of data that the network was not trained on.
        labels: int64 (n,).
    """
    candidates = torch.logspace(-1, 1, 401, base=4)
    losses = [functional.cross_entropy(logits / t, labels).item() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def calibration_error(probabilities: Tensor, labels: Tensor, bins: int = 15) -> float:
    """Return the expected calibration error, with bins of equal width.

    Naeini, Cooper, Hauskrecht: "Obtaining well calibrated probabilities using Bayesian binning",
    2015.

    Args:
        probabilities: float (n, 10).
        labels: int64 (n,).
        bins: Number of bins.

    Returns:
        The mean distance between confidence and accuracy, 0 to 1.
    """
    confidence, answers = probabilities.double().max(dim=1)
    right = (answers == labels).double()
    bin_of = (confidence * bins).ceil().long().clamp(1, bins) - 1
    gaps = torch.zeros(bins, dtype=torch.float64).index_add_(0, bin_of, right - confidence)
    return float(gaps.abs().sum() / len(labels))


def confusion_matrix(
    labels: NDArray[np.integer], answers: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Return a confusion matrix, int64 (10, 10): rows are true digits, columns are answers."""
    confusion = np.zeros((DIGITS, DIGITS), np.int64)
    np.add.at(confusion, (labels, answers), 1)
    return confusion


def confusion_on(model: DigitNet, pictures: Pictures) -> NDArray[np.int64]:
    """Return a network's `confusion_matrix`; images labelled `NONE` are left out."""
    is_digit = pictures.labels != NONE
    answers = predict_logits(model, pictures)[is_digit, :DIGITS].argmax(dim=1)
    return confusion_matrix(pictures.labels[is_digit].numpy(), answers.numpy())


def evaluate_on_mnist(recognizer: Recognizer, data: Path | None) -> dict[str, Any]:
    """Measure an exported model on MNIST's test images, with the runtime that users have.

    Args:
        recognizer: The recogniser with the model.
        data: The folder containing MNIST/raw; None for the user's cache.

    Returns:
        Plain values for JSON: accuracy, correct, total, rejected, calibration_error, per_digit, and
        confusion, whose rows are true digits and whose columns are answers.

    Raises:
        DataError: MNIST is missing or damaged.
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
    """Format a report of `evaluate_on_mnist` for people."""
    lines = [
        "{data}: {correct:,} of {total:,} correct, {accuracy:.2%}".format(**report),
        "expected calibration error {calibration_error:.2%}, "
        "{rejected:,} answers not accepted".format(**report),
        "",
        "true    0    1    2    3    4    5    6    7    8    9  correct",
    ]
    for digit, (row, share) in enumerate(
        zip(report["confusion"], report["per_digit"], strict=True)
    ):
        cells = "".join(f"{count or '·':>5}" for count in row)
        lines.append(f"{digit:>4}{cells}  {share:7.2%}")
    return "\n".join(lines)
