"""The command ``digitbench record``: digitdraw's window and options, saving a recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from digitbench.commands.output import new_file_option
from digitdraw.cli import cli as digitdraw


def _options() -> list[click.Parameter]:
    """Return digitdraw's options except --record, whose place --out takes."""
    return [
        option for option in digitdraw.params if option.expose_value and option.name != "record"
    ]


@click.command(params=_options())
@new_file_option("File for the recording, written at the end.")
def record(out: Path, **options: Any) -> None:
    """Draw in digitdraw's window, and save the whole session as one recording.

    Label in the window what you drew: press 0 to 9, or N for not a digit. `digitbench run` replays
    the recording, and `digitbench show` shows it.
    """
    assert digitdraw.callback is not None, "it is a command"  # noqa: S101
    digitdraw.callback(record=out, **options)
    click.echo(f"{out}: 1 recording")
