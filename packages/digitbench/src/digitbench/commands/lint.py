"""The command ``digitbench lint``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from digitbench.checks.lint import Linter
from digitbench.commands.inputs import recordings_argument
from digitbench.text import counted
from digitnet import cli_support
from digitnet.errors import RecordingError
from digitnet.recordings import find_recordings


@click.command()
@recordings_argument
@click.pass_context
def lint(context: click.Context, recordings: tuple[Path, ...]) -> None:
    """Report problems in recordings, .ndjson files or folders of them, line by line.

    Errors are lines that cannot be read, or not be replayed as intended; the exit code is 1 if
    there are any. Warnings are contents that are probably a mistake. The last line counts both.
    """
    linter = Linter()
    counts: Counter[str] = Counter()
    files = find_recordings(recordings)
    for file in files:
        try:
            for finding in linter.lint(file):
                counts[finding.level] += 1
                cli_support.say(" ".join(str(finding).split()))
        except RecordingError as error:
            counts["error"] += 1
            cli_support.complain("digitbench", str(error))
    cli_support.say(
        f"{counted(linter.recordings, 'recording')} in {counted(len(files), 'file')}: "
        f"{counted(counts['error'], 'error')}, {counted(counts['warning'], 'warning')}"
    )
    context.exit(1 if counts["error"] else 0)
