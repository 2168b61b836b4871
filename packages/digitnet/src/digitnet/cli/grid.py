"""The command ``digitnet grid``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from digitnet import cli_support
from digitnet.cli.inputs import find_inputs, read_inputs
from digitnet.errors import DigitnetError
from digitnet.grid import Grid
from digitnet.recognizer import Recognizer


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@cli_support.json_option
@cli_support.model_option
@click.pass_context
def grid(
    context: click.Context, files: tuple[str, ...], *, as_json: bool, model: Path | None
) -> None:
    """Read the boxes of tables, Sudokus and forms, with a digit or none in each.

    FILE is an image, a folder with images at any depth, a pattern, or - for standard input. Each
    row of boxes is a line: "." is a blank box, and "?" is ink that is not a digit. Images without a
    grid are reported on stderr and do not stop the others; the exit code is then 1.
    """
    recognizer = Recognizer(model)
    failed = False
    for file in find_inputs(files):
        try:
            if isinstance(file, DigitnetError):
                raise file
            for entry in read_inputs(file):
                found = recognizer.read_grid(entry.source)
                click.echo(_json_line(entry.name, found) if as_json else found.text)
        except DigitnetError as error:
            failed = True
            cli_support.complain("digitnet", str(error))
    context.exit(1 if failed else 0)


def _json_line(name: str, found: Grid) -> str:
    """Return one line of JSON: the labels, null where there is none, and the cells' boxes."""
    labels = [[digit.label if digit else None for digit in row] for row in found.rows]
    confidences = [
        [round(digit.confidence, 6) if digit else None for digit in row] for row in found.rows
    ]
    accepted = [[digit.accepted if digit else None for digit in row] for row in found.rows]
    boxes = [[[round(side, 2) for side in box] for box in row] for row in found.boxes]
    record = {
        "source": name,
        "text": found.text,
        "rows": labels,
        "confidences": confidences,
        "accepted": accepted,
        "boxes": boxes,
    }
    return json.dumps(record)
