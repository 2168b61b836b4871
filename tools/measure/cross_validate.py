"""Measures how well ink is read by writers whom a network has never seen, without any test data.

    python tools/measure/cross_validate.py --data DIR

Pendigits' 30 training writers are divided into five parts. For each part, a small network is
trained for a few epochs on the ink of the other writers and on some of MNIST's training pictures,
as a release is, and reads that part; so everybody's ink is read once, by a network that does not
know the hand. A part takes about a minute and a half on one core.

By this, one variety of strokes is compared with another: run it before and after a change. The log
loss tells more than the errors, which are few.
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

PARTS = 5
PICTURES = 16_000
"""Of MNIST's training pictures, so many are learned from."""

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
@click.option("--part", "parts", type=click.IntRange(0, PARTS - 1), multiple=True)
def main(data: Path | None, parts: tuple[int, ...]) -> None:
    """Read the ink of pendigits' training writers, part by part; --part leaves the others out."""
    if data is None:
        raise click.UsageError("--data is needed: MNIST and pendigits.")
    drawings = list(read_unipen(data / "pendigits" / "pendigits-orig.tra"))
    _, chosen = split(mnist_train(data), PICTURES + SMALL.validation, SMALL.split)
    pictures, validation = chosen[:PICTURES], chosen[PICTURES:]
    writers = sorted({drawing.writer for drawing in drawings})
    np.random.default_rng(SMALL.split).shuffle(writers)
    found = Found()
    for part in parts or range(PARTS):
        unknown = set(writers[part::PARTS])
        known = [drawing for drawing in drawings if drawing.writer not in unknown]
        network = fit(replace(SMALL, seed=part), pictures, validation, known * SMALL.views)
        held = [drawing for drawing in drawings if drawing.writer in unknown]
        here = measure(network, render_drawings(held))
        found += here
        click.echo(f"part {part}: {here}")
    click.echo(f"all:    {found}")


@dataclass(frozen=True)
class Found:
    """What came of some drawings.

    Attributes:
        drawings: how many they are.
        misread: of them.
        turned_away: likelier to be no digit.
        loss: the sum of their log losses, in nats.
    """

    drawings: int = 0
    misread: int = 0
    turned_away: int = 0
    loss: float = 0.0

    def __add__(self, other: Found) -> Found:
        return Found(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        return (
            f"{self.misread} of {self.drawings:,} misread, {self.turned_away} turned away, "
            f"log loss {self.loss / max(self.drawings, 1):.5f}"
        )


def measure(network: DigitNet, pictures: Pictures) -> Found:
    """Let a network read pictures of digits."""
    logits = predict_logits(network, pictures)
    return Found(
        len(pictures),
        misread=int((logits[:, :DIGITS].argmax(dim=1) != pictures.labels).sum()),
        turned_away=int((logits.argmax(dim=1) == DIGITS).sum()),
        loss=functional.cross_entropy(logits, pictures.labels, reduction="sum").item(),
    )


if __name__ == "__main__":
    cli_support.run(main)
