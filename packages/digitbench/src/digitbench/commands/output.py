"""Writing the files and folders that commands produce."""

from __future__ import annotations

from pathlib import Path

import click

from digitnet.errors import reason_of
from digitnet.files import write_atomically


def write(path: Path, content: bytes) -> None:
    """Write a file, or leave it unchanged.

    Raises:
        ClickException: the file cannot be written.
    """
    try:
        write_atomically(path, content)
    except OSError as error:
        reason = reason_of(error)
        raise click.ClickException(
            f"{path}: cannot be written: {reason}; choose another place"
        ) from None


def make_folder(path: Path) -> Path:
    """Create a folder if it does not exist, and return it.

    Raises:
        ClickException: the folder cannot be created.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = reason_of(error)
        raise click.ClickException(
            f"{path}: cannot be created: {reason}; choose another place"
        ) from None
    return path
