"""How to train, as one value that does not change."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from digitnet.errors import DataError


@dataclass(frozen=True)
class Config:
    """How to train; the defaults are the release's. `dataclasses.replace` makes another of one.

    Attributes:
        width: channels at 14x14 of a network that begins with random weights.
        depth: its channels at 7x7.
        shallow: leave out two of its three residual blocks.
        epochs: passes over the training data.
        batch_size: pictures a step, of all processes together.
        learning_rate: at its highest; it rises over the first tenth and falls to zero as a cosine.
        linear: let it fall in a line.
        weight_decay: of AdamW.
        label_smoothing: probability spread evenly over all classes.
        teaching: share of the loss that is from teachers, where there are some.
        teaching_temperature: by which theirs and the network's logits are divided for that.
        averaging: decay, per step, of the running average of the weights that is the result.
        varied: share of each batch's MNIST pictures that are varied; the others stay as they are.
        views: how often each recorded digit is drawn for an epoch, each time in another way.
        negatives: drawings that are no digit, made for each epoch.
        pairs: of recorded digits side by side, which are no digit either, made for each epoch.
        marks: tiny ink, which is no digit either, made for each epoch.
        validation: MNIST pictures put aside.
        ink_validation: share of the writers put aside.
        split: seed of what is put aside, so that networks of several seeds share it.
        seed: of everything else that chance decides.
        threads: PyTorch's; 0 leaves its own choice.

    Raises:
        DataError: a number is out of its range.
    """

    width: int = 32
    depth: int = 64
    shallow: bool = False
    epochs: int = 36
    batch_size: int = 128
    learning_rate: float = 3e-3
    linear: bool = False
    weight_decay: float = 0.02
    label_smoothing: float = 0.0
    teaching: float = 0.9
    teaching_temperature: float = 3.0
    averaging: float = 0.999
    varied: float = 1.0
    views: int = 2
    negatives: int = 3000
    pairs: int = 2000
    marks: int = 600
    validation: int = 2000
    ink_validation: float = 0.07
    split: int = 1
    seed: int = 1
    threads: int = 0

    def __post_init__(self) -> None:
        """Refuse what no training can be done with."""
        for name in ("width", "depth", "epochs", "batch_size", "views"):
            self._check(name, getattr(self, name) >= 1, "at least 1")
        for name in ("learning_rate", "teaching_temperature"):
            self._check(name, 0 < getattr(self, name) < float("inf"), "above 0")
        for name in ("label_smoothing", "teaching", "averaging", "varied", "ink_validation"):
            self._check(name, 0 <= getattr(self, name) <= 1, "from 0 to 1")
        for name in ("weight_decay", "negatives", "pairs", "marks", "validation", "threads"):
            self._check(name, 0 <= getattr(self, name) < float("inf"), "0 or more")
        for name in ("split", "seed"):
            self._check(name, 0 <= getattr(self, name) < 2**63, "0 or more, below 2**63")

    def _check(self, name: str, is_fit: bool, what: str) -> None:  # noqa: FBT001
        if not is_fit:
            raise DataError(f"the configuration's {name} is {getattr(self, name)}; give {what}")

    def steps_per_epoch(self, pictures: int, drawings: int) -> int:
        """Count the steps of an epoch over so many MNIST pictures and so many drawings."""
        made = self.negatives + self.pairs + self.marks if drawings else 0
        return (pictures + drawings + made) // self.batch_size


QUICK = Config(
    width=16,
    depth=32,
    shallow=True,
    epochs=1,
    learning_rate=0.02,
    linear=True,
    weight_decay=0.1,
    label_smoothing=0.1,
    varied=0.5,
)
"""One pass over MNIST with a small network, in seconds.

As in speed runs, the learning rate is high and falls in a line, and labels are smoothed (K. Jordan:
"94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024). All was chosen by training on the first
50,000 of MNIST's training pictures and measuring on the other 10,000.
"""

PRESETS = {"release": Config(), "quick": QUICK}
"""What ``digitnet train --preset`` names."""


def describe(config: Config) -> dict[str, object]:
    """Give the configuration as plain values, for cards and checkpoints."""
    return dataclasses.asdict(config)
