"""What the command lines of all three packages share: one-line errors, exit codes, progress."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from digitnet.errors import DigitnetError, reason_of


def run(command: click.Command, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit: 0 done, 1 an input or a gate failed, 2 wrong usage.

    Args:
        command: a command or group; it exits with another code through ``ctx.exit(code)``.
        arguments: of the command line; None for the process's own.
    """
    name = command.name or "digitnet"
    stdout = sys.stdout
    if isinstance(stdout, io.TextIOWrapper):
        # Names of files and drawings may hold what the terminal's encoding does not have.
        stdout.reconfigure(errors="backslashreplace")
    try:
        code = command.main(arguments, prog_name=name, standalone_mode=False)
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
        # Click exits by itself where it notices first, and then has put another stdout in place.
        if sys.stdout is stdout:
            raise
        _leave_quietly()
    except OSError as error:
        _close_stdout()
        fail(
            name, f"cannot write the answer: {reason_of(error)}; make room or choose another place"
        )
    sys.exit(code if isinstance(code, int) else 0)


def _leave_quietly() -> NoReturn:
    """Exit as done: whoever read the output, such as `head`, has what it wants."""
    _close_stdout()
    sys.exit(0)


def _close_stdout() -> None:
    """Let Python not complain at exit about what it cannot write."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(name: str, message: str, *, code: int = 1) -> NoReturn:
    """Say in one line on stderr what is wrong, and exit."""
    complain(name, message)
    sys.exit(code)


def complain(name: str, message: str) -> None:
    """Say in one line on stderr what is wrong, and go on."""
    click.echo(f"{name}: {' '.join(message.split())}", err=True)


def progress(length: int, label: str, *, is_shown: bool = True, **options: Any) -> Any:
    """Make a progress bar on stderr; nothing is shown where stderr is no terminal."""
    return click.progressbar(
        length=length,
        label=label,
        file=sys.stderr,
        hidden=not (is_shown and sys.stderr.isatty()),
        show_pos=True,
        **options,
    )


data_option = click.option(
    "--data",
    envvar="DIGITNET_DATA",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds MNIST/raw; also from DIGITNET_DATA. Without: the user's cache, "
    "into which MNIST is downloaded.",
)

model_option = click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="A model's folder, or its .onnx file with its card beside it. Without: the shipped one.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
