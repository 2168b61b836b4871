"""The training pipeline from data files to a model folder, as ``digitnet train`` runs it."""

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
from digitnet.training.batches import views_of
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
from digitnet.training.evaluation import (
    acceptance_threshold,
    accuracy,
    confusion_on,
    rejection_rate,
)
from digitnet.training.export import export
from digitnet.training.fit import fit
from digitnet.training.log import Epoch, Log
from digitnet.training.network import NONE, DigitNet
from digitnet.training.path_network import PathNet
from digitnet.training.path_training import fit_path
from digitnet.training.plots import draw_confusion, draw_curves

LOG_NAME = "log.csv"


@dataclass(frozen=True)
class _Samples:
    """Training and validation data.

    Attributes:
        pictures: MNIST's training images.
        validation: MNIST's validation split.
        drawings: Recordings to train on.
        ink_validation: The validation split of the recordings, rendered; None if it is empty.
    """

    pictures: Pictures
    validation: Pictures
    drawings: list[Drawing]
    ink_validation: Pictures | None

    def count(self) -> dict[str, int]:
        """Return all sizes, for the manifest."""
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
    """Train on MNIST and recordings, and export the model.

    Each epoch is reported on stderr and in ``log.csv`` in the model's folder; ``curves.png`` and
    ``confusion.png`` show the course of the run and its result. An interrupted run that is started
    again resumes after its last complete epoch, with the same result. Processes that were started
    by torchrun train together.

    Args:
        config: The training settings.
        data: The folder containing MNIST/raw; None for the user's cache, with a download.
        ink: Recordings files, each drawing labelled with one digit, or "" if it is not a digit.
        out: The model's folder.
        limit: Use only this many of MNIST's training images.
        start: A trained network to start from; None for random initial weights.
        teachers: Trained networks to learn from in addition to the labels.
        device: One of `devices.NAMES`.
        restart: Start over instead of resuming a run in `out`.
        facts: Further entries of the model's manifest.

    Returns:
        The trained network.

    Raises:
        DataError: The data is missing or unusable, `out` cannot be written or has the checkpoint of
            another run, the device is not available, or another process was lost.
        RecordingError: A recordings file cannot be read.
    """
    checkpoint_path = out / checkpoint.NAME
    with distributed.process_group(), _writing_to(out):
        with distributed.fail_together(), _writing_to(out):  # fails before hours of work
            target = devices.resolve(device)
            if distributed.is_leader():
                _prepare(out, restart=restart)
        samples = distributed.local_leader_first(lambda: _read(config, data, ink, limit))
        views = views_of(samples.drawings, config)
        steps = config.steps_per_epoch(len(samples.pictures), len(views))
        log = Log(out / LOG_NAME)
        with cli_support.progress(
            config.epochs * steps, "training", is_shown=distributed.is_leader()
        ) as bar:

            def on_epoch(epoch: Epoch) -> None:
                log.add(epoch)
                bar.update(epoch.number * steps - bar.pos)  # epochs before a resume take no steps

            model = fit(
                config,
                samples.pictures,
                samples.validation,
                views,
                samples.ink_validation,
                start=start,
                teachers=teachers,
                device=device,
                checkpoint_path=checkpoint_path,
                on_step=lambda: bar.update(1),
                on_epoch=on_epoch,
            )
        if distributed.is_leader():
            seconds = sum(epoch.seconds for epoch in log.epochs)
            click.echo(f"trained in {seconds:.1f} s", err=True)
            run_facts = {
                "data": samples.count(),
                "recipe": describe(config),
                "seconds": round(seconds),
                "torch": torch.__version__,
                "device": target.type,
                "processes": distributed.world_size(),
            }
            path_network = _fit_path(config, samples, device)
            _write(model, path_network, out, samples, log, {**run_facts, **(facts or {})})
            checkpoint_path.unlink(missing_ok=True)
            click.echo(f"{out}: model written", err=True)
    return model


def _prepare(out: Path, *, restart: bool) -> None:
    checkpoint_path = out / checkpoint.NAME
    out.mkdir(parents=True, exist_ok=True)
    for name in (checkpoint.NAME, LOG_NAME):  # a killed run may leave a part behind
        for part in out.glob(f".{name}.*.part"):
            part.unlink()
    if restart:
        checkpoint_path.unlink(missing_ok=True)
    elif checkpoint_path.exists():
        click.echo(f"{out}: resuming the interrupted run", err=True)


def _read(config: Config, data: Path | None, ink: Sequence[Path], limit: int | None) -> _Samples:
    pictures = mnist_train(data)[: limit or None]
    size = validation_size(config.validation, pictures)
    drawings, held_out = _split_ink(ink, config)
    ink_validation = render_drawings(held_out) if held_out else None
    return _Samples(*split(pictures, size, config.split), drawings, ink_validation)


def _fit_path(config: Config, samples: _Samples, device: str) -> PathNet | None:
    """Train the network for the pen's path, if there is ink to learn from."""
    views = views_of(samples.drawings, config)
    if not views or not config.path_epochs:
        return None
    with cli_support.progress(config.path_epochs, "training on paths") as bar:
        return fit_path(config, views, device=device, on_epoch=lambda *_: bar.update(1))


def _write(
    model: DigitNet,
    path_network: PathNet | None,
    out: Path,
    samples: _Samples,
    log: Log,
    facts: Mapping[str, Any],
) -> None:
    """Measure a network on the validation data; write the plots and, last, the model."""
    ink = samples.ink_validation
    measured = {"mnist": round(accuracy(model, samples.validation), 5)}
    threshold = 0.0
    if ink is not None and (ink.labels != NONE).any():
        threshold = acceptance_threshold(model, ink)
        measured["ink"] = round(accuracy(model, ink), 5)
    if ink is not None and (ink.labels == NONE).any():
        measured["rejection"] = round(rejection_rate(model, ink, threshold), 5)
    confusion = confusion_on(model, samples.validation + ink if ink else samples.validation)
    write_atomically(out / "curves.png", draw_curves(log.epochs))
    write_atomically(out / "confusion.png", draw_confusion(confusion, "validation digits"))
    export(
        model,
        out,
        threshold=threshold,
        facts={**facts, "validation_accuracy": measured},
        path_network=path_network,
    )


def _split_ink(files: Sequence[Path], config: Config) -> tuple[list[Drawing], list[Drawing]]:
    """Read and split recordings: digits by writer, ink that is not a digit drawing by drawing.

    The letters have so few writers that holding out one would cost a third of them.
    """
    drawings = [drawing for file in files for drawing in read_drawings(file)]
    labels_of(drawings)  # fails on unusable labels before hours of work
    share, seed = config.ink_validation, config.split
    train, held = split_by_writer([d for d in drawings if d.word], share, seed)
    others = [drawing for drawing in drawings if not drawing.word]
    np.random.default_rng(seed).shuffle(others)
    count = round(share * len(others))
    return train + others[count:], held + others[:count]


@contextmanager
def _writing_to(out: Path) -> Iterator[None]:
    """Turn failures to write into an error that names the folder."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{out}: cannot be written: {reason_of(error)}; choose another --out"
        ) from None
