"""The commands ``digitnet train`` and ``evaluate``, which need PyTorch once they are run."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import click

from digitnet import console
from digitnet.errors import DataError
from digitnet.recognizer import Recognizer

DEVICES = ("auto", "cuda", "mps", "cpu")

device_option = click.option(
    "--device",
    type=click.Choice(DEVICES),
    default=DEVICES[0],
    help="Where to train. Auto, the default, takes the first of cuda, mps and cpu that is there.",
)


@click.command()
@console.data_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="For the model."
)
@click.option(
    "--ink",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Recordings (.ndjson) to train on beside MNIST; may be given several times.",
)
@click.option("--epochs", type=click.IntRange(1), help="Passes over the data.")
@click.option("--batch-size", type=click.IntRange(1), help="Pictures a step, of all processes.")
@click.option("--learning-rate", type=click.FloatRange(0, 1, min_open=True), help="Its highest.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of all that chance decides.")
@click.option("--threads", type=click.IntRange(1), help="Of each process. Without: PyTorch's own.")
@click.option("--limit", type=click.IntRange(10), help="Use only so many of MNIST's pictures.")
@device_option
@click.option(
    "--resume/--restart",
    default=True,
    help="Go on with a run that was stopped in --out, which is the default, or begin anew.",
)
def train(
    data: Path | None,
    out: Path,
    ink: tuple[Path, ...],
    limit: int | None,
    device: str,
    *,
    resume: bool,
    **chosen: float | None,
) -> None:
    """Train a model on MNIST, and on recordings where given, and write it to a folder.

    Beside the model it writes log.csv, curves.png and confusion.png. A run that was killed goes on
    when the same command is given again, and ends with the same model. Several processes, of one
    machine or more, train together: torchrun --nproc-per-node 2 -m digitnet train ….
    """
    recipe = _training("recipe")
    config = recipe.Config(**{name: value for name, value in chosen.items() if value is not None})
    recipe.train(config, data, ink, out, limit=limit, device=device, restart=not resume)


@click.command()
@console.data_option
@console.model_option
@console.json_option
def evaluate(data: Path | None, model: Path | None, *, as_json: bool) -> None:
    """Measure a model on MNIST's 10,000 test pictures."""
    evaluation = _training("evaluate")
    report = evaluation.evaluate_on_mnist(Recognizer(model), data)
    click.echo(json.dumps(report, indent=2) if as_json else evaluation.as_text(report))


def _training(module: str) -> Any:
    """Import a module of digitnet.training, which needs PyTorch."""
    try:
        return importlib.import_module(f"digitnet.training.{module}")
    except ModuleNotFoundError as error:
        raise DataError(
            f"training and evaluation need {error.name}, which is not installed; "
            "install digitnet[train]"
        ) from None
