"""The command ``digitnet``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

import digitnet
from digitnet import cli_support
from digitnet.cli.predict import predict
from digitnet.cli.training import evaluate, finetune, train


@click.group(name="digitnet", no_args_is_help=False)
@click.version_option(package_name="digitnet")
def cli() -> None:
    """Read handwritten digits, and train and measure what reads them."""


for command in (predict, train, finetune, evaluate):
    cli.add_command(command)


@cli.command()
@cli_support.model_option
@cli_support.json_option
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


def main() -> None:
    """Run the command line."""
    cli_support.run(cli)
