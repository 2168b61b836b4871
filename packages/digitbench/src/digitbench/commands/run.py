"""The command ``digitbench run``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import click

from digitbench.commands.inputs import ExistingPath
from digitbench.commands.options import (
    Number,
    check_option,
    gate_options,
    replay_options,
    selection_options,
)
from digitbench.commands.reports import prepare_reports, report_options, write_reports
from digitbench.replay.replayer import Setup
from digitbench.report.report import FinishedRun, Report
from digitbench.report.table import as_table
from digitbench.report.timeline_report import open_camera
from digitbench.run import suite
from digitbench.run.gates import Gates
from digitbench.run.provenance import provenance
from digitbench.run.selection import Selection, select
from digitbench.run.verdict import reach_verdict, remarks, stopped
from digitbench.run.workers import replay_all
from digitnet import Drawing, Recognizer, cli_support
from digitnet.recordings import find_recordings


@click.command()
@click.argument("recordings", nargs=-1, type=ExistingPath(), metavar="[RECORDINGS…]")
@report_options
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
    reports: Mapping[Report, Path],
    *,
    no_fail: bool,
) -> None:
    """Replay recordings and check the answers; without arguments, the bundled recordings.

    RECORDINGS are .ndjson files, folders of them, and patterns such as 'saved/**/7-*.ndjson'.

    The run fails, with exit code 1, if any recording is not right, or if half of the answers come
    later than 100 ms. --min-accuracy and --baseline allow wrong answers, --max-p99-ms sets another
    time, but none allows crashes or violated checks; --no-fail allows everything. The last line
    says "passed", or "FAILED" and why; every report agrees with it.
    """
    files = find_recordings(recordings) if recordings else suite.bundled_recordings()
    drawings = select(suite.read(files), selection)
    recognizer = Recognizer(model, threads=1)
    if reports:
        prepare_reports(reports, files)
    setup = replace(setup, timeout=timeout)
    started = time.perf_counter()
    results = _replay(drawings, recognizer, setup, jobs, checks)
    is_complete = len(results) == len(drawings)
    summary = suite.summarize(results, time.perf_counter() - started, complete=is_complete)
    if is_complete:
        verdict = reach_verdict(results, summary, gates, no_fail=no_fail)
        notes = remarks(results, gates)
    else:
        verdict, notes = stopped(results, len(drawings)), []
    if results:
        cli_support.say(as_table(results, summary) + "\n")
    for sentence in [*notes, *verdict.failures]:
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
        "no_fail": no_fail,
    }
    source = provenance(recognizer.model_hash, options)
    camera = open_camera(recognizer, setup)
    finished = FinishedRun(
        results, summary, verdict, source, camera, gates.baseline, has_all=trace == "all"
    )
    are_written = not reports or write_reports(reports, finished)
    cli_support.say(verdict.line if are_written or not verdict.passed else "FAILED: reports")
    context.exit(130 if not is_complete else 0 if verdict.passed and are_written else 1)


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
