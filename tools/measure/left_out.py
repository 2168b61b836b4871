"""Measures how people whom a network has never met are read, by leaving contributors out.

    python tools/measure/left_out.py --data DIR --work DIR

For each contributor of digits (UNIPEN's seven, and pendigits), a network is trained on the ink of
all the others and on MNIST's training images, and then reads the ink of this one. So all ink is
read once, by a network that has never seen its contributor's people, tablet or instructions. Every
choice about preprocessing, augmentation, networks and thresholds is made by this measure.

By default the networks are small and trained for a few epochs, in minutes each; they show which of
two recipes is better. With --whole they are trained like a release. A network that is in --work
already is not trained again.

Numbers by contributors of whom no digits are learned from are read by every network.
"""

from __future__ import annotations

import json
import multiprocessing
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import mean

import click

import contributors
from contributors import CONTRIBUTORS, contributor_of
from digitbench.run.intervals import wilson_interval
from digitnet import Drawing, Recognizer, cli_support, read_drawings
from digitnet.manifest import MANIFEST_NAME
from digitnet.training.batches import views_of
from digitnet.training.config import Config
from digitnet.training.data import mnist_train, split
from digitnet.training.export import export
from digitnet.training.fit import fit
from digitnet.training.path_training import fit_path
from rows import as_text

SMALL = Config(
    width=16,
    depth=32,
    epochs=6,
    path_epochs=8,
    learning_rate=5e-3,
    linear=True,
    ema_decay=0.995,
    views=1,
    negatives=2000,
    pairs=1000,
    marks=400,
    threads=1,
)
PICTURES = 8_000
"""Number of MNIST's training images that small networks are trained on."""

RESULT_NAME = "left_out.json"

Counts = dict[str, tuple[int, int]]
"""How many of how many, by what is counted."""


@click.command(name="left_out")
@cli_support.data_option
@click.option(
    "--work",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the networks and the results.",
)
@click.option(
    "--contributor",
    "chosen",
    type=click.Choice(CONTRIBUTORS),
    multiple=True,
    default=CONTRIBUTORS,
    help="Only this one; can be given more than once.",
)
@click.option("--whole", is_flag=True, help="Train as for a release, for an hour or more each.")
@click.option("--jobs", type=click.IntRange(1), default=2, help="Networks trained at a time.")
def main(data: Path | None, work: Path, chosen: Sequence[str], *, whole: bool, jobs: int) -> None:
    """Train networks without one contributor each, and read that one's ink."""
    if data is None:
        raise click.UsageError("needs --data with MNIST, pendigits, letters and unipen.")
    config = Config(threads=1) if whole else SMALL
    measured: dict[str, Counts] = {}
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn) as pool:
        results = pool.map(partial(measure, data=data, work=work, config=config), chosen)
        for contributor, counts in zip(chosen, results, strict=True):
            measured[contributor] = counts
            click.echo(f"{contributor}: {describe(counts)}")
    click.echo(f"mean of contributors: {describe_means(measured.values())}")
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "form": "whole" if whole else "small",
        "counts": measured,
    }
    (work / RESULT_NAME).write_text(json.dumps(result, indent=2) + "\n")


def measure(contributor: str, *, data: Path, work: Path, config: Config) -> Counts:
    """Train without a contributor, unless that was done before, and read this one's ink."""
    digits, letters = contributors.read_digits(data), contributors.read_letters(data)
    signs, _ = contributors.read_signs(data)
    folder = work / contributor
    if not (folder / MANIFEST_NAME).exists():
        ink = [
            drawing
            for drawing in [*digits, *contributors.learned(letters, signs)]
            if contributor_of(drawing) != contributor
        ]
        _train(config, data, ink, folder)
    recognizer = Recognizer(folder, threads=1)
    is_his = [
        [drawing for drawing in drawings if contributor_of(drawing) == contributor]
        for drawings in (digits, letters, signs)
    ]
    counts = count_digits(recognizer, is_his[0])
    counts |= {
        "letters turned away": _turned_away(recognizer, is_his[1]),
        "signs turned away": _turned_away(recognizer, is_his[2]),
    }
    return counts | count_numbers(recognizer, data, contributor)


def _train(config: Config, data: Path, ink: Sequence[Drawing], folder: Path) -> None:
    pictures = mnist_train(data)
    if config == SMALL:
        _, pictures = split(pictures, PICTURES + config.validation, config.split)
    training, validation = split(pictures, config.validation, config.split)
    views = views_of(ink, config)
    network = fit(config, training, validation, views, device="cpu")
    path_network = fit_path(config, views, device="cpu")
    export(network, folder, threshold=0.5, facts={}, path_network=path_network)


def count_digits(recognizer: Recognizer, digits: Sequence[Drawing]) -> Counts:
    """Count how single digits are read."""
    outcomes: Counter[str] = Counter()
    for drawing, prediction in zip(digits, recognizer.predict_many(digits), strict=True):
        labels = "".join(str(digit.label) for digit in prediction.digits)
        if prediction.text == drawing.word:
            outcomes["right"] += 1
        elif labels == drawing.word:
            outcomes["legible, turned away"] += 1
        elif prediction.text:
            outcomes["wrong, accepted"] += 1
        else:
            outcomes["wrong, turned away"] += 1
    names = ("right", "legible, turned away", "wrong, accepted", "wrong, turned away")
    return {f"digits {name}": (outcomes[name], len(digits)) for name in names}


def count_numbers(recognizer: Recognizer, data: Path, contributor: str) -> Counts:
    """Count the numbers read right, without blanks, with `?` for each sign between the digits."""
    learned = {*CONTRIBUTORS} - {contributor}
    counts: Counts = {}
    for name in ("numbers", "mixed"):
        drawings = [
            drawing
            for drawing in read_drawings(data / "unipen" / f"{name}.ndjson")
            if drawing.writer not in learned
        ]
        predictions = zip(drawings, recognizer.predict_many(drawings), strict=True)
        right = sum(prediction.text == as_text(drawing.word) for drawing, prediction in predictions)
        counts[name] = (right, len(drawings))
    return counts


def _turned_away(recognizer: Recognizer, drawings: Sequence[Drawing]) -> tuple[int, int]:
    texts = [prediction.text for prediction in recognizer.predict_many(drawings)]
    return texts.count(""), len(texts)


def describe(counts: Counts) -> str:
    """Format counts as shares with 95 % intervals."""
    parts = []
    for name, (count, total) in counts.items():
        low, high = wilson_interval(count, total)
        parts.append(f"{name} {count:,} of {total:,} ({low:.2%} to {high:.2%})")
    return "; ".join(parts)


def describe_means(measured: Iterable[Counts]) -> str:
    """Format the mean shares over contributors; one without such drawings does not count."""
    shares: dict[str, list[float]] = {}
    for counts in measured:
        for name, (count, total) in counts.items():
            if total:
                shares.setdefault(name, []).append(count / total)
    return "; ".join(f"{name} {mean(values):.2%}" for name, values in shares.items())


if __name__ == "__main__":
    cli_support.run(main)
