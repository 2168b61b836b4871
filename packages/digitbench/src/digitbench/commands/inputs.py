"""Files and folders that commands read: they must exist when a command starts."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Any

import click

from digitnet.cli_support import did_you_mean


class ExistingPath(click.Path):
    """A file or folder that exists, or a pattern such as 'saved/*.ndjson'; a Path."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with the name that was perhaps meant."""
        path = Path(str(super().convert(value, param, ctx)))
        # A broken link is reported when it is read.
        if os.path.lexists(path) or glob.has_magic(str(path)):
            return path
        missing = f"{path}: there is no such file or folder.{similar(path)}"
        raise click.UsageError(missing, ctx)


def similar(path: Path) -> str:
    """Return a question about a file of a similar name in the same folder."""
    try:
        others = {other.stem: other for other in sorted(path.parent.iterdir())}
    except OSError:
        return ""
    # Names that share little more than ".ndjson" are not similar.
    return did_you_mean(path.stem, others, shown_as=others.__getitem__)


recordings_argument = click.argument(
    "recordings", nargs=-1, required=True, type=ExistingPath(), metavar="RECORDINGS…"
)
"""Adds files of recordings, folders and patterns, at least one, passed as `recordings`."""
