"""Compares digitnet with other recognisers of handwritten digits that are published with weights.

    python tools/measure/peers.py --data DIR

Each is installed with its dependencies into a temporary environment; so is this repository's
digitnet, and once more with PyTorch, which then runs the same network. All read the same images on
one thread: MNIST's 10,000 test images as they are, and the bundled recordings of single digits,
black on a white board of 280x280, in their original place and size. If a recogniser has several
models or calls, each is tried on the images and on their negatives, and the best result counts.
No choice depends on these measurements.

Speed is measured as CPU time, so that other work on the machine does not count, and in rounds: in
each round, all recognisers do the same task in turn. The results are the median and the quartiles
of the ratios within the rounds.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np

from digitbench.run.suite import bundled_recordings, read_all
from digitdraw.ink.layer import render_drawing
from digitdraw.model.placement import fitted
from digitnet import cli_support
from digitnet.training.data import mnist_test
from peer_process import FailedError, Peer, installed, started
from peer_worker import AT_ONCE

DIGITNET = Path(__file__).parents[2] / "packages" / "digitnet"
OURS = "digitnet"
SOURCES = {
    OURS: str(DIGITNET),
    "digitnet[train]": f"{DIGITNET}[train]",
    "digit-recognizer-py": "digit-recognizer-py",
    "ccexam": "ccexam",
}
"""What to install, by the names of `peer_worker.READERS`."""

BOARD = (280, 280)
TIMES = ("picture", "framed", "many")
"""The tasks of `peer_worker.tasks` that are timed."""


@dataclass
class Measured:
    """The measurements of a recogniser.

    Attributes:
        facts: From `peer_worker.facts`.
        correct: Correct answers for each set of images, by the way in which they were read.
        rounds: Figures by round: "start" and `TIMES` in seconds, "memory" and "disk" in bytes.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    correct: dict[str, dict[str, int]] = field(default_factory=dict)
    rounds: dict[str, list[float]] = field(default_factory=dict)


@click.command(name="peers")
@cli_support.data_option
@click.option(
    "--peer",
    "names",
    multiple=True,
    type=click.Choice([name for name in SOURCES if name != OURS]),
    help="Compare with this one only; can be given more than once.",
)
@click.option(
    "--starts", type=click.IntRange(1), default=10, show_default=True, help="Per recogniser."
)
@click.option(
    "--rounds", type=click.IntRange(1), default=30, show_default=True, help="Per timed task."
)
def main(data: Path | None, names: tuple[str, ...], starts: int, rounds: int) -> None:
    """Measure digitnet and its peers, and print a table in Markdown."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="peers-")))
        totals = write_pictures(folder, data)
        peers = {}
        for name in [OURS, *(names or [name for name in SOURCES if name != OURS])]:
            click.echo(f"{name}: installing", err=True)
            try:
                peers[name] = stack.enter_context(installed(name, SOURCES[name]))
            except FailedError as error:
                click.echo(f"{name}: skipped: {error}", err=True)
        measured = measure(peers, folder, starts, rounds)
    click.echo(table(measured, totals))
    results = {name: {"correct": m.correct, "rounds": m.rounds} for name, m in measured.items()}
    click.echo("\n" + json.dumps(results, indent=2))


def write_pictures(folder: Path, data: Path | None) -> dict[str, int]:
    """Write both sets of images, and return their sizes."""
    mnist = mnist_test(data)
    digits = [drawing for drawing in read_all(bundled_recordings()) if len(drawing.word) == 1]
    sets = {
        "mnist": (mnist.images.numpy(), mnist.labels.numpy()),
        "drawn": (
            np.stack([255 - render_drawing(fitted(digit, BOARD)) for digit in digits]),
            np.array([int(digit.word) for digit in digits]),
        ),
    }
    for name, (pictures, labels) in sets.items():
        np.save(folder / f"{name}.npy", pictures)
        np.save(folder / f"{name}_labels.npy", labels)
    return {name: len(labels) for name, (_, labels) in sets.items()}


def measure(
    peers: Mapping[str, Peer], folder: Path, starts: int, rounds: int
) -> dict[str, Measured]:
    """Measure recognisers in turn.

    Args:
        peers: The recognisers by name.
        folder: The folder with the images.
        starts: How often to start each, after once to fill the disk cache.
        rounds: How often to time each task, after once to warm up.

    Raises:
        FailedError: One of them does not start, or fails.
    """
    measured = {name: Measured() for name in peers}
    for name, peer in peers.items():
        measured[name].rounds["disk"] = [float(peer.bytes_on_disk)]

    def start(name: str) -> dict[str, float]:
        with started(peers[name], folder) as worker:
            return {"start": worker.start, "memory": float(worker.memory)}

    in_turn(start, measured, starts)
    with ExitStack() as stack:
        workers = {name: stack.enter_context(started(peers[name], folder)) for name in peers}

        def time(name: str, task: str) -> dict[str, float]:
            return {task: workers[name].ask(task)}

        for task in TIMES:
            in_turn(partial(time, task=task), measured, rounds)
        for name, worker in workers.items():
            measured[name].facts = worker.ask("facts")
            measured[name].correct = worker.ask("correct")
    return measured


def in_turn(
    ask: Callable[[str], Mapping[str, float]], measured: Mapping[str, Measured], rounds: int
) -> None:
    """Measure each recogniser once per round, starting each round with a different one.

    Args:
        ask: Returns the figures of a recogniser, given its name.
        measured: Gets the figures, but not those of an additional first round, the warm-up.
        rounds: At least 1.
    """
    names = list(measured)
    for number in range(rounds + 1):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            for figure, value in ask(name).items():
                values = measured[name].rounds.setdefault(figure, [])
                if number:
                    values.append(value)


def table(measured: Mapping[str, Measured], totals: Mapping[str, int]) -> str:
    """Return the results as a Markdown table, with a column for each recogniser."""
    ours = measured[OURS]

    def share(kind: str) -> Callable[[Measured], str]:
        return lambda m: f"{max(m.correct[kind].values()) / totals[kind]:.2%}"

    def figure(name: str, unit: Callable[[float], str]) -> Callable[[Measured], str]:
        def cell(m: Measured) -> str:
            values = m.rounds[name]
            median = unit(float(np.median(values)))
            return median if m is ours else f"{median}, {_ratios(values, ours.rounds[name])}"

        return cell

    rows: Sequence[tuple[str, Callable[[Measured], str]]] = (
        ("version", lambda m: m.facts["version"]),
        ("licence", lambda m: m.facts["licence"]),
        ("Python", lambda m: m.facts["python"]),
        ("PyTorch", lambda m: "needed" if m.facts["torch"] else "not needed"),
        ("on disk, with dependencies", figure("disk", lambda b: f"{b / 1e6:,.0f} MB")),
        ("from process start to ready", figure("start", lambda s: f"{s:.2f} s")),
        ("resident memory when ready", figure("memory", lambda b: f"{b / 1e6:,.0f} MB")),
        ("one 280x280 image", figure("picture", _milliseconds)),
        ("one framed image, 28x28", figure("framed", _milliseconds)),
        (
            f"{AT_ONCE:,} framed images at once",
            figure("many", lambda s: f"{1 / s:,.0f} images per second"),
        ),
        (f"MNIST, {totals['mnist']:,} test images", share("mnist")),
        (f"drawn, {totals['drawn']:,} bundled recordings", share("drawn")),
    )
    lines = ["| | " + " | ".join(measured) + " |", "|---" * (len(measured) + 1) + "|"]
    lines += [
        f"| {name} | " + " | ".join(map(cell, measured.values())) + " |" for name, cell in rows
    ]
    return "\n".join(lines)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"


def _ratios(theirs: Sequence[float], ours: Sequence[float]) -> str:
    """Format the median ratio of theirs to ours, and the quartiles."""
    low, middle, high = np.percentile(np.divide(theirs, ours), (25, 50, 75))
    spread = "" if len(theirs) == 1 else f" ({low:.1f} to {high:.1f})"
    return f"x{middle:.1f}{spread}"


if __name__ == "__main__":
    cli_support.run(main)
