"""What is told of a training run, epoch by epoch."""

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
    """What is known after one epoch.

    Attributes:
        number: of the epoch, from 1.
        loss: mean over the training steps.
        accuracy: of the averaged weights, on the validation pictures.
        ink_accuracy: the same on the validation drawings, None where there are none.
        validation_loss: cross-entropy of the averaged weights, on both.
        learning_rate: of the last step.
        seconds: that the epoch took.
    """

    number: int
    loss: float
    accuracy: float
    ink_accuracy: float | None
    validation_loss: float
    learning_rate: float
    seconds: float


class Log:
    """Tells each epoch, on stderr for people and as a row of a CSV file for programs.

    Args:
        path: the CSV file; written anew, as a whole, for each epoch.

    Attributes:
        epochs: all that were told.
    """

    def __init__(self, path: Path) -> None:
        self.epochs: list[Epoch] = []
        self._path = path

    def tell(self, epoch: Epoch) -> None:
        """Tell one more.

        Raises:
            OSError: the file cannot be written.
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
