"""Files that commands write: checked before the work begins, and written at its end."""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from digitnet.errors import reason_of
from digitnet.files import is_stream, write_atomically


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


def prepare(path: Path, option: str, *, replace: bool = True) -> None:
    """Make the folder of a file, and check that the file can be written, before it is.

    Args:
        path: the file.
        option: the option that names it, for the messages.
        replace: whether an existing file may be replaced.

    Raises:
        UsageError: the file exists and must not be replaced, or it cannot be written.
    """
    if is_stream(path):
        return  # opening a pipe would wait for its reader
    with _refused(path, option):
        exists = _exists(path)
        if not exists:
            path.parent.mkdir(parents=True, exist_ok=True)
        _try_to_write_in(Path(os.path.realpath(path)).parent)
    if exists and not replace:
        raise click.UsageError(
            f"{option}: {path} already exists; name a new file, or replace it with --force."
        )


def prepare_folder(path: Path, option: str) -> None:
    """Make a folder, and check that files can be written in it.

    Args:
        path: the folder.
        option: the option that names it, for the messages.

    Raises:
        UsageError: it cannot be made, or cannot be written in.
    """
    with _refused(path, option):
        path.mkdir(parents=True, exist_ok=True)
        _try_to_write_in(path)


@contextlib.contextmanager
def _refused(path: Path, option: str) -> Iterator[None]:
    """Turn an error of the file system into one of usage."""
    try:
        yield
    except OSError as error:
        reason = reason_of(error)
        raise click.UsageError(
            f"{option}: {path} cannot be written: {reason}; choose another place."
        ) from None


def _try_to_write_in(folder: Path) -> None:
    # What permissions say is not enough: a file system may be full or read-only.
    with tempfile.NamedTemporaryFile(dir=folder, prefix="."):
        pass


def _exists(path: Path) -> bool:
    """Whether a file exists.

    Raises:
        OSError: there cannot be one: its name is too long, or what should be its folder is none.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


force_option = click.option("--force", is_flag=True, help="Replace the file if it exists.")
"""Adds the option --force, for commands that otherwise never overwrite."""


def new_file_option(help_: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that adds --out and --force, passed as `out`.

    The file can be written, and does not exist unless --force is given.

    Args:
        help_: the help text of --out.
    """

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        @click.option(
            "--out",
            required=True,
            type=click.Path(dir_okay=False, path_type=Path),
            help=f"{help_} An existing one is only replaced with --force.",
        )
        @force_option
        @functools.wraps(command)
        def with_out(*arguments: Any, out: Path, force: bool, **others: Any) -> Any:
            prepare(out, "--out", replace=force)
            return command(*arguments, out=out, **others)

        return with_out

    return add
