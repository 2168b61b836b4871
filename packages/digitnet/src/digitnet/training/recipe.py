"""From data on disk to a model folder: what ``digitnet train`` runs."""

from __future__ import annotations

import csv
import dataclasses
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import click
import numpy as np
import torch

from digitnet import console
from digitnet.errors import DataError
from digitnet.ink import Drawing
from digitnet.recordings import read_drawings
from digitnet.training.data import (
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
    start: DigitNet | None = None,
    teachers: Sequence[DigitNet] = (),
    facts: Mapping[str, Any] | None = None,
) -> DigitNet:
    """Train on MNIST and recordings, and export.

    Each epoch is told on stderr, and in ``log.csv`` beside the model.

    Args:
        config: how to train.
        data: the folder that holds MNIST/raw; None to use the user's cache, and download.
        ink: recordings files, each drawing labelled with one digit, or with none.
        out: the model's folder.
        limit: use only so many of MNIST's training pictures.
        start: a trained network to begin with; None to begin with random weights.
        teachers: trained networks to learn from beside the labels.
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
    pictures, validation = split(pictures, validation_size, config.split)
    drawings, held = _split_ink(ink, config)
    ink_validation = render_drawings(held) if held else None

    started = time.monotonic()
    views = drawings + [d for d in drawings if d.word] * (config.views - 1)
    with (
        _Log(out / "log.csv") as log,
        console.progress(
            config.epochs * config.steps_per_epoch(len(pictures), len(views)), "training"
        ) as bar,
    ):
        model = fit(
            config,
            pictures,
            validation,
            views,
            ink_validation,
            start=start,
            teachers=teachers,
            on_step=lambda: bar.update(1),
            on_epoch=log.tell,
        )
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
    share, seed = config.ink_validation, config.split
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


class _Log:
    """Tells each epoch, on stderr for people and as a row of a CSV file for programs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._file = self._path.open("w", newline="", encoding="utf-8")
        self._rows = csv.DictWriter(self._file, [f.name for f in dataclasses.fields(Epoch)])
        self._rows.writeheader()
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def tell(self, epoch: Epoch) -> None:
        self._rows.writerow(dataclasses.asdict(epoch))
        self._file.flush()
        ink = "" if epoch.ink_accuracy is None else f", ink {epoch.ink_accuracy:.2%}"
        click.echo(
            f"\repoch {epoch.number:3d}: loss {epoch.loss:.4f}, "
            f"validation {epoch.accuracy:.2%}{ink}",
            err=True,
        )
