"""Trains the model that digitnet ships, from MNIST and recorded ink to the weights folder.

    python tools/train_release.py --data DIR

DIR holds ``MNIST/raw``, ``pendigits/pendigits-orig.tra`` and ``letters/letters.ndjson``: real pen
strokes of digits (E. Alpaydin, F. Alimoglu: "Pen-Based Recognition of Handwritten Digits", UCI
Machine Learning Repository) and of letters that do not look like digits (International Unipen
Foundation, train_r01_v07). Letters by the contributor ``app`` are left out, to measure by.

The same seed on the same kind of machine gives the same weights; of another kind, weights that
differ in the last digits.
"""

from __future__ import annotations

import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click
import torch

from digitbench.importers.unipen import read_unipen
from digitnet import console, read_drawings, write_drawings
from digitnet.training.fit import Config
from digitnet.training.recipe import train

WEIGHTS = Path(__file__).parents[1] / "packages/digitnet/src/digitnet/weights"
UNSEEN_CONTRIBUTOR = "app"


@click.command(name="train_release")
@console.data_option
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=WEIGHTS)
@click.option("--seed", type=click.IntRange(0), default=Config.seed, show_default=True)
@click.option("--epochs", type=click.IntRange(1), default=Config.epochs, show_default=True)
def main(data: Path | None, out: Path, seed: int, epochs: int) -> None:
    """Train the release on the data in --data, and write it to --out."""
    if data is None:
        raise click.UsageError("the release needs --data: MNIST, pendigits and letters.")
    digits = read_unipen(data / "pendigits" / "pendigits-orig.tra")
    letters = (
        drawing
        for drawing in read_drawings(data / "letters" / "letters.ndjson")
        if drawing.writer != UNSEEN_CONTRIBUTOR
    )
    # Two threads, whatever the machine has: sums in another order would give other weights.
    config = Config(seed=seed, epochs=epochs, threads=2)
    facts = {
        "name": "digitnet",
        "trained_on": "MNIST (training set), pendigits (30 training writers), UNIPEN letters",
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "cpu": torch.backends.cpu.get_cpu_capability(),
    }
    with tempfile.TemporaryDirectory() as folder:
        ink = [Path(folder) / "digits.ndjson", Path(folder) / "letters.ndjson"]
        write_drawings(ink[0], digits)
        write_drawings(ink[1], letters)
        train(config, data, ink, out, facts=facts)


def _commit() -> str:
    """Name the commit that the weights are made from; "+" where files have been changed since."""
    changes = _git("status", "--porcelain", "--untracked-files=no")
    return _git("rev-parse", "HEAD") + ("+" if changes else "")


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(Path(__file__).parent), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    console.run(main)
