"""The files that commands write, each wholly or not at all."""

from __future__ import annotations

from pathlib import Path

import click

from digitnet.errors import reason_of
from digitnet.files import write_atomically


def write(path: Path, content: bytes) -> None:
    """Write a file.

    Raises:
        ClickException: it cannot be written; says so in one line.
    """
    try:
        write_atomically(path, content)
    except OSError as error:
        raise click.ClickException(
            f"{path}: cannot be written: {reason_of(error)}; choose another place"
        ) from None


def make_folder(path: Path) -> Path:
    """Make a folder where it is missing, and give it back.

    Raises:
        ClickException: it cannot be made; says so in one line.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"{path}: cannot be made: {reason_of(error)}; choose another place"
        ) from None
    return path
