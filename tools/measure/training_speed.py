"""Compares how long two recipes train until they read 99 % of MNIST's test pictures.

    python tools/measure/training_speed.py --data DIR

One is what ``digitnet train --preset quick`` runs; the other is PyTorch's own example for MNIST
(github.com/pytorch/examples, mnist), written anew from what it does: two 3x3 convolutions of 32 and
64 channels, 2x2 max pooling, dropout, two linear layers, Adadelta at 1.0 that falls by 0.7 after
each epoch, batches of 64, and a DataLoader that turns each picture from PIL's into a normalised
tensor and, as the example has it on a CPU, leaves them in the files' order.

The two take turns, each run in a process of its own, on the CPU, with as many threads as PyTorch
takes by itself, and both with the same seed. What counts is training, by the clock and by the
processor's time. Of the example that is its epochs, until the first after which it reads 99 %. Of
digitnet it is the whole of `fit`, until its schedule has ended, with the validation that it does on
pictures which it does not learn from. What does not count: importing, reading the files, which
both do beforehand, measuring on the test pictures, and, of digitnet's command, writing the model.
The test pictures decide nothing but when the example's clock stops.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from pathlib import Path
from statistics import mean, median
from typing import Any

import click
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import MNIST

from digitbench.run.provenance import provenance
from digitnet import cli_support
from digitnet.training.config import PRESETS
from digitnet.training.data import Pictures, mnist_test, mnist_train, split, validation_size
from digitnet.training.evaluation import accuracy
from digitnet.training.fit import fit

GOAL = 0.99
MOST_EPOCHS = 14  # as many as the example takes


@dataclass
class Course:
    """One run.

    Attributes:
        seed: of all its chance.
        accuracies: on the test pictures after each epoch, or after the run; 0 to 1.
        seconds: that went by until then, for training alone.
        cpu_seconds: the same of processor time, of all threads together.
    """

    seed: int
    accuracies: list[float]
    seconds: list[float]
    cpu_seconds: list[float]

    @property
    def reached(self) -> bool:
        """Whether it ended at the goal."""
        return self.accuracies[-1] >= GOAL


class Watch:
    """A clock that runs while it is held, and gives the time of each turn."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.cpu_seconds: list[float] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time what is within."""
        clock, cpu = time.perf_counter(), time.process_time()
        yield
        self.seconds.append(time.perf_counter() - clock)
        self.cpu_seconds.append(time.process_time() - cpu)


def example_network() -> nn.Sequential:
    """Make the example's network; float (n, 1, 28, 28) in, log-probabilities (n, 10) out."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(64 * 12 * 12, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
        nn.LogSoftmax(dim=1),
    )


def train_example(data: Path, seed: int, epochs: int = MOST_EPOCHS) -> Course:
    """Train as PyTorch's example does, until the goal or for so many epochs."""
    normalise = transforms.Normalize((0.1307,), (0.3081,))
    to_tensor = transforms.Compose([transforms.ToTensor(), normalise])
    loader = DataLoader(MNIST(data, transform=to_tensor), batch_size=64)
    test = mnist_test(data)
    torch.manual_seed(seed)
    network = example_network()
    optimizer = torch.optim.Adadelta(network.parameters(), lr=1.0)
    schedule = StepLR(optimizer, step_size=1, gamma=0.7)
    watch, accuracies = Watch(), [0.0]
    while accuracies[-1] < GOAL and len(watch.seconds) < epochs:
        network.train()
        with watch.running():
            for images, labels in loader:
                optimizer.zero_grad()
                functional.nll_loss(network(images), labels).backward()  # type: ignore[no-untyped-call]
                optimizer.step()
        schedule.step()
        accuracies.append(_accuracy(network.eval(), normalise(test.images[:, None] / 255), test))
    return Course(
        seed, accuracies[1:], list(accumulate(watch.seconds)), list(accumulate(watch.cpu_seconds))
    )


@torch.inference_mode()
def _accuracy(network: nn.Module, images: Tensor, test: Pictures) -> float:
    answers = torch.cat([network(batch).argmax(dim=1) for batch in torch.split(images, 1000)])
    return float((answers == test.labels).double().mean())


def train_quick(data: Path, seed: int) -> Course:
    """Train as ``digitnet train --preset quick`` does."""
    config = replace(PRESETS["quick"], seed=seed)
    pictures = mnist_train(data)
    size = validation_size(config.validation, pictures)
    learned, validation = split(pictures, size, config.split)
    watch = Watch()
    with watch.running():
        network = fit(config, learned, validation, device="cpu")
    return Course(seed, [accuracy(network, mnist_test(data))], watch.seconds, watch.cpu_seconds)


RECIPES: dict[str, Callable[[Path, int], Course]] = {
    "PyTorch's example": train_example,
    "digitnet's quick": train_quick,
}


@click.command(name="training_speed")
@cli_support.data_option
@click.option("--repeats", type=click.IntRange(1), default=3, help="Of both; seeds 1, 2, ….")
@cli_support.json_option
def main(data: Path | None, repeats: int, *, as_json: bool) -> None:
    """Train both recipes in turn on MNIST in --data, and print what each took."""
    if data is None:
        raise click.UsageError("the example needs --data, or DIGITNET_DATA.")
    courses: dict[str, list[Course]] = {name: [] for name in RECIPES}
    for seed in range(1, repeats + 1):
        for name, train in RECIPES.items():
            course = in_own_process(train, data, seed)
            courses[name].append(course)
            right, seconds = course.accuracies[-1], course.seconds[-1]
            click.echo(f"{name}, seed {seed}: {right:.2%} after {seconds:.1f} s", err=True)
    about = {**provenance("", {"repeats": repeats}), "torch": torch.__version__}
    told = {name: [asdict(course) for course in runs] for name, runs in courses.items()}
    click.echo(
        json.dumps({"goal": GOAL, "courses": told, "provenance": about}, indent=2)
        if as_json
        else table(courses, about)
    )


def in_own_process(train: Callable[[Path, int], Course], data: Path, seed: int) -> Course:
    """Run in a process that starts anew, so that no run is warmed up by the one before it."""
    processes = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=processes) as pool:
        return pool.submit(train, data, seed).result()


def table(courses: dict[str, list[Course]], about: dict[str, Any]) -> str:
    """Lay both out beside each other, with the machine that it was on."""
    example, quick = courses.values()

    def spread(values: Sequence[float], form: str) -> str:
        return " to ".join(form.format(value) for value in (min(values), max(values)))

    def row(title: str, cell: Callable[[list[Course]], str]) -> str:
        return f"| {title} | {cell(example)} | {cell(quick)} |"

    def times(of: Callable[[Course], list[float]]) -> Callable[[list[Course]], str]:
        def cell(runs: list[Course]) -> str:
            values = [of(run)[-1] for run in runs]
            return f"{median(values):.1f} s ({spread(values, '{:.1f}')})"

        return cell

    def ratio(of: Callable[[Course], list[float]]) -> str:
        pairs = [of(slow)[-1] / of(fast)[-1] for slow, fast in zip(example, quick, strict=True)]
        return f"{median(pairs):.1f} ({spread(pairs, '{:.1f}')})"

    compared = (
        f"The example took {ratio(lambda run: run.seconds)} times as long by the clock, and "
        f"{ratio(lambda run: run.cpu_seconds)} times the processor's time: median and range of "
        f"{len(quick)} pairs."
    )
    machine = "{machine[cores]} cores of {machine[cpu]}, PyTorch {torch}, Python {python}"
    lines = [
        f"| to {GOAL:.0%} | " + " | ".join(courses) + " |",
        "|---|---|---|",
        row("runs that reached it", lambda runs: f"{sum(r.reached for r in runs)} of {len(runs)}"),
        row("training, median and range", times(lambda run: run.seconds)),
        row("processor time of it", times(lambda run: run.cpu_seconds)),
        row("tests until then", lambda runs: spread([len(r.accuracies) for r in runs], "{}")),
        row(
            "read rightly then, mean and range",
            lambda runs: "{:.2%} ({})".format(
                mean(r.accuracies[-1] for r in runs),
                spread([r.accuracies[-1] for r in runs], "{:.2%}"),
            ),
        ),
        "",
        compared,
        f"{about['time'][:10]}, {machine.format(**about)}.",
    ]
    if not all(run.reached for run in (*example, *quick)):
        lines.append(f"Runs that did not reach {GOAL:.0%} count with all that they took.")
    return "\n".join(lines)


if __name__ == "__main__":
    cli_support.run(main)
