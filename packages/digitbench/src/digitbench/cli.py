"""The command ``digitbench``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from digitbench.commands.export import export
from digitbench.commands.fuzz import fuzz
from digitbench.commands.golden import golden
from digitbench.commands.import_ import import_
from digitbench.commands.lint import lint
from digitbench.commands.options import (
    Number,
    check_option,
    gate_options,
    replay_options,
    selection_options,
)
from digitbench.commands.output import make_folder, write
from digitbench.commands.perf import perf
from digitbench.commands.record import record
from digitbench.commands.show import show
from digitbench.replay.replayer import Replayer, Setup
from digitbench.report.failure_sheet import as_png
from digitbench.report.html import as_html
from digitbench.report.json import as_json
from digitbench.report.junit import as_junit
from digitbench.report.screens import photograph
from digitbench.report.table import as_table
from digitbench.run import suite
from digitbench.run.gates import Gates, check, remarks
from digitbench.run.provenance import provenance
from digitbench.run.selection import Selection, select
from digitbench.run.workers import replay_all
from digitnet import Drawing, Recognizer, cli_support
from digitnet.recordings import find_recordings


class _WithDefault(click.Group):
    """A group whose command ``run`` need not be named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in {*self.commands, "--help", "--version"}:
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(name="digitbench", cls=_WithDefault)
@click.version_option(package_name="digitbench")
def cli() -> None:
    """Replay recorded strokes through the digitdraw app, without a screen, and check the answers.

    Without a command, `run` is meant.
    """


@cli.command()
@click.argument("recordings", nargs=-1, type=click.Path(path_type=Path), metavar="[RECORDINGS…]")
@cli_support.model_option
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write a report.")
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a report that CI systems read (JUnit's XML).",
)
@click.option(
    "--html",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a report that people read, DIR/index.html.",
)
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a picture (PNG) of all that went wrong.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 128),
    default=1,
    metavar="N",
    help="Replay in so many processes; the results are the same.",
)
@click.option(
    "--timeout",
    type=Number(0.01, 86_400),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Report a recording that takes longer as crashed, with where the app hung, and go on. "
    "Native code that hangs is ended only with --jobs 2 or more.",
)
@check_option
@selection_options
@replay_options
@gate_options
@click.pass_context
def run(
    context: click.Context,
    recordings: tuple[Path, ...],
    model: Path | None,
    json_file: Path | None,
    junit: Path | None,
    html: Path | None,
    sheet: Path | None,
    jobs: int,
    timeout: float,
    checks: tuple[str, ...],
    selection: Selection,
    setup: Setup,
    gates: Gates,
) -> None:
    """Replay recordings, or without any those that are bundled.

    RECORDINGS are .ndjson files, folders of them, and patterns such as 'saved/**/7-*.ndjson'.
    """
    files = find_recordings(recordings) if recordings else suite.bundled_recordings()
    drawings = select(suite.read(files), selection)
    recognizer = Recognizer(model, threads=1)
    setup = replace(setup, timeout=timeout)
    started = time.perf_counter()
    results = _replay(drawings, recognizer, setup, jobs, checks)
    complete = len(results) == len(drawings)
    summary = suite.summarize(results, time.perf_counter() - started, complete=complete)
    click.echo(as_table(results, summary))
    failures = check(results, summary, gates) if complete else [_stopped(results, drawings)]
    for sentence in [*remarks(results, gates), *failures] if complete else failures:
        cli_support.complain("digitbench", sentence)
    options = {
        **asdict(selection),
        **asdict(setup),
        "save_dir": str(setup.save_dir) if setup.save_dir else None,
        "recordings": [path.as_posix() for path in recordings],
        "jobs": jobs,
        "check": list(checks),
        "min_accuracy": dict(gates.min_accuracy),
        "max_p99_ms": gates.max_p99_ms,
        "baseline": gates.baseline.file if gates.baseline else None,
    }
    source = provenance(recognizer.model_hash, options)
    if json_file is not None:
        write(json_file, as_json(results, summary, source, failures).encode())
    if junit is not None:
        write(junit, as_junit(results, summary, failures, source))
    if html is not None:
        # The failures are replayed once more, but for those that hung; what they save must not be
        # saved twice.
        again = replace(setup, save_dir=None, timeout=None)
        replayer = Replayer(recognizer, **asdict(again))
        camera = partial(photograph, replayer)
        page = as_html(results, summary, failures, source, camera)
        write(make_folder(html) / "index.html", page.encode())
    if sheet is not None:
        write(sheet, as_png(results))
    context.exit(130 if not complete else 1 if failures else 0)


def _stopped(results: Sequence[suite.Result], drawings: Sequence[Drawing]) -> str:
    return f"stopped after {len(results)} of {len(drawings)} recordings"


def _replay(
    drawings: list[Drawing],
    recognizer: Recognizer,
    setup: Setup,
    jobs: int,
    checks: tuple[str, ...],
) -> list[suite.Result]:
    """Replay recordings, in their order; Ctrl-C ends with what is known so far."""
    known: dict[int, suite.Result] = {}
    started = time.perf_counter()

    def rate(count: int | None) -> str | None:
        return f"{count / (time.perf_counter() - started):.0f} a second" if count else None

    bar = cli_support.progress(len(drawings), "replaying", item_show_func=rate)
    replays = replay_all(drawings, recognizer, setup, jobs, checks)
    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(replays), bar:
        for index, replayed in replays:
            known[index] = suite.judge(drawings[index], replayed)
            bar.update(1, len(known))
    return [known[index] for index in sorted(known)]


cli.add_command(show)
cli.add_command(record)
cli.add_command(import_)
cli.add_command(export)
cli.add_command(lint)
cli.add_command(fuzz)
cli.add_command(golden)
cli.add_command(perf)


def main() -> NoReturn:
    """Run the command line."""
    cli_support.run(cli)
