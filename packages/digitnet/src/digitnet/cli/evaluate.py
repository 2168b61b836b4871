"""The command ``digitnet evaluate``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from digitnet import cli_support
from digitnet.cli.options import import_training
from digitnet.recognizer import Recognizer


@click.command()
@cli_support.data_option
@cli_support.model_option
@cli_support.json_option
def evaluate(data: Path | None, model: Path | None, *, as_json: bool) -> None:
    """Measure a model on MNIST's 10,000 test images."""
    evaluation = import_training("evaluation")
    report = evaluation.evaluate_on_mnist(Recognizer(model), data)
    click.echo(json.dumps(report, indent=2) if as_json else evaluation.as_text(report))
