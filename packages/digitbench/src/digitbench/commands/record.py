"""The command ``digitbench record``: digitdraw's window and options, and a recording at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from digitdraw.cli import cli as digitdraw


def _options() -> list[click.Parameter]:
    """Give digitdraw's options as they are, but for its --record, which here is --out."""
    own = {option.name: option for option in digitdraw.params if option.expose_value}
    file = own.pop("record")
    out = click.Option(
        ["--out"],
        required=True,
        type=file.type,
        callback=file.callback,
        help="New file for the recording, written at the end.",
    )
    return [out, *own.values()]


@click.command(params=_options())
def record(out: Path, **options: Any) -> None:
    """Draw in digitdraw's window, and keep the whole session as one recording.

    Say in the window what it is that you drew: 0 to 9, or N for no digit. `digitbench run` replays
    the recording, and `digitbench show` shows it.
    """
    assert digitdraw.callback is not None, "it is a command"  # noqa: S101
    digitdraw.callback(record=out, **options)
    click.echo(f"{out}: 1 recording")
