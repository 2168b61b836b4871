"""The settings of a training run, as one immutable value."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from digitnet.errors import DataError


@dataclass(frozen=True)
class Config:
    """Training settings; the defaults are those of the release.

    Use `dataclasses.replace` to change some of them.

    Attributes:
        width: Channels at 14x14 of a network with random initial weights.
        depth: Channels at 7x7 of such a network.
        shallow: Leave out two of its three residual blocks.
        epochs: Passes over the training data.
        batch_size: Images per step, over all processes.
        learning_rate: Peak learning rate. It warms up over the first tenth of the steps and then
            decays to zero along a cosine.
        linear: Decay linearly instead.
        weight_decay: AdamW's weight decay.
        label_smoothing: Probability that is spread evenly over all classes.
        distillation_weight: Weight of the distillation loss, 0 to 1, if there are teachers; the
            loss on the labels gets the rest.
        distillation_temperature: Divides the teachers' and the network's logits in that loss.
        ema_decay: Decay per step of the moving average of the weights, which is the result.
        augmented: Share of each batch's MNIST images that are augmented.
        path_epochs: Passes over the recordings for the network of the pen's path; 0 for none.
        views: How often each recorded digit is rendered per epoch, augmented differently each time.
        negatives: Synthetic drawings that are not digits, per epoch.
        pairs: Pairs of recorded digits side by side, which are not one digit either, per epoch.
        marks: Tiny ink, which is not a digit either, per epoch.
        validation: Size of the validation split of MNIST, in images.
        ink_validation: Share of the writers in the validation split of the recordings.
        split: Seed of the splits, apart from `seed` so that networks of several seeds share them.
        seed: Seed of everything else that is random.
        threads: PyTorch's threads; 0 for PyTorch's default.

    Raises:
        DataError: A number is out of range.
    """

    width: int = 32
    depth: int = 64
    shallow: bool = False
    epochs: int = 20
    batch_size: int = 128
    learning_rate: float = 3e-3
    linear: bool = False
    weight_decay: float = 0.02
    label_smoothing: float = 0.0
    distillation_weight: float = 0.9
    distillation_temperature: float = 3.0
    ema_decay: float = 0.999
    augmented: float = 1.0
    path_epochs: int = 14
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
        """Check that every number is in its range."""
        for name in ("width", "depth", "epochs", "batch_size", "views"):
            self._check(name, getattr(self, name) >= 1, "at least 1")
        for name in ("learning_rate", "distillation_temperature"):
            self._check(name, 0 < getattr(self, name) < float("inf"), "above 0")
        for name in (
            "label_smoothing",
            "distillation_weight",
            "ema_decay",
            "augmented",
            "ink_validation",
        ):
            self._check(name, 0 <= getattr(self, name) <= 1, "from 0 to 1")
        for name in (
            "weight_decay",
            "path_epochs",
            "negatives",
            "pairs",
            "marks",
            "validation",
            "threads",
        ):
            self._check(name, 0 <= getattr(self, name) < float("inf"), "0 or more")
        for name in ("split", "seed"):
            self._check(name, 0 <= getattr(self, name) < 2**63, "0 or more, below 2**63")

    def _check(self, name: str, is_valid: bool, allowed: str) -> None:  # noqa: FBT001
        if not is_valid:
            raise DataError(
                f"the training configuration's {name} is {getattr(self, name)}; use {allowed}"
            )

    def steps_per_epoch(self, pictures: int, drawings: int) -> int:
        """Return the number of steps of an epoch, given the numbers of MNIST images and drawings.

        What remains after the last whole batch is left out.
        """
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
    augmented=0.5,
    path_epochs=3,
)
"""One pass over MNIST with a small network, in seconds.

As in speed runs, the learning rate is high and decays linearly, and labels are smoothed (K. Jordan:
"94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024). Everything was chosen by training on the
first 50,000 of MNIST's training images and measuring on the other 10,000.
"""

PRESETS = {"release": Config(), "quick": QUICK}
"""The values of ``digitnet train --preset``."""


def describe(config: Config) -> dict[str, object]:
    """Return the configuration as plain values, for manifests and checkpoints."""
    return dataclasses.asdict(config)
