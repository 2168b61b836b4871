"""What fine-tuning changed: the answers of two models to the same images, compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Drawing
from digitnet.recognizer import Recognizer
from digitnet.training.data import Pictures
from digitnet.training.network import NONE
from digitnet.training.rehearsal import make_rehearsal
from digitnet.training.user_drawings import UserDrawings, count_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COMPARED = 1000  # synthetic images for the comparison; their seed is not the rehearsal's


@dataclass(frozen=True)
class Report:
    """Measurements from before and after fine-tuning.

    Attributes:
        learned: Number of training drawings, by label.
        held: Number of held-out drawings, by label.
        left_out: Number of unusable drawings, by reason.
        held_before: How many of the held-out drawings were read correctly before.
        held_after: How many of them are read correctly now.
        made: Synthetic images, of digits and other ink, for comparing answers.
        made_same: How many of these get the same answer as before.
        mnist: Size of MNIST's validation split; 0 without MNIST.
        mnist_before: How many of its images were read correctly before.
        mnist_after: How many of them are read correctly now.
    """

    learned: dict[str, int]
    held: dict[str, int]
    left_out: dict[str, int]
    held_before: int
    held_after: int
    made: int
    made_same: int
    mnist: int
    mnist_before: int
    mnist_after: int


def compare(
    before: Recognizer,
    after: Recognizer,
    drawings: UserDrawings,
    mnist: Pictures | None,
    seed: int,
) -> Report:
    """Count what two models read correctly, and how often they agree on synthetic ink.

    Args:
        before: The original model.
        after: The fine-tuned model.
        drawings: The user's drawings.
        mnist: MNIST's validation split, if there is one.
        seed: The seed of the fine-tuning.
    """
    made = make_rehearsal(_COMPARED, np.random.default_rng([seed, _COMPARED])).numpy()
    return Report(
        learned=count_words(drawings.learned),
        held=count_words(drawings.held),
        left_out=dict(drawings.left_out),
        held_before=_count_correct_drawings(before, drawings.held),
        held_after=_count_correct_drawings(after, drawings.held),
        made=len(made),
        made_same=int((_answers(before, made) == _answers(after, made)).sum()),
        mnist=len(mnist) if mnist else 0,
        mnist_before=_count_correct_images(before, mnist),
        mnist_after=_count_correct_images(after, mnist),
    )


def _count_correct_drawings(recognizer: Recognizer, drawings: Sequence[Drawing]) -> int:
    """Count the drawings whose text, of accepted digits, is their label."""
    predictions = recognizer.predict_many(drawings)
    return sum(p.text == drawing.word for p, drawing in zip(predictions, drawings, strict=True))


def _count_correct_images(recognizer: Recognizer, pictures: Pictures | None) -> int:
    if not pictures:
        return 0
    return int((_answers(recognizer, pictures.images.numpy()) == pictures.labels.numpy()).sum())


def _answers(recognizer: Recognizer, images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the accepted digit of each image, or `NONE`."""
    probabilities, likelihoods = recognizer.answer(images)
    accepted = recognizer.accepts(probabilities, likelihoods)
    return np.where(accepted, probabilities.argmax(axis=1), NONE)


def as_text(report: Report) -> str:
    """Format a report for people."""
    lines = [f"learned from {_count(report.learned)}"]
    if report.left_out:
        reasons = ", ".join(f"{count:,} {why}" for why, count in sorted(report.left_out.items()))
        lines.append(f"left out: {reasons}")
    if total := sum(report.held.values()):
        lines.append(
            f"held out {_count(report.held)}; read correctly: "
            f"{report.held_before:,} of {total:,} before, {report.held_after:,} now"
        )
    else:
        lines.append("too few drawings to hold some out for measurements")
    lines.append(
        f"synthetic ink: {report.made_same:,} of {report.made:,} images are answered as before"
    )
    if report.mnist:
        lines.append(
            f"MNIST's validation split, read correctly: {report.mnist_before:,} of "
            f"{report.mnist:,} before, {report.mnist_after:,} now"
        )
    return "\n".join(lines)


def _count(words: Mapping[str, int]) -> str:
    each = ", ".join(f"{word}: {count:,}" for word, count in words.items())
    return f"{sum(words.values()):,} drawings ({each})"
