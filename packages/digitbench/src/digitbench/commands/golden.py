"""The command ``digitbench golden``."""

from __future__ import annotations

from pathlib import Path

import click

from digitbench.checks import golden as golden_pictures
from digitbench.checks import golden_windows
from digitbench.checks.golden_sheet import as_sheet
from digitbench.checks.golden_windows import as_png
from digitbench.commands.output import prepare, write
from digitbench.replay.replayer import Replayer
from digitbench.run import suite
from digitbench.text import counted
from digitnet import Recognizer, cli_support


@click.command()
@click.option("--accept", is_flag=True, help="Make the current pictures the golden ones.")
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an image (PNG) of all differences, before and after.",
)
@click.pass_context
def golden(context: click.Context, sheet: Path | None, *, accept: bool) -> None:
    """Compare what the network sees of the bundled recordings, and a few windows of the app.

    Both are compared with golden pictures. The exit code is 1 if anything differs, unless it is
    accepted.
    """
    if sheet:
        prepare(sheet, "--sheet")
    recognizer = Recognizer(threads=1)
    drawings = suite.read_all(suite.bundled_recordings())
    pictures = golden_pictures.pictures_of(drawings, Replayer(recognizer))
    windows = golden_windows.windows_of(drawings, recognizer)
    file, folder = golden_pictures.golden_file(), golden_windows.golden_folder()
    before = golden_pictures.read_golden(file) if file.exists() or not accept else {}
    changes = golden_pictures.compare(before, pictures)
    changed = golden_windows.compare_windows(golden_windows.read_windows(folder), windows)
    for change in changes:
        cli_support.say(f"{change.name}: differs by up to {change.difference} of 255")
    for window in changed:
        cli_support.say(f"window {window.name}: differs in {counted(window.difference, 'pixel')}")
    if sheet:
        write(sheet, as_sheet(changes, changed))
    if accept:
        if changes:
            write(file, golden_pictures.as_png(pictures))
        folder.mkdir(exist_ok=True)
        for window in changed:
            write(folder / f"{window.name}.png", as_png(window.after))
    count = f"{counted(len(pictures), 'picture')} and {counted(len(windows), 'window')}"
    all_changed = len(changes) + len(changed)
    click.echo(f"{count}, {all_changed:,} changed{', accepted' * accept}", err=True)
    context.exit(1 if all_changed and not accept else 0)
