"""Gates on the shipped model: just below what its card reports, so that nothing falls unnoticed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from digitbench.importers.unipen import read_unipen
from digitbench.replay import Replayer
from digitbench.suite import CORRECT, bundled_recordings, read_all, run
from digitnet import Drawing, Recognizer, read_drawings

if TYPE_CHECKING:
    from numpy.typing import NDArray


def failed(drawings: list[Drawing], recognizer: Recognizer) -> list[str]:
    results = run(drawings, Replayer(recognizer))
    return [result.key_id for result in results if result.outcome != CORRECT]


def likelihoods(drawings: Iterable[Drawing], recognizer: Recognizer) -> NDArray[np.float64]:
    """Give how likely each drawing is digits, all of it."""
    predictions = recognizer.predict_many(drawings)
    return np.array([min(digit.likelihood for digit in p.digits) for p in predictions])


def test_bundled_digits_are_all_read(recognizer: Recognizer) -> None:
    """Every bundled recording of a digit is read rightly through the app."""
    assert failed([d for d in read_all(bundled_recordings()) if d.word], recognizer) == []


def test_bundled_shapes_are_not_taken_for_digits(recognizer: Recognizer) -> None:
    """No bundled recording of a dot, a dash, a scribble or a shape is accepted as a digit."""
    assert failed([d for d in read_all(bundled_recordings()) if not d.word], recognizer) == []


def test_unseen_writers_are_read(pendigits: Path, recognizer: Recognizer) -> None:
    """Of 3,498 digits by 14 writers that nothing was trained or chosen on, 99.0 % are read."""
    drawings = list(read_unipen(pendigits / "pendigits-orig.tes"))
    assert len(drawings) == 3498
    assert len(failed(drawings, recognizer)) <= 0.010 * len(drawings)


def test_numbers_of_unseen_digits_are_read(pendigits: Path, recognizer: Recognizer) -> None:
    """Of numbers composed of those writers' digits, 96 % are read with all digits right."""
    pytest.importorskip("torch", reason="what is measured stands beside the training")
    from ink_tests import compose_numbers

    digits = list(read_unipen(pendigits / "pendigits-orig.tes"))
    numbers = list(compose_numbers(digits, 1000, seed=2026))
    assert len(failed(numbers, recognizer)) <= 0.04 * len(numbers)


def test_what_is_no_digit_is_turned_away(
    pendigits: Path, data: Path, recognizer: Recognizer
) -> None:
    """Where 99 % of those digits are accepted, 99 % of shapes and 98 % of letters are not."""
    pytest.importorskip("torch", reason="what is measured stands beside the training")
    from ink_tests import unseen_negatives

    digits = read_unipen(pendigits / "pendigits-orig.tes")
    threshold = np.quantile(likelihoods(digits, recognizer), 0.01)
    shapes = unseen_negatives(1000, seed=2026)
    assert (likelihoods(shapes, recognizer) < threshold).mean() >= 0.99
    letters = data / "letters" / "letters.ndjson"
    if not letters.is_file():
        pytest.skip(f"needs letters: {data} holds no letters/letters.ndjson")
    unseen = [letter for letter in read_drawings(letters) if letter.writer == "app"]
    assert (likelihoods(unseen, recognizer) < threshold).mean() >= 0.98


def test_mnist_is_read(mnist: Path) -> None:
    """Of MNIST's 10,000 test pictures, 99.6 % are read, and the confidence is true to 0.5 %."""
    pytest.importorskip("torch", reason="MNIST is read through torchvision")
    from digitnet.training.evaluate import evaluate_on_mnist

    report = evaluate_on_mnist(Recognizer(), mnist)
    assert report["accuracy"] >= 0.996
    assert report["calibration_error"] <= 0.005
