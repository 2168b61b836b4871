"""The commands of digitnet that need PyTorch once they are run: train, finetune, evaluate."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from digitnet import cli_support
from digitnet.errors import DataError
from digitnet.recognizer import Recognizer

DEVICES = ("auto", "cuda", "mps", "cpu")
PRESETS = ("release", "quick")

device_option = click.option(
    "--device",
    type=click.Choice(DEVICES),
    default=DEVICES[0],
    help="Where to train. Auto, the default, takes the first of cuda, mps and cpu that is there.",
)


@click.command()
@cli_support.data_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="For the model."
)
@click.option(
    "--ink",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Recordings (.ndjson) to train on beside MNIST; may be given several times.",
)
@click.option(
    "--preset",
    type=click.Choice(PRESETS),
    default=PRESETS[0],
    help="What holds where no other option is given: release, the default, or quick, which trains "
    "a small network in seconds, for lessons and for trying ideas.",
)
@click.option("--epochs", type=click.IntRange(1), help="Passes over the data.")
@click.option("--batch-size", type=click.IntRange(1), help="Pictures a step, of all processes.")
@click.option("--learning-rate", type=click.FloatRange(0, 1, min_open=True), help="Its highest.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of all that chance decides.")
@click.option("--threads", type=click.IntRange(1), help="Of each process. Without: PyTorch's own.")
@click.option("--limit", type=click.IntRange(10), help="Use only so many of MNIST's pictures.")
@device_option
@click.option(
    "--resume/--restart",
    default=True,
    help="Go on with a run that was stopped in --out, which is the default, or begin anew.",
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
    """Train a model on MNIST, and on recordings where given, and write it to a folder.

    Beside the model it writes log.csv, curves.png and confusion.png. A run that was killed goes on
    when the same command is given again, and ends with the same model. Several processes, of one
    machine or more, train together: torchrun --nproc-per-node 2 -m digitnet train ….
    """
    config = replace(_training("config").PRESETS[preset], **_given(chosen))
    recipe = _training("pipeline")
    recipe.train(config, data, ink, out, limit=limit, device=device, restart=not resume)


@click.command()
@click.argument("drawings", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="For the model."
)
@cli_support.model_option
@click.option(
    "--data",
    envvar="DIGITNET_DATA",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds MNIST/raw, to be gone over again; also from DIGITNET_DATA.",
)
@click.option("--steps", type=click.IntRange(1), help="Of the optimiser; 150 are usual.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of all that chance decides.")
@click.option("--threads", type=click.IntRange(1), help="Without: PyTorch's own choice.")
@device_option
def finetune(
    drawings: tuple[Path, ...],
    out: Path,
    model: Path | None,
    data: Path | None,
    device: str,
    **chosen: int | None,
) -> None:
    """Teach a model your own hand, from drawings that digitdraw saved, in about a minute.

    DRAWINGS are recordings (.ndjson) with their labels, and folders of them. Some are put aside,
    and the model is measured on them before and after.
    """
    finetuning = _training("finetune")
    config = finetuning.Finetuning(**_given(chosen))
    ink = _training("user_drawings").read_own_ink(drawings, config.held, config.seed)
    with cli_support.progress(config.steps, "fine-tuning") as bar:
        report = finetuning.finetune(
            config,
            ink,
            out,
            model=model,
            data=data,
            device=device,
            on_step=lambda: bar.update(1),
        )
    click.echo(finetuning.as_text(report))
    click.echo(f"{out}: model written; draw with it: digitdraw --model {out}", err=True)


@click.command()
@cli_support.data_option
@cli_support.model_option
@cli_support.json_option
def evaluate(data: Path | None, model: Path | None, *, as_json: bool) -> None:
    """Measure a model on MNIST's 10,000 test pictures."""
    evaluation = _training("evaluation")
    report = evaluation.evaluate_on_mnist(Recognizer(model), data)
    click.echo(json.dumps(report, indent=2) if as_json else evaluation.as_text(report))


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out options that were not given, so that the configuration's defaults hold."""
    return {name: value for name, value in options.items() if value is not None}


def _training(module: str) -> Any:
    """Import a module of digitnet.training, which needs PyTorch."""
    try:
        return importlib.import_module(f"digitnet.training.{module}")
    except ModuleNotFoundError as error:
        raise DataError(
            f"training and evaluation need {error.name}, which is not installed; "
            "install digitnet[train]"
        ) from None
