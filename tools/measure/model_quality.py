"""Measures everything that the model card reports, on the test sets: for releases only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

import drawing_sets
import photos
from contributors import UNSEEN_LETTERS
from digitbench.formats.unipen.reader import read_unipen
from digitbench.replay.replayer import Replayer
from digitbench.run import suite
from digitbench.run.suite import CORRECT, Result
from digitnet import Drawing, Recognizer, read_drawings
from digitnet.manifest import ONNX_NAME, PATH_ONNX_NAME
from digitnet.preprocessing.pen_path import pen_path
from digitnet.runtime import PathNetwork
from digitnet.training.evaluation import calibration_error, confusion_matrix, evaluate_on_mnist

NUMBERS = 1000
NEGATIVES = 1000
SEED = 2026


def measure(model: Path, data: Path, *, variations: bool = True) -> dict[str, Any]:
    """Measure a model.

    Args:
        model: The model's folder.
        data: The folder with MNIST, pendigits and letters.
        variations: Also redraw the bundled recordings in other places, sizes, pens and slants.

    Returns:
        Plain values for JSON; shares are from 0 to 1.
    """
    recognizer = Recognizer(model, threads=1)
    replayer = Replayer(recognizer)
    pendigits = _replay(read_unipen(data / "pendigits" / "pendigits-orig.tes"), replayer)
    bundled = _replay(suite.read_all(suite.bundled_recordings()), replayer)
    numbers = drawing_sets.compose_numbers([r.drawing for r in pendigits], NUMBERS, SEED)
    measured: dict[str, Any] = {
        "mnist_test": evaluate_on_mnist(Recognizer(model), data),
        "pendigits_test": _digits(pendigits),
        "bundled_digits": _accuracy([r for r in bundled if len(r.word) == 1]),
        "bundled_not_digits": _accuracy([r for r in bundled if not r.word]),
        "numbers": _accuracy(_replay(numbers, replayer)),
        "photos": photos.measure(recognizer, data),
        "rejection": rejection(
            recognizer,
            [result.drawing for result in pendigits],
            [result.drawing for result in bundled if not result.word],
            data,
        ),
        "onnx_bytes": (recognizer.manifest.folder / ONNX_NAME).stat().st_size,
        "path_onnx_bytes": (recognizer.manifest.folder / PATH_ONNX_NAME).stat().st_size,
        **_times_of_one(recognizer),
    }
    if variations:
        drawings = [result.drawing for result in bundled if len(result.word) == 1]
        measured["variations"] = _variations(drawings, replayer)
    return measured


def _replay(drawings: Iterable[Drawing], replayer: Replayer) -> list[Result]:
    return list(suite.run(drawings, replayer))


def _accuracy(results: Sequence[Result]) -> dict[str, Any]:
    correct = sum(result.outcome == CORRECT for result in results)
    return {
        "accuracy": correct / len(results),
        "correct": correct,
        "total": len(results),
        "failed": [result.key_id for result in results if result.outcome != CORRECT][:40],
    }


def _digits(results: Sequence[Result]) -> dict[str, Any]:
    """Measure single digits; also their labels regardless of whether they were accepted."""
    single = [result for result in results if len(result.digits) == 1]
    labels = torch.tensor([int(result.word) for result in single])
    probabilities = torch.tensor(np.stack([r.digits[0].probabilities for r in single]))
    confusion = confusion_matrix(labels.numpy(), probabilities.argmax(dim=1).numpy())
    return {
        **_accuracy(results),
        "label_accuracy": int(np.trace(confusion)) / len(results),
        "read_as_several": len(results) - len(single),
        "calibration_error": calibration_error(probabilities, labels),
        "confusion": confusion.tolist(),
    }


def rejection(
    recognizer: Recognizer, digits: Sequence[Drawing], bundled: Sequence[Drawing], data: Path
) -> dict[str, Any]:
    """Measure how much ink that is not a digit is rejected, at two operating points.

    Args:
        recognizer: The model.
        digits: Digits by unseen writers; the second point accepts 99 % of them.
        bundled: Bundled recordings that are not digits.
        data: The folder with the letters.

    Returns:
        By operating point, "shipped" and "at_99", shares from 0 to 1.
    """
    letters = [
        drawing
        for drawing in read_drawings(data / "letters" / "letters.ndjson")
        if drawing.writer == UNSEEN_LETTERS
    ]
    sets: Mapping[str, Iterable[Drawing]] = {
        "digits": digits,
        "unseen_kinds": drawing_sets.unseen_negatives(NEGATIVES, SEED),
        "bundled": bundled,
        "unseen_contributor": letters,
    }
    likelihood = {name: _likelihoods(recognizer, drawings) for name, drawings in sets.items()}
    # Accepts 99 % of the digits. The shipped threshold was chosen without them.
    at_99 = float(np.quantile(likelihood["digits"], 0.01))
    report: dict[str, Any] = {}
    for name, threshold in (("shipped", recognizer.manifest.threshold), ("at_99", at_99)):
        report[name] = {"threshold": threshold}
        for what, values in likelihood.items():
            below = float((values < threshold).mean())
            report[name][what] = 1 - below if what == "digits" else below
    report["counts"] = {what: len(values) for what, values in likelihood.items()}
    return report


def _likelihoods(recognizer: Recognizer, drawings: Iterable[Drawing]) -> np.ndarray[Any, Any]:
    """Return each drawing's likelihood of being a digit; the lowest if it is read as several."""
    return np.array(
        [
            min(digit.likelihood for digit in prediction.digits)
            for prediction in recognizer.predict_many(drawings)
        ]
    )


def _variations(drawings: Sequence[Drawing], replayer: Replayer) -> dict[str, dict[str, float]]:
    """Measure the accuracy while varying one property and keeping the others at their defaults."""
    defaults: dict[str, Any] = {"place": (0.5, 0.5), "size": 0.6, "pen": 0.05}

    def accuracy(**changed: Any) -> float:
        redrawn = [drawing_sets.redraw(drawing, **{**defaults, **changed}) for drawing in drawings]
        accuracy: float = _accuracy(_replay(redrawn, replayer))["accuracy"]
        return accuracy

    return {
        "place": {f"{x:.0%} {y:.0%}": accuracy(place=(x, y)) for x, y in drawing_sets.PLACES},
        "size": {f"{size:.0%}": accuracy(size=size) for size in drawing_sets.SIZES},
        "pen": {f"{pen:.1%}": accuracy(pen=pen) for pen in drawing_sets.PENS},
        "slant": {
            f"{degrees:+d}°": _accuracy(
                _replay([drawing_sets.slant(drawing, degrees) for drawing in drawings], replayer)
            )["accuracy"]
            for degrees in drawing_sets.SLANTS
        },
    }


def _times_of_one(recognizer: Recognizer) -> dict[str, float]:
    """Return the median times of one image and of one path on one thread, in milliseconds."""
    folder = recognizer.manifest.folder
    network = PathNetwork(recognizer.manifest.read(PATH_ONNX_NAME), folder / PATH_ONNX_NAME)
    picture = np.zeros((1, 28, 28), np.uint8)
    line = np.stack([np.linspace(0, 1, 50), np.linspace(0, 3, 50)], axis=1)
    probabilities, likelihoods = recognizer.answer(picture)
    return {
        "classify_one_ms": _median_ms(lambda: recognizer.classify(picture)),
        "path_one_ms": _median_ms(
            lambda: network.join(probabilities, likelihoods, pen_path([line])[None])
        ),
    }


def _median_ms(run: Callable[[], object], repeats: int = 500) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1000
