"""The record of a training run, epoch by epoch."""

from __future__ import annotations

import csv
import dataclasses
import io
from dataclasses import dataclass
from pathlib import Path

import click

from digitnet.files import write_atomically


@dataclass(frozen=True)
class Epoch:
    """The figures of one epoch.

    Attributes:
        number: From 1.
        loss: Mean over the training steps.
        accuracy: Of the averaged weights, on the validation split of MNIST, 0 to 1.
        ink_accuracy: The same on the validation split of the recordings; None if there is none.
        validation_loss: Cross-entropy of the averaged weights on both splits, in nats.
        learning_rate: Of the last step.
        seconds: Duration of the epoch.
    """

    number: int
    loss: float
    accuracy: float
    ink_accuracy: float | None
    validation_loss: float
    learning_rate: float
    seconds: float


class Log:
    """Reports each epoch on stderr for people, and as a row of a CSV file for programs.

    Args:
        path: The CSV file, which is rewritten as a whole after each epoch.

    Attributes:
        epochs: All epochs so far.
    """

    def __init__(self, path: Path) -> None:
        self.epochs: list[Epoch] = []
        self._path = path

    def add(self, epoch: Epoch) -> None:
        """Report an epoch.

        Raises:
            OSError: The file cannot be written.
        """
        self.epochs.append(epoch)
        text = io.StringIO(newline="")
        rows = csv.DictWriter(text, [field.name for field in dataclasses.fields(Epoch)])
        rows.writeheader()
        rows.writerows(map(dataclasses.asdict, self.epochs))
        write_atomically(self._path, text.getvalue().encode())
        ink = "" if epoch.ink_accuracy is None else f", ink {epoch.ink_accuracy:.2%}"
        click.echo(
            f"\repoch {epoch.number:3d}: loss {epoch.loss:.4f}, "
            f"validation {epoch.accuracy:.2%}{ink}",
            err=True,
        )
