"""The command ``digitnet info``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

import digitnet
from digitnet import cli_support


@click.command()
@cli_support.model_option
@cli_support.json_option
def info(model: Path | None, *, as_json: bool) -> None:
    """Show what a model is, how it was trained, and its measured accuracy."""
    manifest = digitnet.Recognizer(model).manifest
    facts: dict[str, Any] = {
        "digitnet": digitnet.__version__,
        "model": str(manifest.folder),
        "threshold": manifest.threshold,
        **manifest.facts,
        "sha256": dict(manifest.sha256),
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
            text = f"{value:,}" if isinstance(value, int) and value > 9999 else value
            yield f"{margin}{name.replace('_', ' ')}: {text}"
