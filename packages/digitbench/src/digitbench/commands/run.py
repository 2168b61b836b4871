"""The command ``digitbench run``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from digitbench.commands.options import (
    Number,
    check_option,
    gate_options,
    replay_options,
    selection_options,
)
from digitbench.commands.output import make_folder, write
from digitbench.replay.replayer import Setup
from digitbench.report.registry import REPORTS
from digitbench.report.report import FinishedRun, Report
from digitbench.report.table import as_table
from digitbench.report.timeline_report import open_camera
from digitbench.run import suite
from digitbench.run.gates import Gates, check, remarks
from digitbench.run.provenance import provenance
from digitbench.run.selection import Selection, select
from digitbench.run.workers import replay_all
from digitnet import Drawing, Recognizer, cli_support
from digitnet.recordings import find_recordings


def _option_of(report: Report) -> click.Option:
    is_folder = bool(report.file_in_folder)
    type_ = click.Path(file_okay=not is_folder, dir_okay=is_folder, path_type=Path)
    metavar = "DIR" if is_folder else "FILE"
    return click.Option([f"--{report.name}"], type=type_, metavar=metavar, help=report.help)


@click.command(params=[_option_of(report) for report in REPORTS])
@click.argument("recordings", nargs=-1, type=click.Path(path_type=Path), metavar="[RECORDINGS…]")
@cli_support.model_option
@click.option(
    "--jobs",
    type=click.IntRange(1, 128),
    default=1,
    metavar="N",
    help="Number of processes to replay in; the results are the same.",
)
@click.option(
    "--timeout",
    type=Number(0.01, 86_400),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Report a recording that takes longer as crashed, with the place where the app hung. "
    "Native code that hangs is only stopped with --jobs 2 or more.",
)
@click.option(
    "--trace",
    type=click.Choice(["failures", "all"]),
    default="failures",
    show_default=True,
    help="Which recordings --html shows with their replay.",
)
@check_option
@selection_options
@replay_options
@gate_options
@click.pass_context
def run(
    context: click.Context,
    /,
    recordings: tuple[Path, ...],
    model: Path | None,
    jobs: int,
    timeout: float,
    trace: str,
    checks: tuple[str, ...],
    selection: Selection,
    setup: Setup,
    gates: Gates,
    **report_paths: Path | None,
) -> None:
    """Replay recordings and check the answers; without arguments, the bundled recordings.

    RECORDINGS are .ndjson files, folders of them, and patterns such as 'saved/**/7-*.ndjson'.
    """
    files = find_recordings(recordings) if recordings else suite.bundled_recordings()
    drawings = select(suite.read(files), selection)
    recognizer = Recognizer(model, threads=1)
    setup = replace(setup, timeout=timeout)
    started = time.perf_counter()
    results = _replay(drawings, recognizer, setup, jobs, checks)
    is_complete = len(results) == len(drawings)
    summary = suite.summarize(results, time.perf_counter() - started, complete=is_complete)
    click.echo(as_table(results, summary))
    failures = check(results, summary, gates) if is_complete else [_stopped(results, drawings)]
    for sentence in [*remarks(results, gates), *failures] if is_complete else failures:
        cli_support.complain("digitbench", sentence)
    options = {
        **asdict(selection),
        **asdict(setup),
        "save_dir": str(setup.save_dir) if setup.save_dir else None,
        "recordings": [path.as_posix() for path in recordings],
        "model": str(model) if model else None,
        "jobs": jobs,
        "check": list(checks),
        "min_accuracy": dict(gates.min_accuracy),
        "max_p99_ms": gates.max_p99_ms,
        "baseline": gates.baseline.file if gates.baseline else None,
    }
    source = provenance(recognizer.model_hash, options)
    camera = open_camera(recognizer, setup)
    finished = FinishedRun(
        results, summary, failures, source, camera, gates.baseline, has_all=trace == "all"
    )
    for report in REPORTS:
        if (path := report_paths[report.name.replace("-", "_")]) is not None:
            _write_report(report, path, finished)
    context.exit(130 if not is_complete else 1 if failures else 0)


def _write_report(report: Report, path: Path, finished: FinishedRun) -> None:
    content = report.render(finished)
    if report.file_in_folder:
        path = make_folder(path) / report.file_in_folder
    write(path, content)


def _stopped(results: Sequence[suite.Result], drawings: Sequence[Drawing]) -> str:
    return f"stopped after {len(results)} of {len(drawings)} recordings"


def _replay(
    drawings: list[Drawing],
    recognizer: Recognizer,
    setup: Setup,
    jobs: int,
    checks: tuple[str, ...],
) -> list[suite.Result]:
    """Replay recordings and return the results in order; after Ctrl-C, those so far."""
    results: dict[int, suite.Result] = {}
    started = time.perf_counter()

    def rate(count: int | None) -> str | None:
        return f"{count / (time.perf_counter() - started):.0f} a second" if count else None

    bar = cli_support.progress(len(drawings), "replaying", item_show_func=rate)
    replays = replay_all(drawings, recognizer, setup, jobs, checks)
    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(replays), bar:
        for index, replayed in replays:
            results[index] = suite.judge(drawings[index], replayed)
            bar.update(1, len(results))
    return [results[index] for index in sorted(results)]
