"""The command ``digitbench golden``."""

from __future__ import annotations

from pathlib import Path

import click

from digitbench.checks import golden as pictures
from digitbench.commands.output import write
from digitbench.replay.replayer import Replayer
from digitbench.run import suite
from digitnet import Recognizer


@click.command()
@click.option("--accept", is_flag=True, help="Make the current pictures the golden ones.")
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an image (PNG) of all differences, before and after.",
)
@click.pass_context
def golden(context: click.Context, sheet: Path | None, *, accept: bool) -> None:
    """Compare what the network sees of the bundled recordings with the golden pictures.

    The exit code is 1 if anything differs, unless it is accepted.
    """
    drawings = suite.read_all(suite.bundled_recordings())
    now = pictures.pictures_of(drawings, Replayer(Recognizer(threads=1)))
    file = pictures.golden_file()
    before = pictures.read_golden(file) if file.exists() or not accept else {}
    changes = pictures.compare(before, now)
    for change in changes:
        click.echo(f"{change.name}: differs by up to {change.difference} of 255")
    if sheet:
        write(sheet, pictures.as_sheet(changes))
    if accept:
        write(file, pictures.as_png(now))
    click.echo(f"{len(now):,} pictures, {len(changes):,} changed{', accepted' * accept}", err=True)
    context.exit(1 if changes and not accept else 0)
