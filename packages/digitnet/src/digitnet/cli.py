"""The command ``digitnet``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

import digitnet
from digitnet import console
from digitnet.errors import DataError, DigitnetError
from digitnet.recognizer import Prediction, Recognizer, Source
from digitnet.recordings import read_drawings

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@click.group(name="digitnet", no_args_is_help=False)
@click.version_option(package_name="digitnet")
def cli() -> None:
    """Read handwritten digits, and train and measure what reads them."""


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@json_option
@console.model_option
@click.pass_context
def predict(
    context: click.Context, files: tuple[Path, ...], model: Path | None, *, as_json: bool
) -> None:
    """Read pictures, and recordings (.ndjson).

    A file that cannot be read is told on stderr and does not stop the rest; the exit code is
    then 1.
    """
    recognizer = Recognizer(model)
    failed = False
    for file in files:
        try:
            for name, source in _sources(file):
                prediction = recognizer.predict(source)
                click.echo(_as_json(name, prediction) if as_json else _as_row(name, prediction))
        except DigitnetError as error:
            console.complain("digitnet", str(error))
            failed = True
    context.exit(1 if failed else 0)


def _sources(file: Path) -> Iterator[tuple[str, Source]]:
    if file.suffix != ".ndjson":
        yield str(file), file
        return
    for number, drawing in enumerate(read_drawings(file), start=1):
        yield drawing.key_id or f"{file}:{number}", drawing


def _as_row(name: str, prediction: Prediction) -> str:
    if not prediction.digits:
        return f"{name}: nothing there"
    if not prediction.text:
        guess = "".join(str(digit.label) for digit in prediction.digits)
        return f"{name}: unsure, perhaps {guess} ({prediction.confidence:.1%})"
    return f"{name}: {prediction.text} ({prediction.confidence:.1%})"


def _as_json(name: str, prediction: Prediction) -> str:
    digits = [
        {
            "label": digit.label,
            "confidence": round(digit.confidence, 6),
            "probabilities": [round(float(p), 6) for p in digit.probabilities],
            "accepted": digit.accepted,
            "box": list(digit.box),
        }
        for digit in prediction.digits
    ]
    record = {
        "source": name,
        "text": prediction.text,
        "confidence": round(prediction.confidence, 6),
        "digits": digits,
    }
    return json.dumps(record)


@cli.command()
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


@cli.command()
@console.data_option
@console.model_option
@json_option
def evaluate(data: Path | None, model: Path | None, *, as_json: bool) -> None:
    """Measure a model on MNIST's 10,000 test pictures."""
    evaluation = _training("evaluate")
    report = evaluation.evaluate_on_mnist(Recognizer(model), data)
    click.echo(json.dumps(report, indent=2) if as_json else evaluation.as_text(report))


@cli.command()
@console.model_option
@json_option
def info(model: Path | None, *, as_json: bool) -> None:
    """Tell what a model is, how it was made, and what was measured of it."""
    card = digitnet.Recognizer(model).card
    facts: dict[str, Any] = {
        "digitnet": digitnet.__version__,
        "model": str(card.folder),
        "threshold": card.threshold,
        **card.facts,
        "sha256": dict(card.sha256),
    }
    if as_json:
        click.echo(json.dumps(facts, indent=2))
    else:
        for line in _indented(facts):
            click.echo(line)


def _indented(facts: dict[str, Any], margin: str = "") -> Iterator[str]:
    for name, value in facts.items():
        if isinstance(value, dict):
            yield f"{margin}{name.replace('_', ' ')}:"
            yield from _indented(value, margin + "  ")
        else:
            shown = f"{value:,}" if isinstance(value, int) and value > 9999 else value
            yield f"{margin}{name.replace('_', ' ')}: {shown}"


def _training(module: str) -> Any:
    """Import a module of digitnet.training, which needs PyTorch."""
    import importlib

    try:
        return importlib.import_module(f"digitnet.training.{module}")
    except ModuleNotFoundError as error:
        raise DataError(
            f"training and evaluation need {error.name}, which is not installed; "
            "install digitnet[train]"
        ) from None


def main() -> None:
    """Run the command line."""
    console.run(cli)
