"""The command ``digitbench perf``."""

from __future__ import annotations

from pathlib import Path

import click

from digitbench.commands.output import write
from digitbench.perf.report import as_json, read_earlier
from digitbench.perf.run import Plan, Run
from digitbench.perf.table import as_table
from digitbench.run import suite
from digitbench.run.provenance import provenance
from digitnet import cli_support


@click.command()
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures, with where they are from.",
)
@click.option(
    "--compare",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with this report of --json.",
)
@click.option(
    "--repeats",
    type=click.IntRange(1),
    default=Plan.repeats,
    show_default=True,
    metavar="N",
    help="Take each measure so often; the table shows the median.",
)
@click.option(
    "--digits",
    type=click.IntRange(1),
    default=Plan.digits,
    show_default=True,
    metavar="N",
    help="Draw so many digits to see what memory that takes.",
)
@cli_support.model_option
def perf(
    json_file: Path | None, compare: Path | None, repeats: int, digits: int, model: Path | None
) -> None:
    """Measure how fast app and recogniser are, and how much memory they take.

    Recordings are those that are bundled. What else the machine does is measured as well: let it
    do nothing.
    """
    if json_file and not json_file.parent.is_dir():  # which is better known before all is measured
        raise click.UsageError(f"--json: {json_file.parent} is no folder; choose another place.")
    earlier = read_earlier(compare) if compare else None
    drawings = suite.read_all(suite.bundled_recordings())
    plan = Plan(repeats=repeats, digits=digits)
    run = Run(plan, drawings, model)
    bar = cli_support.progress(plan.steps, "measuring", item_show_func=lambda name: name)
    with bar:
        for name in run.measure():
            bar.update(1, name)
    figures = run.figures()
    click.echo(as_table(figures, earlier.figures if earlier else None))
    options = {"repeats": repeats, "digits": digits, "recordings": len(drawings)}
    source = provenance(run.recognizer.model_hash, options)
    if earlier and (differences := earlier.differences(source)):
        cli_support.complain(
            "digitbench", f"{earlier.file}: was measured with another {', '.join(differences)}"
        )
    if json_file is not None:
        write(json_file, as_json(figures, source).encode())
