"""One training run, top to bottom."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from digitnet.ink import Drawing
from digitnet.training.augment import augment
from digitnet.training.data import Pictures, labels_of
from digitnet.training.evaluate import accuracy, predict_logits
from digitnet.training.ink_augment import augmented_pictures
from digitnet.training.model import DigitNet


@dataclass(frozen=True)
class Config:
    """How to train; the defaults are the release's.

    Attributes:
        epochs: passes over the training data.
        batch_size: pictures a step.
        learning_rate: at its highest; it rises over the first tenth and falls to zero as a cosine.
        weight_decay: of AdamW.
        label_smoothing: probability spread evenly over all ten classes.
        dropout: share of the last features dropped.
        averaging: decay, per step, of the running average of the weights that is kept as the result.
        ink_repeats: how often each recorded drawing is drawn anew in each epoch.
        validation: MNIST pictures put aside.
        ink_validation: share of the writers put aside.
        seed: of everything that chance decides.
        threads: PyTorch's; 0 leaves its own choice.
    """

    epochs: int = 30
    batch_size: int = 128
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.03
    dropout: float = 0.2
    averaging: float = 0.999
    ink_repeats: int = 2
    validation: int = 5000
    ink_validation: float = 0.17
    seed: int = 1
    threads: int = 0


@dataclass(frozen=True)
class Epoch:
    """What is known after one epoch; accuracies are of the averaged weights, on validation data."""

    number: int
    loss: float
    accuracy: float
    ink_accuracy: float | None


def fit(
    config: Config,
    pictures: Pictures,
    validation: Pictures,
    drawings: Sequence[Drawing] = (),
    ink_validation: Pictures | None = None,
    *,
    on_epoch: Callable[[Epoch, DigitNet], None] = lambda _epoch, _model: None,
) -> DigitNet:
    """Train a network.

    Nothing is chosen on the way: the result is the averaged weights after the last epoch, with the
    temperature that makes its confidence true on the validation data.

    Args:
        config: how.
        pictures: MNIST's, varied as pictures.
        validation: to measure by, and to fit the temperature on.
        drawings: recorded ink, varied as strokes; each labelled with one digit.
        ink_validation: the same for ink, as the app would draw it.
        on_epoch: called after every epoch with the averaged network.

    Returns:
        the averaged network, in evaluation mode.
    """
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    chance = torch.Generator().manual_seed(config.seed)
    rng = np.random.default_rng(config.seed)
    ink_labels = labels_of(drawings)

    model = DigitNet(dropout=config.dropout).to(memory_format=torch.channels_last)
    average = copy.deepcopy(model).eval()
    per_epoch = len(pictures) + config.ink_repeats * len(drawings)
    steps = config.epochs * (per_epoch // config.batch_size)
    optimizer = torch.optim.AdamW(_decayed_groups(model, config.weight_decay))
    step = 0
    for number in range(1, config.epochs + 1):
        model.train()
        ink = Pictures(
            torch.from_numpy(
                np.concatenate(
                    [np.zeros((0, 28, 28), np.uint8)]
                    + [augmented_pictures(drawings, rng) for _ in range(config.ink_repeats)]
                )
            ),
            ink_labels.repeat(config.ink_repeats),
        )
        total = 0.0
        for images, labels in _batches(pictures, ink, config.batch_size, chance):
            for group in optimizer.param_groups:
                group["lr"] = config.learning_rate * _schedule(step / steps)
            # bfloat16 halves the time of a step on CPUs that have it; weights stay float32.
            with torch.autocast("cpu", torch.bfloat16, enabled=_has_fast_bfloat16()):
                logits = model(images)
            loss = functional.cross_entropy(
                logits.float(), labels, label_smoothing=config.label_smoothing
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            _follow(average, model, min(config.averaging, step / (step + 10)))
            total += loss.item()
        on_epoch(
            Epoch(
                number,
                total / (per_epoch // config.batch_size),
                accuracy(average, validation),
                None if ink_validation is None else accuracy(average, ink_validation),
            ),
            average,
        )
    measured = validation if ink_validation is None else validation + ink_validation
    average.temperature.fill_(fit_temperature(predict_logits(average, measured), measured.labels))
    return average


def _decayed_groups(model: DigitNet, weight_decay: float) -> list[dict[str, object]]:
    """Batch normalisation's scales and all biases are not decayed: they are no capacity."""
    decayed = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    free = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]


def _schedule(progress: float) -> float:
    """Rise in a line over the first tenth, then fall as a cosine; progress and result 0 to 1."""
    if progress < 0.1:
        return progress / 0.1 + 1e-3
    return (1 + math.cos(math.pi * (progress - 0.1) / 0.9)) / 2


def _batches(
    pictures: Pictures, ink: Pictures, size: int, chance: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Shuffle both sources together; only pictures are varied here, ink was before it was drawn."""
    both = pictures + ink
    order = torch.randperm(len(both), generator=chance)
    for start in range(0, len(order) - size + 1, size):
        index = order[start : start + size]
        images = both.images[index].float() / 255
        from_mnist = index < len(pictures)
        images[from_mnist] = augment(both.images[index[from_mnist]], chance)
        yield images, both.labels[index]


@torch.no_grad()
def _follow(average: DigitNet, model: DigitNet, decay: float) -> None:
    """Move the averaged weights, and batch normalisation's running statistics, towards the model's."""
    theirs = model.state_dict()
    for name, ours in average.state_dict().items():
        if ours.is_floating_point():
            ours.lerp_(theirs[name], 1 - decay)
        else:
            ours.copy_(theirs[name])


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """Find the temperature with the least cross-entropy (Guo et al., "On calibration of modern
    neural networks", 2017).

    Args:
        logits: float (n, 10), of data that the network was not trained on.
        labels: int64 (n,).

    Returns:
        the temperature, to divide logits by.
    """  # noqa: D205
    candidates = torch.logspace(-1, 1, 401, base=4)
    losses = [functional.cross_entropy(logits / t, labels).item() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def _has_fast_bfloat16() -> bool:
    flags = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    return bool(flags())


def describe(config: Config) -> dict[str, object]:
    """Give the configuration as plain values, for cards and logs."""
    return dataclasses.asdict(config)
