"""The command ``digitbench perf``."""

from __future__ import annotations

from pathlib import Path

import click

from digitbench.commands.output import write
from digitbench.perf.benchmark import Benchmark, Plan
from digitbench.perf.json import as_json, read_earlier
from digitbench.perf.table import as_table
from digitbench.run import suite
from digitbench.run.provenance import provenance
from digitnet import cli_support


@click.command()
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures, and where they come from.",
)
@click.option(
    "--compare",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with a report of --json.",
)
@click.option(
    "--repeats",
    type=click.IntRange(1),
    default=Plan.repeats,
    show_default=True,
    metavar="N",
    help="Repeat each measurement N times; the table shows the median.",
)
@cli_support.model_option
def perf(json_file: Path | None, compare: Path | None, repeats: int, model: Path | None) -> None:
    """Measure the speed and memory of the app and the recognizer, on the bundled recordings.

    Other work on the machine affects the figures, so leave it idle.
    """
    if json_file and not json_file.parent.is_dir():  # report this before measuring for minutes
        raise click.UsageError(f"--json: {json_file.parent} is not a folder; choose another place.")
    earlier = read_earlier(compare) if compare else None
    drawings = suite.read_all(suite.bundled_recordings())
    plan = Plan(repeats=repeats)
    benchmark = Benchmark(plan, drawings, model)
    bar = cli_support.progress(plan.steps, "measuring", item_show_func=lambda name: name)
    with bar:
        for name in benchmark.run():
            bar.update(1, name)
    figures = benchmark.figures()
    click.echo(as_table(figures, earlier.figures if earlier else None))
    options = {"repeats": repeats, "digits": plan.digits, "recordings": len(drawings)}
    source = provenance(benchmark.recognizer.model_hash, options)
    if earlier and (differences := earlier.differences(source)):
        cli_support.complain(
            "digitbench", f"{earlier.file}: was measured with another {', '.join(differences)}"
        )
    if json_file is not None:
        write(json_file, as_json(figures, source).encode())
