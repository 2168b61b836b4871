"""Compares how long two training recipes take to read 99 % of MNIST's test images.

    python tools/measure/training_speed.py --data DIR

One is ``digitnet train --preset quick``. The other is PyTorch's own example for MNIST
(github.com/pytorch/examples, mnist), reimplemented: two 3x3 convolutions of 32 and 64 channels, 2x2
max pooling, dropout, two linear layers, Adadelta at 1.0, decayed by 0.7 after each epoch, batches
of 64, and a DataLoader that converts each image from PIL to a normalised tensor and, as in the
example on a CPU, does not shuffle.

The two take turns with the same seeds, each run in a process of its own, on the CPU, with PyTorch's
default number of threads. Training is measured in wall-clock time and in CPU time. For the example,
that is its epochs up to the first after which it reads 99 %. For digitnet, it is the whole of
`fit`, to the end of its schedule, including validation on held-out training images. Not included
are imports, reading the files (both do that beforehand), measurements on the test images, and
writing the model, which digitnet's command would do. The test images only decide when the
example's clock stops.
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
MOST_EPOCHS = 14  # the example's default


@dataclass
class Course:
    """One training run.

    Attributes:
        seed: Its random seed.
        accuracies: On the test images after each epoch, or after the run; 0 to 1.
        seconds: Time spent on training until then.
        cpu_seconds: CPU time spent on it until then, over all threads.
    """

    seed: int
    accuracies: list[float]
    seconds: list[float]
    cpu_seconds: list[float]

    @property
    def reached(self) -> bool:
        """Whether it reached the goal."""
        return self.accuracies[-1] >= GOAL


class Stopwatch:
    """Measures the wall-clock and CPU time of blocks of code."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.cpu_seconds: list[float] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time a block."""
        clock, cpu = time.perf_counter(), time.process_time()
        yield
        self.seconds.append(time.perf_counter() - clock)
        self.cpu_seconds.append(time.process_time() - cpu)


def example_network() -> nn.Sequential:
    """Make the example's network: float (n, 1, 28, 28) in, log-probabilities (n, 10) out."""
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
    """Train as PyTorch's example does, until it reaches the goal or for `epochs`."""
    normalise = transforms.Normalize((0.1307,), (0.3081,))
    to_tensor = transforms.Compose([transforms.ToTensor(), normalise])
    loader = DataLoader(MNIST(data, transform=to_tensor), batch_size=64)
    test = mnist_test(data)
    torch.manual_seed(seed)
    network = example_network()
    optimizer = torch.optim.Adadelta(network.parameters(), lr=1.0)
    schedule = StepLR(optimizer, step_size=1, gamma=0.7)
    watch, accuracies = Stopwatch(), [0.0]
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
    training, validation = split(pictures, size, config.split)
    watch = Stopwatch()
    with watch.running():
        network = fit(config, training, validation, device="cpu")
    return Course(seed, [accuracy(network, mnist_test(data))], watch.seconds, watch.cpu_seconds)


RECIPES: dict[str, Callable[[Path, int], Course]] = {
    "PyTorch's example": train_example,
    "digitnet's quick": train_quick,
}


@click.command(name="training_speed")
@cli_support.data_option
@click.option(
    "--repeats", type=click.IntRange(1), default=3, help="Runs of each, with seeds 1, 2, …."
)
@cli_support.json_option
def main(data: Path | None, repeats: int, *, as_json: bool) -> None:
    """Train with both recipes in turn on MNIST in --data, and print how long each took."""
    if data is None:
        raise click.UsageError("the example needs --data or DIGITNET_DATA.")
    courses: dict[str, list[Course]] = {name: [] for name in RECIPES}
    for seed in range(1, repeats + 1):
        for name, train in RECIPES.items():
            course = in_own_process(train, data, seed)
            courses[name].append(course)
            correct, seconds = course.accuracies[-1], course.seconds[-1]
            click.echo(f"{name}, seed {seed}: {correct:.2%} after {seconds:.1f} s", err=True)
    context = {**provenance("", {"repeats": repeats}), "torch": torch.__version__}
    runs = {name: [asdict(course) for course in each] for name, each in courses.items()}
    click.echo(
        json.dumps({"goal": GOAL, "courses": runs, "provenance": context}, indent=2)
        if as_json
        else table(courses, context)
    )


def in_own_process(train: Callable[[Path, int], Course], data: Path, seed: int) -> Course:
    """Train in a fresh process, so that no run is warmed up by the previous one."""
    processes = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=processes) as pool:
        return pool.submit(train, data, seed).result()


def table(courses: dict[str, list[Course]], context: dict[str, Any]) -> str:
    """Return both results as a Markdown table, with the ratios and the machine."""
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
        f"The example took {ratio(lambda run: run.seconds)} times as long, and "
        f"{ratio(lambda run: run.cpu_seconds)} times the CPU time: median and range of "
        f"{len(quick)} pairs."
    )
    machine = "{machine[cores]} cores of {machine[cpu]}, PyTorch {torch}, Python {python}"
    lines = [
        f"| to {GOAL:.0%} | " + " | ".join(courses) + " |",
        "|---|---|---|",
        row("runs that reached it", lambda runs: f"{sum(r.reached for r in runs)} of {len(runs)}"),
        row("training, median and range", times(lambda run: run.seconds)),
        row("CPU time of it", times(lambda run: run.cpu_seconds)),
        row(
            "measurements until then", lambda runs: spread([len(r.accuracies) for r in runs], "{}")
        ),
        row(
            "accuracy then, mean and range",
            lambda runs: "{:.2%} ({})".format(
                mean(r.accuracies[-1] for r in runs),
                spread([r.accuracies[-1] for r in runs], "{:.2%}"),
            ),
        ),
        "",
        compared,
        f"{context['time'][:10]}, {machine.format(**context)}.",
    ]
    if not all(run.reached for run in (*example, *quick)):
        lines.append(f"Runs that did not reach {GOAL:.0%} count in full.")
    return "\n".join(lines)


if __name__ == "__main__":
    cli_support.run(main)
