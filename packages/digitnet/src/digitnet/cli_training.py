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
@click.option("--seed", type=click.IntRange(0), help="Of everything that chance decides.")
@click.option("--limit", type=click.IntRange(10), help="Use only so many of MNIST's pictures.")
def train(
    data: Path | None,
    out: Path,
    ink: tuple[Path, ...],
    epochs: int | None,
    seed: int | None,
    limit: int | None,
) -> None:
    """Train a model on MNIST, and on recordings where given, and write it to a folder."""
    recipe = _training("recipe")
    chosen = {"epochs": epochs, "seed": seed}
    config = recipe.Config(**{name: value for name, value in chosen.items() if value is not None})
    recipe.train(config, data, ink, out, limit=limit)


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
