"""Trains the model that digitnet ships, from MNIST and recorded ink.

    python tools/release/train.py --data DIR --work DIR

The folder --data contains ``MNIST/raw``, ``pendigits/pendigits-orig.tra``,
``letters/letters.ndjson`` and ``unipen``: real pen strokes of digits (E. Alpaydin, F. Alimoglu:
"Pen-Based Recognition of Handwritten Digits", UCI Machine Learning Repository; International Unipen
Foundation, train_r01_v07), and of letters and signs that do not look like digits (the latter).
Letters by the contributor ``app`` are held out for measurements.

One network per seed is trained on its own, each in a process of its own. Then that of the first
seed is trained further, with all of them as teachers in addition to the labels, and gets a network
for the pen's path beside it. It is shipped if it reads all bundled recordings correctly. Each run
is in a folder of --work, and resumed if it was interrupted.

The same seeds on the same kind of machine give the same weights; on another kind, the weights
differ in the last digits.
"""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import click
import torch

from digitbench.replay.replayer import Replayer
from digitbench.run import suite
from digitnet import DataError, Recognizer, cli_support, write_drawings
from digitnet.manifest import MANIFEST_NAME, load_manifest
from digitnet.training.config import Config
from digitnet.training.export import load_pretrained
from digitnet.training.pipeline import train

# Measurements live in the neighbouring folder.
sys.path.append(str(Path(__file__).parents[1] / "measure"))

import contributors

FURTHER_EPOCHS = 14
"""Of the second stage, which starts from a trained network."""

WEIGHTS = Path(__file__).parents[2] / "packages/digitnet/src/digitnet/weights"


@click.command(name="train")
@cli_support.data_option
@click.option(
    "--work",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the runs.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=WEIGHTS,
    help="Folder for the model.",
)
@click.option(
    "--seed",
    "seeds",
    type=click.IntRange(0),
    multiple=True,
    default=(1, 2),
    help="Of a network; can be given more than once. That of the first is shipped.",
)
@click.option("--epochs", type=click.IntRange(1), default=Config.epochs, help="Of the first stage.")
def main(data: Path | None, work: Path, out: Path, seeds: tuple[int, ...], epochs: int) -> None:
    """Train the release on the data in --data, and write it to --out."""
    if data is None:
        raise click.UsageError("needs --data with MNIST, pendigits, letters and unipen.")
    ink = _write_ink(data, work)
    # One thread on any machine, as sums in another order would give other weights.
    configs = [Config(seed=seed, epochs=epochs, path_epochs=0, threads=1) for seed in seeds]
    alone = [work / f"alone-{seed}" for seed in seeds]
    processes = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(seeds), mp_context=processes) as pool:
        stage = [
            pool.submit(_train, config, data, ink, folder)
            for config, folder in zip(configs, alone, strict=True)
        ]
        for future in stage:
            future.result()
    release = work / f"distilled-{seeds[0]}"
    further = Config(seed=seeds[0], epochs=FURTHER_EPOCHS, threads=1)
    _train(further, data, ink, release, alone[0], alone)
    if not _reads_all_bundled(release):
        raise DataError(f"{release}: misreads bundled recordings, and cannot be shipped")
    out.mkdir(parents=True, exist_ok=True)
    # The manifest last: without it, it is not a model.
    for name in (*load_manifest(release).sha256, MANIFEST_NAME):
        shutil.copyfile(release / name, out / name)
    click.echo(f"{out}: now has the model of {release}", err=True)


def _reads_all_bundled(folder: Path) -> bool:
    """Whether a network reads all bundled recordings correctly through the app."""
    replayer = Replayer(Recognizer(folder, threads=1))
    results = suite.run(suite.read_all(suite.bundled_recordings()), replayer)
    return all(result.outcome == suite.CORRECT for result in results)


def _write_ink(data: Path, work: Path) -> list[Path]:
    """Write the training ink as recordings: digits, and letters and signs that no digit is like."""
    work.mkdir(parents=True, exist_ok=True)
    ink = [work / "digits.ndjson", work / "others.ndjson"]
    signs, _ = contributors.read_signs(data)
    others = contributors.learned(contributors.read_letters(data), signs)
    write_drawings(ink[0], contributors.read_digits(data))
    write_drawings(ink[1], others)
    return ink


def _train(
    config: Config,
    data: Path,
    ink: Sequence[Path],
    out: Path,
    start: Path | None = None,
    teachers: Sequence[Path] = (),
) -> None:
    """Train one network, unless it exists."""
    if (out / MANIFEST_NAME).exists():
        return
    facts = {
        "name": "digitnet",
        "trained_on": "MNIST (training set), pendigits (30 training writers), "
        "UNIPEN (digits, letters and signs of ten contributors)",
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "cpu": torch.backends.cpu.get_cpu_capability(),
        "teachers": len(teachers),
    }
    train(
        config,
        data,
        ink,
        out,
        start=load_pretrained(start) if start else None,
        teachers=[load_pretrained(teacher) for teacher in teachers],
        device="cpu",
        facts=facts,
    )


def _commit() -> str:
    """Return the current commit, with "+" if there are uncommitted changes."""
    changes = _git("status", "--porcelain", "--untracked-files=no")
    return _git("rev-parse", "HEAD") + ("+" if changes else "")


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(Path(__file__).parent), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    cli_support.run(main)
