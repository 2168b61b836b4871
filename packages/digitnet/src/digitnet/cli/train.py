"""The command ``digitnet train``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from digitnet import cli_support
from digitnet.cli.options import device_option, given, import_training, out_option, seed_option

PRESETS = ("release", "quick")


@click.command()
@cli_support.data_option
@out_option
@click.option(
    "--ink",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Recordings (.ndjson) to train on in addition to MNIST; can be given more than once.",
)
@click.option(
    "--preset",
    type=click.Choice(PRESETS),
    default=PRESETS[0],
    help="Defaults for the other options: release, or quick, which trains a small network in "
    "seconds, for lessons and for trying out ideas.",
)
@click.option("--epochs", type=click.IntRange(1), help="Passes over the data.")
@click.option("--batch-size", type=click.IntRange(1), help="Images per step, over all processes.")
@click.option(
    "--learning-rate", type=click.FloatRange(0, 1, min_open=True), help="Peak learning rate."
)
@seed_option
@click.option(
    "--threads", type=click.IntRange(1), help="Threads per process. Default: PyTorch's choice."
)
@click.option("--limit", type=click.IntRange(10), help="Use only this many MNIST images.")
@device_option
@click.option(
    "--resume/--restart",
    default=True,
    help="Continue a run that was interrupted in --out (the default), or start over.",
)
def train(
    data: Path | None,
    out: Path,
    ink: tuple[Path, ...],
    preset: str,
    limit: int | None,
    device: str,
    *,
    resume: bool,
    **chosen: float | None,
) -> None:
    """Train a model on MNIST, and on recordings if given, and write it to a folder.

    The folder also gets log.csv, curves.png and confusion.png. Repeat the same command to continue
    a run that was killed; the resulting model is the same. To train with several processes, on one
    machine or more: torchrun --nproc-per-node 2 -m digitnet train ….
    """
    config = replace(import_training("config").PRESETS[preset], **given(chosen))
    pipeline = import_training("pipeline")
    pipeline.train(config, data, ink, out, limit=limit, device=device, restart=not resume)
