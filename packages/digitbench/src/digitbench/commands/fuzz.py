"""The command ``digitbench fuzz``."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digitbench.checks.inspector import Inspector
from digitbench.commands.output import force_option, prepare
from digitbench.replay.replayer import Setup
from digitbench.run import suite
from digitbench.text import counted
from digitnet import Recognizer, cli_support, write_drawings

if TYPE_CHECKING:
    from digitbench.fuzz.campaign import Campaign, Failure


@click.command()
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    metavar="S",
    help="Seed of all random choices; the same seed makes the same sessions.",
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    default=3000,
    show_default=True,
    metavar="N",
    help="Stop after N steps, over all sessions.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Folder for the recording of a failure, fuzz-S.ndjson; by default the current one. An "
    "existing recording is only replaced with --force.",
)
@force_option
@click.option(
    "--no-shrink",
    is_flag=True,
    help="Report a failure at once, and not with the fewest and simplest steps.",
)
@cli_support.model_option
@click.pass_context
def fuzz(
    context: click.Context,
    seed: int,
    steps: int,
    out: Path,
    model: Path | None,
    *,
    force: bool,
    no_shrink: bool,
) -> None:
    """Use the app at random, and compare it with a simple model of what it must do.

    A failure is reduced to the fewest and simplest steps, printed, and written as a recording that
    `digitbench run` replays, if a recording is enough to show it.
    """
    from digitbench.fuzz.run import fuzz as run  # Hypothesis takes a while to load

    recording = out / f"fuzz-{seed}.ndjson"
    prepare(recording, "--out", replace=force)
    recognizer = Recognizer(model, threads=1)
    started = time.perf_counter()
    bar = cli_support.progress(steps, "using the app")

    def report(campaign: Campaign) -> None:
        bar.update(campaign.steps - bar.pos)

    with bar:
        campaign = run(recognizer, seed_=seed, steps=steps, shrink=not no_shrink, report=report)
    cli_support.say(
        f"{counted(campaign.sessions, 'session')}, {counted(campaign.steps, 'step')}, "
        f"{counted(campaign.events, 'event')} in {time.perf_counter() - started:.1f} s"
    )
    if campaign.failure:
        _report_failure(campaign.failure, seed, steps, recording, recognizer)
    if not campaign.is_complete:
        cli_support.complain("digitbench", "stopped before the end")
    context.exit(1 if campaign.failure else 130 if not campaign.is_complete else 0)


def _report_failure(
    failure: Failure, seed: int, steps: int, path: Path, recognizer: Recognizer
) -> None:
    """Print a failure, write its recording, and say how to see it again."""
    count = counted(len(failure.steps), "step")
    cli_support.say(f"Seed {seed} fails in {count}: {failure.message}")
    for number, step in enumerate(failure.steps, 1):
        cli_support.say(f"{number:3}. {step}")
    if failure.recording is None:
        cli_support.complain("digitbench", "the app could not record this session")
        return
    extra = {"failure": failure.message, "steps": list(failure.steps)}
    write_drawings(path, [replace(failure.recording, key_id=path.stem, extra=extra)])
    for options, setup in _REPLAYS.items():
        if _fails_again(path, Inspector(recognizer, setup)):
            cli_support.say(f"Replay it with: digitbench run {options}{path}")
            return
    cli_support.say(
        f"{path}: its replay passes, so a recording does not hold what matters here; repeat the "
        f"session with: digitbench fuzz --seed {seed} --steps {steps}"
    )


_REPLAYS = {"": Setup(), "--every-frame ": Setup(every_frame=True)}
"""How a recording may show a failure, by the options that replay it so."""


def _fails_again(path: Path, inspector: Inspector) -> bool:
    """Whether a replay of the recordings in a file fails, as ``digitbench run`` judges it."""
    results = (suite.judge(drawing, inspector.inspect(drawing)) for drawing in suite.read([path]))
    return not all(result.is_right for result in results)
