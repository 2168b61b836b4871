"""Measures of a network; none of them changes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from digitnet.recognizer import Recognizer
from digitnet.training.data import Pictures, mnist_test
from digitnet.training.model import DigitNet


@torch.inference_mode()
def predict_logits(model: DigitNet, pictures: Pictures, batch_size: int = 1000) -> Tensor:
    """Give the logits of all pictures, float (n, 10)."""
    model.eval()
    return torch.cat([model(batch) for batch in torch.split(pictures.images, batch_size)])


def accuracy(model: DigitNet, pictures: Pictures) -> float:
    """Give the share of pictures read rightly, 0 to 1."""
    right = predict_logits(model, pictures).argmax(dim=1) == pictures.labels
    return float(right.double().mean())


def acceptance_threshold(model: DigitNet, pictures: Pictures, share: float = 0.99) -> float:
    """Find the confidence that `share` of the digits reach: below it, an answer is "unsure"."""
    logits = predict_logits(model, pictures) / model.temperature
    confidence = torch.softmax(logits, dim=1).amax(dim=1).double()
    return round(float(torch.quantile(confidence, 1 - share)), 4)


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
    probabilities = recognizer.classify(pictures.images.numpy())
    labels = pictures.labels.numpy()
    answers = probabilities.argmax(axis=1)
    confusion = np.zeros((10, 10), np.int64)
    np.add.at(confusion, (labels, answers), 1)
    correct = int(np.trace(confusion))
    return {
        "data": "MNIST test",
        "accuracy": correct / len(labels),
        "correct": correct,
        "total": len(labels),
        "rejected": int((probabilities.max(axis=1) < recognizer.card.threshold).sum()),
        "calibration_error": calibration_error(torch.from_numpy(probabilities), pictures.labels),
        "per_digit": [float(row[digit] / row.sum()) for digit, row in enumerate(confusion)],
        "confusion": confusion.tolist(),
    }


def as_text(report: dict[str, Any]) -> str:
    """Lay a report of `evaluate_on_mnist` out for people."""
    lines = [
        "{data}: {correct:,} of {total:,} right, {accuracy:.2%}".format(**report),
        "expected calibration error {calibration_error:.2%}, "
        "{rejected:,} answers below the acceptance threshold".format(**report),
        "",
        "true    0    1    2    3    4    5    6    7    8    9   right",
    ]
    for digit, (row, share) in enumerate(
        zip(report["confusion"], report["per_digit"], strict=True)
    ):
        cells = "".join(f"{count or '·':>5}" for count in row)
        lines.append(f"{digit:>4}{cells}  {share:6.2%}")
    return "\n".join(lines)
