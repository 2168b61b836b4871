"""The command ``digitnet predict``."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from digitnet import cli_support
from digitnet.cli.inputs import count_inputs, find_inputs, read_inputs
from digitnet.cli.output import HEADER, json_line, make_folder, table_row, write_network_inputs
from digitnet.errors import ArgumentError, DigitnetError
from digitnet.expected import Expected
from digitnet.preprocessing.sources import Source
from digitnet.recognizer import Recognizer
from digitnet.recordings.finder import STDIN
from digitnet.runtime import BATCH

# Progress is shown from this many inputs.
_MANY = 100

# Clears the terminal's line, so that an error can replace the progress bar.
_ERASE = "\r\x1b[K"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@cli_support.json_option
@click.option(
    "--top",
    type=click.IntRange(1, 10),
    metavar="K",
    help="Show the K likeliest labels of each digit; in JSON, also the K likeliest texts.",
)
@click.option(
    "--digits",
    type=int,
    metavar="1",
    help="1 for cells that hold one digit or none: whatever else is there is left out.",
)
@click.option("--allowed", metavar="DIGITS", help="The digits that can occur, such as 123456789.")
@click.option(
    "--save-seen",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the 28x28 images that the network saw.",
)
@cli_support.model_option
@click.pass_context
def predict(
    context: click.Context,
    files: tuple[str, ...],
    *,
    as_json: bool,
    top: int | None,
    digits: int | None,
    allowed: str | None,
    save_seen: Path | None,
    model: Path | None,
) -> None:
    """Read the digits of images and recordings (.ndjson).

    FILE is a file, a folder with such files at any depth, a pattern such as 'scans/**/*.png', or
    - for an image or recordings on standard input.

    A digit followed by ? is probably not a digit. Files that cannot be read are reported on stderr
    and do not stop the others; the exit code is then 1.
    """
    try:
        Expected(digits, allowed)
    except ArgumentError as error:
        raise click.UsageError(f"{error}.") from None
    recognizer = Recognizer(model)
    if save_seen is not None:
        make_folder(save_seen)
    names: deque[str] = deque()
    # Piped input may arrive slowly, so each drawing is answered as soon as it is read.
    answers = recognizer.attempt_many(
        _sources(files, names),
        digits=digits,
        allowed=allowed,
        batch=1 if STDIN in files else BATCH,
    )
    has_header, failed = as_json, False
    with _progress(files) as bar:
        for answer in answers:
            name = names.popleft()
            if isinstance(answer, DigitnetError):
                failed = True
                if not bar.hidden:
                    click.echo(_ERASE, err=True, nl=False)
                cli_support.complain("digitnet", str(answer))
            else:
                if not has_header:
                    click.echo(HEADER)
                    has_header = True
                click.echo((json_line if as_json else table_row)(name, answer, top=top or 0))
                if save_seen is not None:
                    write_network_inputs(save_seen, name, answer)
            bar.update(1)
    context.exit(1 if failed else 0)


def _sources(files: tuple[str, ...], names: deque[str]) -> Iterator[Source | DigitnetError]:
    """Yield the sources in the files, or the errors, and append the name of each to `names`."""
    for file in find_inputs(files):
        try:
            if isinstance(file, DigitnetError):
                raise file
            for entry in read_inputs(file):
                names.append(entry.name)
                yield entry.source
        except DigitnetError as error:
            names.append("")
            yield error


def _progress(files: tuple[str, ...]) -> Any:
    """Return a progress bar, which is hidden if the answers themselves show the progress."""
    has_streams = bool(sys.stderr and sys.stdout)  # None if closed before the program started
    is_terminal = has_streams and sys.stderr.isatty() and not sys.stdout.isatty()
    is_wanted = is_terminal and STDIN not in files
    count = count_inputs(files) if is_wanted else 0
    return cli_support.progress(count, "reading", is_shown=count >= _MANY)
