"""Shared by the command lines of all packages: one-line errors, exit codes, progress, options."""

from __future__ import annotations

import difflib
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

import click

from digitnet.errors import DigitnetError, reason_of

CONTEXT = {"help_option_names": ["-h", "--help"]}
"""Settings of the commands that `run` runs, which their subcommands inherit."""


def run(command: click.Command, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit: 0 for success, 1 for a failed input or gate, 2 for wrong usage.

    Args:
        command: a command or group; it can exit with another code through ``ctx.exit(code)``.
        arguments: of the command line; None for the process's own.
    """
    name = command.name or "digitnet"
    stdout = sys.stdout
    if isinstance(stdout, io.TextIOWrapper):
        # Names of files and drawings may hold characters that the terminal cannot encode.
        stdout.reconfigure(errors="backslashreplace")
    try:
        code = command.main(arguments, prog_name=name, standalone_mode=False)
        if sys.stdout:  # None if it was closed before the program started
            sys.stdout.flush()
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else name
        fail(name, f"{error.format_message()} See '{path} --help'.", code=2)
    except click.ClickException as error:
        fail(name, error.format_message())
    except DigitnetError as error:
        fail(name, str(error))
    except (click.Abort, KeyboardInterrupt):
        fail(name, "stopped", code=130)
    except BrokenPipeError:
        _leave_quietly()
    except SystemExit:
        # If click notices the broken pipe first, it replaces stdout and exits by itself.
        if sys.stdout is stdout:
            raise
        _leave_quietly()
    except OSError as error:
        _silence(sys.stdout)
        fail(
            name, f"cannot write the output: {reason_of(error)}; free some space or write elsewhere"
        )
    sys.exit(code if isinstance(code, int) else 0)


def _leave_quietly() -> NoReturn:
    """Exit successfully: the reader of the output, such as `head`, has all it wants."""
    _silence(sys.stdout)
    sys.exit(0)


def _silence(stream: IO[str]) -> None:
    """Discard what is still written to stdout or stderr, also by Python when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def say(message: str, **options: Any) -> None:
    """Print a line to stdout, and continue even if its reader, such as `head`, has left.

    It is for commands that do more than print: their files and exit code don't depend on a reader.

    Args:
        message: what to print.
        options: of `click.echo`.
    """
    try:
        click.echo(message, **options)
    except BrokenPipeError:
        _silence(sys.stdout)


def fail(name: str, message: str, *, code: int = 1) -> NoReturn:
    """Print a one-line error to stderr and exit."""
    complain(name, message)
    sys.exit(code)


def complain(name: str, message: str) -> None:
    """Print a one-line error to stderr and continue, even if nobody can read it."""
    try:
        click.echo(f"{name}: {' '.join(message.split())}", err=True)
    except BrokenPipeError:
        _silence(sys.stderr)


def did_you_mean(
    word: str, known: Iterable[str], *, shown_as: Callable[[str], object] = str
) -> str:
    """Return a question about the known word that is most like a mistyped one; "" if none is.

    Args:
        word: what was typed.
        known: what can be meant.
        shown_as: returns what a known word stands for in the question.

    >>> did_you_mean("rnu", ["run", "record"])
    " Did you mean 'run'?"
    """
    similar = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean '{shown_as(similar[0])}'?" if similar else ""


def progress(length: int, label: str, *, is_shown: bool = True, **options: Any) -> Any:
    """Return a progress bar on stderr, which is hidden if stderr is not a terminal."""
    return click.progressbar(
        length=length,
        label=label,
        file=sys.stderr,
        hidden=not (is_shown and sys.stderr and sys.stderr.isatty()),
        show_pos=True,
        **options,
    )


data_option = click.option(
    "--data",
    envvar="DIGITNET_DATA",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with MNIST/raw; also from DIGITNET_DATA. Default: the user's cache, "
    "to which MNIST is downloaded.",
)

model_option = click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="A model's folder, or its .onnx file next to its manifest. Default: the shipped model.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
