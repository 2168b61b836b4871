"""From data on disk to a model folder: what ``digitnet train`` runs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch

from digitnet import console
from digitnet.errors import DataError
from digitnet.ink import Drawing
from digitnet.recordings import read_drawings
from digitnet.training.data import (
    Pictures,
    labels_of,
    mnist_train,
    render_drawings,
    split,
    split_by_writer,
)
from digitnet.training.evaluate import acceptance_threshold, accuracy, rejection
from digitnet.training.export import export
from digitnet.training.fit import Config, Epoch, describe, fit
from digitnet.training.model import NONE, DigitNet


def train(
    config: Config,
    data: Path | None,
    ink: Sequence[Path],
    out: Path,
    *,
    limit: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> DigitNet:
    """Train on MNIST and recordings, tell each epoch on stderr, and export.

    Args:
        config: how to train.
        data: the folder that holds MNIST/raw; None to use the user's cache, and download.
        ink: recordings files, each drawing labelled with one digit, or with none.
        out: the model's folder.
        limit: use only so many of MNIST's training pictures.
        facts: what else the model's card shall say.

    Returns:
        the trained network.

    Raises:
        DataError: the data is missing or unfit, or `out` cannot be written.
        RecordingError: a recordings file cannot be read.
    """
    _make_folder(out)  # before the hours of work, not after
    pictures = mnist_train(data)[: limit or None]
    validation_size = min(config.validation, len(pictures) // 5)
    pictures, validation = split(pictures, validation_size, config.seed)
    drawings, held = _split_ink(ink, config)
    ink_validation = render_drawings(held) if held else None

    started = time.monotonic()
    model = _fit_with_progress(config, pictures, validation, drawings, ink_validation)
    measured = {"mnist": round(accuracy(model, validation), 5)}
    threshold = 0.0
    if ink_validation is not None and (ink_validation.labels != NONE).any():
        threshold = acceptance_threshold(model, ink_validation)
        measured["ink"] = round(accuracy(model, ink_validation), 5)
    if ink_validation is not None and (ink_validation.labels == NONE).any():
        measured["rejection"] = round(rejection(model, ink_validation, threshold), 5)
    export(
        model,
        out,
        threshold=threshold,
        facts={
            "data": {
                "mnist_pictures": len(pictures),
                "mnist_validation": len(validation),
                "ink_drawings": len(drawings),
                "ink_validation": len(held),
            },
            "recipe": describe(config),
            "seconds": round(time.monotonic() - started),
            "torch": torch.__version__,
            "validation_accuracy": measured,
            **(facts or {}),
        },
    )
    click.echo(f"{out}: model written", err=True)
    return model


def _split_ink(files: Sequence[Path], config: Config) -> tuple[list[Drawing], list[Drawing]]:
    """Read recordings and put some aside: digits by writer, what is no digit one by one.

    Letters are from so few people that putting one aside would cost a third of them.
    """
    drawings = [drawing for file in files for drawing in read_drawings(file)]
    labels_of(drawings)  # raises for a label that cannot be learned, before hours are spent
    share, seed = config.ink_validation, config.seed
    train, held = split_by_writer([d for d in drawings if d.word], share, seed)
    others = [drawing for drawing in drawings if not drawing.word]
    np.random.default_rng(seed).shuffle(others)
    count = round(share * len(others))
    return train + others[count:], held + others[:count]


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{out}: cannot be made: {error.strerror}; choose another --out") from None


def _fit_with_progress(
    config: Config,
    pictures: Pictures,
    validation: Pictures,
    drawings: Sequence[Drawing],
    ink_validation: Pictures | None,
) -> DigitNet:
    def tell(epoch: Epoch) -> None:
        ink = "" if epoch.ink_accuracy is None else f", ink {epoch.ink_accuracy:.2%}"
        click.echo(
            f"\repoch {epoch.number:3d}: loss {epoch.loss:.4f}, "
            f"validation {epoch.accuracy:.2%}{ink}",
            err=True,
        )

    per_epoch = config.steps_per_epoch(len(pictures), len(drawings))
    with console.progress(config.epochs * per_epoch, "training") as bar:
        return fit(
            config,
            pictures,
            validation,
            drawings,
            ink_validation,
            on_step=lambda: bar.update(1),
            on_epoch=tell,
        )
