"""Measures how well the ink of unseen writers is read, by cross-validation without any test data.

    python tools/measure/cross_validate.py --data DIR

Pendigits' 30 training writers are divided into five folds. For each fold, a small network is
trained for a few epochs like a release, on the ink of the other writers and on some of MNIST's
training images, and then reads the fold. So all ink is read once, by a network that has never seen
its writer. A fold takes about a minute and a half on one core.

Use it to compare augmentations of strokes: run it before and after a change. The log loss says more
than the number of errors, which is small.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from pathlib import Path

import click
import numpy as np
from torch.nn import functional

from digitbench.formats.unipen.reader import read_unipen
from digitnet import cli_support
from digitnet.training.config import Config
from digitnet.training.data import Pictures, mnist_train, render_drawings, split
from digitnet.training.evaluation import predict_logits
from digitnet.training.fit import fit
from digitnet.training.network import DIGITS, DigitNet

FOLDS = 5
PICTURES = 16_000
"""Number of MNIST's training images to train on."""

SMALL = Config(
    width=16,
    depth=32,
    epochs=6,
    learning_rate=5e-3,
    linear=True,
    ema_decay=0.995,
    negatives=1000,
    pairs=500,
    marks=200,
    threads=1,
)


@click.command(name="cross_validate")
@cli_support.data_option
@click.option(
    "--fold",
    "folds",
    type=click.IntRange(0, FOLDS - 1),
    multiple=True,
    help="Only this fold; can be given more than once.",
)
def main(data: Path | None, folds: tuple[int, ...]) -> None:
    """Cross-validate a small network over pendigits' training writers."""
    if data is None:
        raise click.UsageError("needs --data with MNIST and pendigits.")
    drawings = list(read_unipen(data / "pendigits" / "pendigits-orig.tra"))
    _, chosen = split(mnist_train(data), PICTURES + SMALL.validation, SMALL.split)
    pictures, validation = chosen[:PICTURES], chosen[PICTURES:]
    writers = sorted({drawing.writer for drawing in drawings})
    np.random.default_rng(SMALL.split).shuffle(writers)
    total = Result()
    for fold in folds or range(FOLDS):
        unseen = set(writers[fold::FOLDS])
        training = [drawing for drawing in drawings if drawing.writer not in unseen]
        network = fit(replace(SMALL, seed=fold), pictures, validation, training * SMALL.views)
        held_out = [drawing for drawing in drawings if drawing.writer in unseen]
        result = measure(network, render_drawings(held_out))
        total += result
        click.echo(f"fold {fold}: {result}")
    click.echo(f"all:    {total}")


@dataclass(frozen=True)
class Result:
    """How some drawings were read.

    Attributes:
        drawings: Number of drawings.
        misread: How many of them got another label.
        rejected: How many were classified as not a digit.
        loss: Sum of their log losses, in nats.
    """

    drawings: int = 0
    misread: int = 0
    rejected: int = 0
    loss: float = 0.0

    def __add__(self, other: Result) -> Result:
        return Result(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        return (
            f"{self.misread} of {self.drawings:,} misread, {self.rejected} rejected, "
            f"log loss {self.loss / max(self.drawings, 1):.5f}"
        )


def measure(network: DigitNet, pictures: Pictures) -> Result:
    """Read images of digits with a network."""
    logits = predict_logits(network, pictures)
    return Result(
        len(pictures),
        misread=int((logits[:, :DIGITS].argmax(dim=1) != pictures.labels).sum()),
        rejected=int((logits.argmax(dim=1) == DIGITS).sum()),
        loss=functional.cross_entropy(logits, pictures.labels, reduction="sum").item(),
    )


if __name__ == "__main__":
    cli_support.run(main)
