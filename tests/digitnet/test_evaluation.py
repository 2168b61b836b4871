"""Metrics of a network, each on data with a known result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from digitnet import Recognizer
from digitnet.preprocessing.framing import frame_strokes
from digitnet.training.data import Pictures
from digitnet.training.evaluation import (
    acceptance_threshold,
    accuracy,
    as_text,
    calibration_error,
    evaluate_on_mnist,
    fit_temperature,
    predict_logits,
    rejection_rate,
)
from digitnet.training.network import NONE, DigitNet
from digitnet.training.synthetic.shapes import UNSEEN

pytestmark = pytest.mark.usefixtures("one_torch_thread")


class Oracle(DigitNet):
    """A network whose logits for an image are given by the image's first pixel."""

    def __init__(self, logits: torch.Tensor) -> None:
        super().__init__(width=4, depth=4)
        self.logits = logits

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return self.logits[pictures[:, 0, 0].long()]


def numbered(labels: list[int]) -> Pictures:
    """Return images whose first pixel is their index."""
    images = torch.zeros(len(labels), 28, 28, dtype=torch.uint8)
    images[:, 0, 0] = torch.arange(len(labels))
    return Pictures(images, torch.tensor(labels))


def confident(answers: list[int], likelihoods: list[float]) -> torch.Tensor:
    """Return logits with one clear answer each, and these likelihoods of being a digit."""
    logits = torch.full((len(answers), 11), -30.0)
    for row, (answer, likelihood) in enumerate(zip(answers, likelihoods, strict=True)):
        logits[row, answer] = np.log(likelihood)
        logits[row, NONE] = np.log(1 - likelihood)
    return logits


def test_accuracy_is_the_share_of_correct_digits() -> None:
    """Ink that is not a digit does not count, and its class is never an answer."""
    oracle = Oracle(confident([1, 2, 3, 4, 5], [0.9, 0.9, 0.1, 0.9, 0.9]))
    assert accuracy(oracle, numbered([1, 2, 3, 9, NONE])) == pytest.approx(3 / 4)


def test_the_rejection_rate_is_the_share_of_other_ink_below_the_threshold() -> None:
    """Digits do not count, and other ink that looks like a digit is not rejected."""
    oracle = Oracle(confident([1, 2, 3, 4], [0.1, 0.1, 0.9, 0.4]))
    assert rejection_rate(oracle, numbered([1, NONE, NONE, NONE]), 0.5) == pytest.approx(2 / 3)


def test_the_acceptance_threshold_accepts_the_share_of_digits() -> None:
    """The requested share of the digits reaches the threshold; other ink does not count."""
    likelihoods = np.linspace(0.01, 0.99, 101).tolist()
    oracle = Oracle(confident([1] * 101 + [2], [*likelihoods, 0.001]))
    threshold = acceptance_threshold(oracle, numbered([1] * 101 + [NONE]), share=0.9)
    assert np.mean(np.array(likelihoods) >= threshold) == pytest.approx(0.9, abs=0.01)
    assert threshold == pytest.approx(likelihoods[10], abs=1e-4)


def test_logits_do_not_depend_on_the_batches() -> None:
    """With any batch size, each image has its own logits, in order."""
    oracle = Oracle(confident(list(range(10)), [0.9] * 10))
    pictures = numbered(list(range(10)))
    for size in (1, 3, 10, 1000):
        assert torch.equal(predict_logits(oracle, pictures, batch_size=size), oracle.logits)


def answers_of_zero(confidences: list[float]) -> torch.Tensor:
    """Return probabilities of the answer 0 with these confidences."""
    probabilities = torch.zeros(len(confidences), 10)
    probabilities[:, 0] = torch.tensor(confidences)
    probabilities[:, 1:] = (1 - probabilities[:, :1]) / 9
    return probabilities


def test_true_confidence_has_no_calibration_error() -> None:
    """If eight in ten answers with 80 % confidence are correct, and so on, the error is 0."""
    confidences, labels = [], []
    for share in (0.3, 0.5, 0.8, 1.0):
        confidences += [share] * 10
        labels += [0] * round(10 * share) + [1] * round(10 * (1 - share))
    assert calibration_error(answers_of_zero(confidences), torch.tensor(labels)) == pytest.approx(
        0, abs=1e-6
    )


def test_calibration_error_is_as_computed_by_hand() -> None:
    """Two bins: 0.9 and half correct, 0.62 and all correct; (2·0.4 + 2·0.38) / 4 = 0.39."""
    error = calibration_error(answers_of_zero([0.9, 0.9, 0.62, 0.62]), torch.tensor([0, 1, 0, 0]))
    assert error == pytest.approx(0.39)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_a_known_temperature_is_found(temperature: float) -> None:
    """Labels sampled from softened logits reveal the temperature."""
    generator = torch.Generator().manual_seed(0)
    logits = 3 * torch.randn(5_000, 10, generator=generator)
    chances = torch.softmax(logits / temperature, dim=1)
    labels = torch.multinomial(chances, 1, generator=generator)[:, 0]
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.1)


def test_evaluation_counts_what_the_recogniser_answers(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures of the report are those of the exported model, and consistent."""
    rng = np.random.default_rng(0)
    shapes = [frame_strokes(UNSEEN[kind](rng)) for kind in sorted(UNSEEN) for _ in range(30)]
    pictures = Pictures(torch.from_numpy(np.stack(shapes)), torch.arange(len(shapes)) % 10)
    monkeypatch.setattr("digitnet.training.evaluation.mnist_test", lambda _root: pictures)
    report = evaluate_on_mnist(recognizer, Path())

    answers = recognizer.classify(pictures.images.numpy()).argmax(axis=1)
    labels = pictures.labels.numpy()
    assert report["total"] == len(shapes)
    assert report["correct"] == (answers == labels).sum()
    assert report["accuracy"] == pytest.approx((answers == labels).mean())
    confusion = np.array(report["confusion"])
    for digit in range(10):
        np.testing.assert_array_equal(
            confusion[digit], np.bincount(answers[labels == digit], minlength=10)
        )
        assert report["per_digit"][digit] == pytest.approx(
            (answers == labels)[labels == digit].mean()
        )
    probabilities, likelihoods = recognizer.answer(pictures.images.numpy())
    is_accepted = (likelihoods >= recognizer.manifest.threshold) & (
        probabilities.max(axis=1) >= 0.5
    )
    assert report["rejected"] == (~is_accepted).sum()
    assert as_text(report).count("\n") >= 12
