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
from digitnet.cli.output import HEAD, json_line, make_folder, table_row, write_seen
from digitnet.errors import DigitnetError
from digitnet.preprocessing.sources import Source
from digitnet.recognizer import Recognizer
from digitnet.recordings.finder import STDIN
from digitnet.runtime import BATCH

# From so many inputs on, a person wants to know how long it will take.
_MANY = 100

# Takes what stands in the terminal's line away, for an error to stand there.
_ERASE = "\r\x1b[K"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@cli_support.json_option
@click.option(
    "--top",
    type=click.IntRange(1, 10),
    metavar="K",
    help="Tell the K likeliest labels of each digit.",
)
@click.option(
    "--save-seen",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the 28x28 pictures that the network saw.",
)
@cli_support.model_option
@click.pass_context
def predict(
    context: click.Context,
    files: tuple[str, ...],
    *,
    as_json: bool,
    top: int | None,
    save_seen: Path | None,
    model: Path | None,
) -> None:
    """Read pictures and recordings (.ndjson).

    FILE is a file, a folder with such files at any depth, a pattern such as 'scans/**/*.png', or
    - for a picture or recordings on standard input.

    A digit with ? is doubtful: the ink is likely none. What cannot be read is told on stderr and
    does not stop the rest; the exit code is then 1.
    """
    recognizer = Recognizer(model)
    if save_seen is not None:
        make_folder(save_seen)
    names: deque[str] = deque()
    # What is piped in may come slowly, and each answer is wanted as soon as it can be had.
    answers = recognizer.attempt_many(_sources(files, names), batch=1 if STDIN in files else BATCH)
    has_head, failed = as_json, False
    with _progress(files) as bar:
        for answer in answers:
            name = names.popleft()
            if isinstance(answer, DigitnetError):
                failed = True
                if not bar.hidden:
                    click.echo(_ERASE, err=True, nl=False)
                cli_support.complain("digitnet", str(answer))
            else:
                if not has_head:
                    click.echo(HEAD)
                    has_head = True
                click.echo((json_line if as_json else table_row)(name, answer, top=top or 0))
                if save_seen is not None:
                    write_seen(save_seen, name, answer)
            bar.update(1)
    context.exit(1 if failed else 0)


def _sources(files: tuple[str, ...], names: deque[str]) -> Iterator[Source | DigitnetError]:
    """Give what the files hold, or why not, and put down in `names` what each is called."""
    for file in find_inputs(files):
        try:
            if isinstance(file, DigitnetError):
                raise file
            for found in read_inputs(file):
                names.append(found.name)
                yield found.source
        except DigitnetError as error:
            names.append("")
            yield error


def _progress(files: tuple[str, ...]) -> Any:
    """Make a bar, which is shown where the answers themselves do not show how far it is."""
    is_wanted = sys.stderr.isatty() and not sys.stdout.isatty() and STDIN not in files
    count = count_inputs(files) if is_wanted else 0
    return cli_support.progress(count, "reading", is_shown=count >= _MANY)
