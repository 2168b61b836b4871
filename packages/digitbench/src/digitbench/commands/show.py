"""The command ``digitbench show``."""

from __future__ import annotations

import io
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import click

from digitbench.checks.inspector import Inspector
from digitbench.commands.inputs import similar
from digitbench.commands.options import replay_options
from digitbench.commands.output import prepare, write
from digitbench.replay.replayer import Replayer, Setup
from digitbench.report.braille import CHARACTERS, draw_board
from digitbench.report.command import command_for
from digitbench.report.contact_sheet import as_contact_sheet
from digitbench.report.screens import screenshot
from digitbench.report.timeline_report import TimelineReport, open_camera, timeline_report
from digitbench.report.trace_page import trace_html
from digitbench.run import suite
from digitbench.run.suite import CORRECT
from digitbench.text import last_line, printable
from digitnet import Drawing, Recognizer, cli_support
from digitnet.errors import RecordingError
from digitnet.recordings import find_recordings

_PAGES = (".html", ".htm")
_WIDEST = 120  # columns; a wider board would be higher than most screens


@click.command()
@click.argument("recording")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a picture (PNG) of the app at the end, or, if the name ends in .html, a page with "
    "the replay to scrub through, instead of showing the session in the terminal.",
)
@click.option("--film", is_flag=True, help="Write a contact sheet of all moments instead.")
@click.option(
    "--frames",
    type=click.IntRange(1, 200),
    default=24,
    show_default=True,
    metavar="N",
    help="Maximum number of moments on a contact sheet or in a page, evenly spaced.",
)
@replay_options
@cli_support.model_option
def show(
    recording: str, out: Path | None, frames: int, setup: Setup, model: Path | None, *, film: bool
) -> None:
    """Replay one recording and show it: the board, and what was done and read when.

    RECORDING is the key_id of a bundled recording, FILE:KEY_ID, or a file, whose first recording is
    shown.
    """
    if film and out is None:
        raise click.UsageError("--film writes a picture; name its file with --out.")
    is_page = out is not None and out.suffix.lower() in _PAGES
    if film and is_page:
        raise click.UsageError("--film writes a picture; name it .png, or leave out --film.")
    drawing = _find(recording)
    if out is not None:
        prepare(out, "--out")
    if out is not None and is_page:
        _write_page(out, drawing, frames, setup, model)
        return
    replayer = Replayer(Recognizer(model, threads=1), **asdict(setup))
    report = timeline_report(replayer, drawing, frames if film else 0)
    crash = report.result.replayed.error
    if out is None:
        _print(report)
    elif film and report.moments:
        write(out, as_contact_sheet(report))
    elif not crash:
        png = io.BytesIO()
        screenshot(replayer.surface).save(png, "PNG")
        write(out, png.getvalue())
    _finish(out, drawing, crash)


def _write_page(out: Path, drawing: Drawing, frames: int, setup: Setup, model: Path | None) -> None:
    """Replay a recording with the checks that `run` makes, and write the page of its trace."""
    recognizer = Recognizer(model, threads=1)
    result = suite.judge(drawing, Inspector(recognizer, setup).inspect(drawing))
    camera = open_camera(recognizer, setup)
    command = command_for(drawing, {**asdict(setup), "model": model})
    write(out, trace_html(result, camera, pictures=frames, command=command))
    _finish(out, drawing, result.replayed.error)


def _finish(out: Path | None, drawing: Drawing, crash: str) -> None:
    """Say what was written, or fail if the app crashed."""
    if crash:
        raise click.ClickException(f"{drawing.key_id}: the app crashed: {last_line(crash)}")
    if out is not None:
        click.echo(f"{out}: {drawing.key_id}")


def _print(report: TimelineReport) -> None:
    """Print the board at the end, a line for each moment, and the outcome."""
    # Click leaves out colours by itself if stdout is not a terminal.
    color = False if os.environ.get("NO_COLOR") else None
    columns = min(shutil.get_terminal_size().columns, _WIDEST)
    board = draw_board(report.board, columns, is_ascii=not _can_show(CHARACTERS))
    cli_support.say(board)
    widest = max((len(moment.deed) for moment in report.moments), default=0)
    for moment in report.moments:
        time = click.style(f"{moment.at / 1000:8.2f} s", dim=True)
        cli_support.say(f"{time}  {moment.deed:<{widest}}  {moment.reading}", color=color)
    mark = click.style(
        printable(report.result.verdict),
        fg="green" if report.result.outcome == CORRECT else "red",
        bold=True,
    )
    cli_support.say(f"{printable(report.result.key_id)}: {mark}", color=color)


def _can_show(characters: str) -> bool:
    try:
        characters.encode((sys.stdout and sys.stdout.encoding) or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _find(recording: str) -> Drawing:
    file, _, key_id = recording.rpartition(":")
    if Path(recording).exists():
        files, key_id = find_recordings([Path(recording)]), ""
    elif file and Path(file).exists():
        files = find_recordings([Path(file)])
    else:
        files, key_id = suite.bundled_recordings(), recording
    names = []
    for drawing in suite.read(files):
        if key_id in ("", drawing.key_id):
            return drawing
        names.append(drawing.key_id)
    if not names:
        raise RecordingError(f"{recording}: holds no recordings; choose another file")
    question = cli_support.did_you_mean(key_id, names) or similar(Path(recording))
    raise click.UsageError(
        f"{recording}: there is no such recording; name a file or a key_id.{question}"
    )
