"""Gates on the shipped model, just below what its card reports, so that regressions fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitbench.formats.unipen.reader import read_unipen
from digitbench.replay.replayer import Replayer
from digitbench.run.suite import CORRECT, bundled_recordings, read_all, run
from digitnet import Drawing, Recognizer, read_drawings


def failed(drawings: list[Drawing], recognizer: Recognizer) -> list[str]:
    results = run(drawings, Replayer(recognizer))
    return [result.key_id for result in results if result.outcome != CORRECT]


@pytest.mark.slow
def test_bundled_digits_are_all_read(recognizer: Recognizer) -> None:
    """The app reads every bundled recording of a digit correctly."""
    assert failed([d for d in read_all(bundled_recordings()) if d.word], recognizer) == []


def test_bundled_shapes_are_not_taken_for_digits(recognizer: Recognizer) -> None:
    """The app accepts no bundled recording of a dot, dash, scribble or shape as a digit."""
    assert failed([d for d in read_all(bundled_recordings()) if not d.word], recognizer) == []


@pytest.mark.slow
def test_unseen_writers_are_read(pendigits: Path, recognizer: Recognizer) -> None:
    """At least 99.2 % of 3,498 digits by 14 writers, who were not trained on, are read."""
    drawings = list(read_unipen(pendigits / "pendigits-orig.tes"))
    assert len(drawings) == 3498
    assert len(failed(drawings, recognizer)) <= 0.008 * len(drawings)


@pytest.mark.slow
def test_numbers_of_unseen_digits_are_read(pendigits: Path, recognizer: Recognizer) -> None:
    """At least 97 % of numbers composed of those writers' digits are read completely."""
    pytest.importorskip("torch", reason="the measurements need PyTorch")
    from drawing_sets import compose_numbers
    from model_quality import NUMBERS, SEED

    digits = list(read_unipen(pendigits / "pendigits-orig.tes"))
    numbers = list(compose_numbers(digits, NUMBERS, SEED))
    assert len(failed(numbers, recognizer)) <= 0.03 * len(numbers)


@pytest.mark.slow
def test_other_ink_is_rejected(pendigits: Path, data: Path, recognizer: Recognizer) -> None:
    """99.7 % of those digits are accepted; 97 % of unseen shapes and 93.5 % of letters are not."""
    pytest.importorskip("torch", reason="the measurements need PyTorch")
    from model_quality import rejection

    if not (data / "letters" / "letters.ndjson").is_file():
        pytest.skip(f"needs letters: {data} has no letters/letters.ndjson")
    digits = list(read_unipen(pendigits / "pendigits-orig.tes"))
    bundled = [drawing for drawing in read_all(bundled_recordings()) if not drawing.word]
    shares = rejection(recognizer, digits, bundled, data)["shipped"]
    assert shares["digits"] >= 0.997
    assert shares["unseen_kinds"] >= 0.97
    assert shares["unseen_contributor"] >= 0.935


@pytest.mark.slow
@pytest.mark.parametrize(("name", "share"), [("digits", 0.992), ("numbers", 0.92), ("mixed", 0.68)])
def test_ink_of_other_tablets_is_read(
    data: Path, recognizer: Recognizer, name: str, share: float
) -> None:
    """Digits of UNIPEN, numbers as people wrote them, and numbers with signs, each sign as "?".

    The digits were learned from; how unseen people are read is in the model card.
    """
    pytest.importorskip("torch", reason="the measurements need PyTorch")
    from rows import as_text

    file = data / "unipen" / f"{name}.ndjson"
    if not file.is_file():
        pytest.skip(f"needs UNIPEN: {data} has no unipen/{name}.ndjson")
    drawings = list(read_drawings(file))
    predictions = zip(drawings, recognizer.predict_many(drawings), strict=True)
    right = sum(prediction.text == as_text(drawing.word) for drawing, prediction in predictions)
    assert right >= share * len(drawings)


def test_mnist_is_read(mnist: Path) -> None:
    """At least 99.6 % of MNIST's test images are read; the calibration error is at most 0.5 %."""
    pytest.importorskip("torch", reason="MNIST is read through torchvision")
    from digitnet.training.evaluation import evaluate_on_mnist

    report = evaluate_on_mnist(Recognizer(), mnist)
    assert report["accuracy"] >= 0.996
    assert report["calibration_error"] <= 0.005
