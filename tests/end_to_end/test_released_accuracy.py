"""Gates on the shipped model: just below what its card reports, so that nothing falls unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitbench.formats.unipen.reader import read_unipen
from digitbench.replay.replayer import Replayer
from digitbench.run.suite import CORRECT, bundled_recordings, read_all, run
from digitnet import Drawing, Recognizer


def failed(drawings: list[Drawing], recognizer: Recognizer) -> list[str]:
    results = run(drawings, Replayer(recognizer))
    return [result.key_id for result in results if result.outcome != CORRECT]


@pytest.mark.slow
def test_bundled_digits_are_all_read(recognizer: Recognizer) -> None:
    """Every bundled recording of a digit is read rightly through the app."""
    assert failed([d for d in read_all(bundled_recordings()) if d.word], recognizer) == []


def test_bundled_shapes_are_not_taken_for_digits(recognizer: Recognizer) -> None:
    """No bundled recording of a dot, a dash, a scribble or a shape is accepted as a digit."""
    assert failed([d for d in read_all(bundled_recordings()) if not d.word], recognizer) == []


@pytest.mark.slow
def test_unseen_writers_are_read(pendigits: Path, recognizer: Recognizer) -> None:
    """Of 3,498 digits by 14 writers that nothing was trained or chosen on, 99.0 % are read."""
    drawings = list(read_unipen(pendigits / "pendigits-orig.tes"))
    assert len(drawings) == 3498
    assert len(failed(drawings, recognizer)) <= 0.010 * len(drawings)


@pytest.mark.slow
def test_numbers_of_unseen_digits_are_read(pendigits: Path, recognizer: Recognizer) -> None:
    """Of numbers composed of those writers' digits, 96 % are read with all digits right."""
    pytest.importorskip("torch", reason="what is measured stands beside the training")
    from drawing_sets import compose_numbers
    from model_quality import NUMBERS, SEED

    digits = list(read_unipen(pendigits / "pendigits-orig.tes"))
    numbers = list(compose_numbers(digits, NUMBERS, SEED))
    assert len(failed(numbers, recognizer)) <= 0.04 * len(numbers)


@pytest.mark.slow
def test_what_is_no_digit_is_turned_away(
    pendigits: Path, data: Path, recognizer: Recognizer
) -> None:
    """Where 99 % of those digits are accepted, 99 % of shapes and 98 % of letters are not."""
    pytest.importorskip("torch", reason="what is measured stands beside the training")
    from model_quality import rejection

    if not (data / "letters" / "letters.ndjson").is_file():
        pytest.skip(f"needs letters: {data} holds no letters/letters.ndjson")
    digits = list(read_unipen(pendigits / "pendigits-orig.tes"))
    bundled = [drawing for drawing in read_all(bundled_recordings()) if not drawing.word]
    turned_away = rejection(recognizer, digits, bundled, data)["at_99"]
    assert turned_away["unseen_kinds"] >= 0.99
    assert turned_away["unseen_contributor"] >= 0.98


def test_mnist_is_read(mnist: Path) -> None:
    """Of MNIST's 10,000 test pictures, 99.6 % are read, and the confidence is true to 0.5 %."""
    pytest.importorskip("torch", reason="MNIST is read through torchvision")
    from digitnet.training.evaluation import evaluate_on_mnist

    report = evaluate_on_mnist(Recognizer(), mnist)
    assert report["accuracy"] >= 0.996
    assert report["calibration_error"] <= 0.005
