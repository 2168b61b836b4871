"""From data on disk to a model folder: what ``digitnet train`` runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch

from digitnet import cli_support
from digitnet.errors import DataError, reason_of
from digitnet.files import write_atomically
from digitnet.ink import Drawing
from digitnet.recordings import read_drawings
from digitnet.training import checkpoint, devices, distributed
from digitnet.training.config import Config, describe
from digitnet.training.data import (
    Pictures,
    labels_of,
    mnist_train,
    render_drawings,
    split,
    split_by_writer,
    validation_size,
)
from digitnet.training.evaluation import acceptance_threshold, accuracy, confusion_on, rejection
from digitnet.training.export import export
from digitnet.training.fit import fit
from digitnet.training.log import Epoch, Log
from digitnet.training.network import NONE, DigitNet
from digitnet.training.plots import draw_confusion, draw_curves

LOG_NAME = "log.csv"


@dataclass(frozen=True)
class _Samples:
    """What is learned from, and what is put aside.

    Attributes:
        pictures: of MNIST, to train on.
        validation: of MNIST, put aside.
        drawings: to train on.
        ink_validation: drawings that were put aside, as pictures; None where there are none.
    """

    pictures: Pictures
    validation: Pictures
    drawings: list[Drawing]
    ink_validation: Pictures | None

    def count(self) -> dict[str, int]:
        """Give all sizes, for the card."""
        return {
            "mnist_pictures": len(self.pictures),
            "mnist_validation": len(self.validation),
            "ink_drawings": len(self.drawings),
            "ink_validation": len(self.ink_validation or ()),
        }


def train(
    config: Config,
    data: Path | None,
    ink: Sequence[Path],
    out: Path,
    *,
    limit: int | None = None,
    start: DigitNet | None = None,
    teachers: Sequence[DigitNet] = (),
    device: str = devices.AUTO,
    restart: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> DigitNet:
    """Train on MNIST and recordings, and export.

    Each epoch is told on stderr, and in ``log.csv`` beside the model; ``curves.png`` and
    ``confusion.png`` show the course and the end. A run that was stopped goes on after its last
    whole epoch when it is started again, and ends as it would have ended. Where torchrun started
    several processes, they train together.

    Args:
        config: how to train.
        data: the folder that holds MNIST/raw; None to use the user's cache, and download.
        ink: recordings files, each drawing labelled with one digit, or with none.
        out: the model's folder.
        limit: use only so many of MNIST's training pictures.
        start: a trained network to begin with; None to begin with random weights.
        teachers: trained networks to learn from beside the labels.
        device: one of `devices.NAMES`.
        restart: begin anew where a run in `out` was stopped.
        facts: what else the model's card shall say.

    Returns:
        the trained network.

    Raises:
        DataError: the data is missing or unfit, `out` cannot be written or holds another run that
            was stopped, there is no such device, or another process was lost.
        RecordingError: a recordings file cannot be read.
    """
    kept = out / checkpoint.NAME
    with distributed.joined(), _writing_to(out):
        with distributed.agreed(), _writing_to(out):  # before the hours of work, not after
            place = devices.choose(device)
            if distributed.leads():
                _prepare(out, restart=restart)
        samples = distributed.in_turn(lambda: _read(config, data, ink, limit))
        views = samples.drawings + [d for d in samples.drawings if d.word] * (config.views - 1)
        steps = config.steps_per_epoch(len(samples.pictures), len(views))
        log = Log(out / LOG_NAME)
        with cli_support.progress(
            config.epochs * steps, "training", is_shown=distributed.leads()
        ) as bar:

            def on_epoch(epoch: Epoch) -> None:
                log.tell(epoch)
                bar.update(epoch.number * steps - bar.pos)  # those before a stop took no steps now

            model = fit(
                config,
                samples.pictures,
                samples.validation,
                views,
                samples.ink_validation,
                start=start,
                teachers=teachers,
                device=device,
                keep_in=kept,
                on_step=lambda: bar.update(1),
                on_epoch=on_epoch,
            )
        if distributed.leads():
            seconds = sum(epoch.seconds for epoch in log.epochs)
            click.echo(f"trained in {seconds:.1f} s", err=True)
            about = {
                "data": samples.count(),
                "recipe": describe(config),
                "seconds": round(seconds),
                "torch": torch.__version__,
                "device": place.type,
                "processes": distributed.processes(),
            }
            _write(model, out, samples, log, {**about, **(facts or {})})
            kept.unlink(missing_ok=True)
            click.echo(f"{out}: model written", err=True)
    return model


def _prepare(out: Path, *, restart: bool) -> None:
    kept = out / checkpoint.NAME
    out.mkdir(parents=True, exist_ok=True)
    for name in (checkpoint.NAME, LOG_NAME):  # of which a kill may have left half
        for part in out.glob(f".{name}.*.part"):
            part.unlink()
    if restart:
        kept.unlink(missing_ok=True)
    elif kept.exists():
        click.echo(f"{out}: goes on with the run that was stopped there", err=True)


def _read(config: Config, data: Path | None, ink: Sequence[Path], limit: int | None) -> _Samples:
    pictures = mnist_train(data)[: limit or None]
    size = validation_size(config.validation, pictures)
    drawings, held = _split_ink(ink, config)
    return _Samples(
        *split(pictures, size, config.split), drawings, render_drawings(held) if held else None
    )


def _write(
    model: DigitNet, out: Path, samples: _Samples, log: Log, facts: Mapping[str, Any]
) -> None:
    """Measure a network on what was put aside; write pictures, and last the model."""
    ink = samples.ink_validation
    measured = {"mnist": round(accuracy(model, samples.validation), 5)}
    threshold = 0.0
    if ink is not None and (ink.labels != NONE).any():
        threshold = acceptance_threshold(model, ink)
        measured["ink"] = round(accuracy(model, ink), 5)
    if ink is not None and (ink.labels == NONE).any():
        measured["rejection"] = round(rejection(model, ink, threshold), 5)
    confusion = confusion_on(model, samples.validation + ink if ink else samples.validation)
    write_atomically(out / "curves.png", draw_curves(log.epochs))
    write_atomically(out / "confusion.png", draw_confusion(confusion, "validation digits"))
    export(model, out, threshold=threshold, facts={**facts, "validation_accuracy": measured})


def _split_ink(files: Sequence[Path], config: Config) -> tuple[list[Drawing], list[Drawing]]:
    """Read recordings and put some aside: digits by writer, what is no digit one by one.

    Letters are from so few people that putting one aside would cost a third of them.
    """
    drawings = [drawing for file in files for drawing in read_drawings(file)]
    labels_of(drawings)  # raises for a label that cannot be learned, before hours are spent
    share, seed = config.ink_validation, config.split
    train, held = split_by_writer([d for d in drawings if d.word], share, seed)
    others = [drawing for drawing in drawings if not drawing.word]
    np.random.default_rng(seed).shuffle(others)
    count = round(share * len(others))
    return train + others[count:], held + others[:count]


@contextmanager
def _writing_to(out: Path) -> Iterator[None]:
    """Say where it is that nothing can be written."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{out}: cannot be written: {reason_of(error)}; choose another --out"
        ) from None
