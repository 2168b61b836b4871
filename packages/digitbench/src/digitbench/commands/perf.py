"""The command ``digitbench perf``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from digitbench.commands.inputs import ExistingPath
from digitbench.commands.output import prepare, write
from digitbench.perf.benchmark import Benchmark, Plan
from digitbench.perf.json import as_json, read_earlier
from digitbench.perf.slower import slower
from digitbench.perf.table import as_table
from digitbench.run import suite
from digitbench.run.provenance import provenance
from digitnet import cli_support


def _share(_context: click.Context, _option: click.Parameter, text: str | None) -> float | None:
    """Parse a text such as 10% to a share such as 0.1."""
    if text is None:
        return None
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)%", text)
    if match is None:
        raise click.BadParameter(f"{text!r} is not a percentage; use for example 10%.")
    return float(match[1]) / 100


@click.command()
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures, and where they come from.",
)
@click.option(
    "--compare",
    type=ExistingPath(),
    metavar="FILE",
    help="Compare with a report of --json.",
)
@click.option(
    "--fail-if-slower",
    callback=_share,
    metavar="PERCENT",
    help="With --compare: fail, with exit code 1, if anything takes longer by more than this, for "
    "example 10%. Differences that are not significant don't count, nor does memory.",
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
@click.pass_context
def perf(
    context: click.Context,
    json_file: Path | None,
    compare: Path | None,
    fail_if_slower: float | None,
    repeats: int,
    model: Path | None,
) -> None:
    """Measure the speed and memory of the app and the recognizer, on the bundled recordings.

    Other work on the machine affects the figures, so leave it idle.
    """
    if fail_if_slower is not None and compare is None:
        raise click.UsageError("--fail-if-slower needs an earlier report; name it with --compare.")
    earlier = read_earlier(compare) if compare else None
    if json_file is not None:
        prepare(json_file, "--json")
    drawings = suite.read_all(suite.bundled_recordings())
    plan = Plan(repeats=repeats)
    benchmark = Benchmark(plan, drawings, model)
    bar = cli_support.progress(plan.steps, "measuring", item_show_func=lambda name: name)
    with bar:
        for name in benchmark.run():
            bar.update(1, name)
    figures = benchmark.figures()
    cli_support.say(as_table(figures, earlier.figures if earlier else None))
    options = {"repeats": repeats, "digits": plan.digits, "recordings": len(drawings)}
    source = provenance(benchmark.recognizer.model_hash, options)
    if earlier and (differences := earlier.differences(source)):
        cli_support.complain(
            "digitbench", f"{earlier.file}: was measured with another {', '.join(differences)}"
        )
    if json_file is not None:
        write(json_file, as_json(figures, source).encode())
    if earlier and fail_if_slower is not None:
        sentences = slower(figures, earlier, fail_if_slower)
        for sentence in sentences:
            cli_support.complain("digitbench", sentence)
        cli_support.say("FAILED: slower" if sentences else "passed")
        context.exit(1 if sentences else 0)
