"""The command ``digitnet finetune``."""

from __future__ import annotations

from pathlib import Path

import click

from digitnet import cli_support
from digitnet.cli.options import device_option, given, import_training, out_option, seed_option


@click.command()
@click.argument("drawings", nargs=-1, required=True, type=click.Path(path_type=Path))
@out_option
@cli_support.model_option
@click.option(
    "--data",
    envvar="DIGITNET_DATA",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with MNIST/raw, to rehearse during fine-tuning; also from DIGITNET_DATA.",
)
@click.option("--steps", type=click.IntRange(1), help="Optimizer steps. Default: 150.")
@seed_option
@click.option("--threads", type=click.IntRange(1), help="Threads. Default: PyTorch's choice.")
@device_option
def finetune(
    drawings: tuple[Path, ...],
    out: Path,
    model: Path | None,
    data: Path | None,
    device: str,
    **chosen: int | None,
) -> None:
    """Adapt a model to your handwriting, with drawings saved by digitdraw, in about a minute.

    DRAWINGS are labelled recordings (.ndjson), and folders and patterns of them. Some are held out,
    and the model is measured on them before and after.
    """
    finetuning = import_training("finetune")
    config = finetuning.FinetuneConfig(**given(chosen))
    user_drawings = import_training("user_drawings")
    usable = user_drawings.read_user_drawings(drawings, config.held, config.seed)
    with cli_support.progress(config.steps, "fine-tuning") as bar:
        report = finetuning.finetune(
            config,
            usable,
            out,
            model=model,
            data=data,
            device=device,
            on_step=lambda: bar.update(1),
        )
    click.echo(import_training("finetune_report").as_text(report))
    click.echo(f"{out}: model written; draw with it: digitdraw --model {out}", err=True)
