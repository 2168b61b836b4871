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

from digitnet.errors import DataError
from digitnet.ink import Drawing
from digitnet.training.augment import augment
from digitnet.training.data import Pictures, labels_of
from digitnet.training.distill import Teachers
from digitnet.training.evaluate import accuracy, log_loss, predict_logits
from digitnet.training.ink_augment import draw_varied
from digitnet.training.model import DIGITS, NONE, DigitNet
from digitnet.training.negatives import make_negatives, two_at_once
from digitnet.training.shapes import SEEN


@dataclass(frozen=True)
class Config:
    """How to train; the defaults are the release's.

    Attributes:
        epochs: passes over the training data.
        batch_size: pictures a step.
        learning_rate: at its highest; it rises over the first tenth and falls to zero as a cosine.
        weight_decay: of AdamW.
        label_smoothing: probability spread evenly over all classes.
        teaching: share of the loss that is from teachers, where there are some.
        teaching_temperature: by which theirs and the network's logits are divided for that.
        averaging: decay, per step, of the running average of the weights that is the result.
        views: how often each recorded digit is drawn for an epoch, each time in another way.
        negatives: drawings that are no digit, made for each epoch.
        pairs: of recorded digits side by side, which are no digit either, made for each epoch.
        marks: tiny ink, which is no digit either, made for each epoch.
        validation: MNIST pictures put aside.
        ink_validation: share of the writers put aside.
        split: seed of what is put aside, so that networks of several seeds share it.
        seed: of everything else that chance decides.
        threads: PyTorch's; 0 leaves its own choice.
    """

    epochs: int = 30
    batch_size: int = 128
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.0
    teaching: float = 0.9
    teaching_temperature: float = 3.0
    averaging: float = 0.999
    views: int = 2
    negatives: int = 3000
    pairs: int = 2000
    marks: int = 600
    validation: int = 2000
    ink_validation: float = 0.07
    split: int = 1
    seed: int = 1
    threads: int = 0

    def steps_per_epoch(self, pictures: int, drawings: int) -> int:
        """Count the steps of an epoch over so many MNIST pictures and so many drawings."""
        made = self.negatives + self.pairs + self.marks if drawings else 0
        return (pictures + drawings + made) // self.batch_size


@dataclass(frozen=True)
class Epoch:
    """What is known after one epoch.

    Attributes:
        number: of the epoch, from 1.
        loss: mean over the training steps.
        accuracy: of the averaged weights, on the validation pictures.
        ink_accuracy: the same on the validation drawings, None where there are none.
        validation_loss: cross-entropy of the averaged weights, on both.
    """

    number: int
    loss: float
    accuracy: float
    ink_accuracy: float | None
    validation_loss: float


def fit(
    config: Config,
    pictures: Pictures,
    validation: Pictures,
    drawings: Sequence[Drawing] = (),
    ink_validation: Pictures | None = None,
    *,
    start: DigitNet | None = None,
    teachers: Sequence[DigitNet] = (),
    on_step: Callable[[], object] = lambda: None,
    on_epoch: Callable[[Epoch], object] = lambda _epoch: None,
) -> DigitNet:
    """Train a network.

    Nothing is chosen on the way: the result is the averaged weights after the last epoch, with the
    temperature that makes its confidence true on the validation data.

    Args:
        config: how.
        pictures: MNIST's, varied as pictures.
        validation: to measure by, and to fit the temperature on.
        drawings: recorded ink, varied as strokes; each one digit, or none. Only where there are
            some is the network taught what is no digit.
        ink_validation: the same for ink, as the app would draw it.
        start: a trained network to begin with; None to begin with random weights.
        teachers: trained networks to learn from beside the labels.
        on_step: called after every step.
        on_epoch: called after every epoch.

    Returns:
        the averaged network, in evaluation mode.
    """
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    chance = torch.Generator().manual_seed(config.seed)
    rng = np.random.default_rng(config.seed)
    model = copy.deepcopy(start) if start else DigitNet()
    model.temperature.fill_(1)
    model = model.to(memory_format=torch.channels_last)
    average = copy.deepcopy(model).eval()
    ensemble = Teachers(teachers, config.teaching_temperature) if teachers else None
    optimizer = torch.optim.AdamW(_decayed_groups(model, config.weight_decay), fused=True)
    steps = config.steps_per_epoch(len(pictures), len(drawings))
    if not steps:
        raise DataError(
            f"{len(pictures) + len(drawings)} pictures and drawings are less than one batch "
            f"of {config.batch_size}; give more data, or a smaller batch"
        )
    measured = validation + ink_validation if ink_validation else validation
    step = 0
    for number in range(1, config.epochs + 1):
        model.train()
        ink = _draw_ink(drawings, config, rng)
        losses = torch.zeros(steps)
        for index, (images, labels) in enumerate(_batches(pictures, ink, config, chance)):
            for group in optimizer.param_groups:
                group["lr"] = config.learning_rate * _schedule(step / (config.epochs * steps))
            # bfloat16 halves the time of a step on CPUs that have it; weights stay float32.
            with torch.autocast("cpu", torch.bfloat16, enabled=_has_fast_bfloat16()):
                logits = model(images).float()
                opinions = ensemble.opinions(images) if ensemble else None
            loss = functional.cross_entropy(logits, labels, label_smoothing=config.label_smoothing)
            if ensemble and opinions is not None:
                loss = loss.lerp(ensemble.loss(logits, opinions), config.teaching)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            step += 1
            # At first the average is short, so that it soon forgets the random start.
            _follow(average, model, min(config.averaging, step / (step + 10)))
            losses[index] = loss.detach()
            on_step()
        on_epoch(
            Epoch(
                number,
                loss=float(losses.mean()),
                accuracy=accuracy(average, validation),
                ink_accuracy=accuracy(average, ink_validation) if ink_validation else None,
                validation_loss=log_loss(average, measured),
            )
        )
    is_digit = measured.labels != NONE
    logits = predict_logits(average, measured)[is_digit, :DIGITS]
    average.temperature.fill_(fit_temperature(logits, measured.labels[is_digit]))
    return average


def _draw_ink(drawings: Sequence[Drawing], config: Config, rng: np.random.Generator) -> Pictures:
    """Draw all ink of one epoch, each drawing in another way than ever before."""
    if not drawings:
        return Pictures(torch.zeros((0, 28, 28), dtype=torch.uint8), torch.zeros(0).long())
    digits = [drawing for drawing in drawings if drawing.word]
    paths = [[stroke.xy for stroke in drawing.strokes] for drawing in drawings]
    others = [ink for _, ink in make_negatives(config.negatives, SEEN, rng)]
    others += two_at_once(digits, config.pairs if digits else 0, rng)
    # Whatever its shape, ink that is tiny beside other ink, or for its pen, is a mark and no digit.
    anything = paths + others
    marks = [anything[index] for index in rng.integers(0, len(anything), config.marks)]
    labels = labels_of(drawings).tolist()
    images = [draw_varied(label, ink, rng) for label, ink in zip(labels, paths, strict=True)]
    images += [draw_varied(NONE, ink, rng) for ink in others]
    images += [draw_varied(NONE, ink, rng, is_mark=True) for ink in marks]
    labels += [NONE] * (len(others) + len(marks))
    return Pictures(torch.from_numpy(np.stack(images)), torch.tensor(labels))


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
    pictures: Pictures, ink: Pictures, config: Config, chance: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Shuffle both sources together; only pictures are varied here, ink was before it was drawn."""
    both = pictures + ink
    order = torch.randperm(len(both), generator=chance)
    size = config.batch_size
    for start in range(0, len(order) - size + 1, size):
        index = order[start : start + size]
        images = both.images[index].float() / 255
        from_mnist = index < len(pictures)
        images[from_mnist] = augment(both.images[index[from_mnist]], chance)
        yield images, both.labels[index]


@torch.no_grad()
def _follow(average: DigitNet, model: DigitNet, decay: float) -> None:
    """Move the averaged weights and batch normalisation's statistics towards the model's."""
    theirs = model.state_dict()
    for name, ours in average.state_dict().items():
        if ours.is_floating_point():
            ours.lerp_(theirs[name], 1 - decay)
        else:
            ours.copy_(theirs[name])


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """Find the temperature with the least cross-entropy.

    Guo, Pleiss, Sun, Weinberger: "On calibration of modern neural networks", 2017.

    Args:
        logits: float (n, 10), of data that the network was not trained on.
        labels: int64 (n,).

    Returns:
        the temperature, to divide logits by.
    """
    candidates = torch.logspace(-1, 1, 401, base=4)
    losses = [functional.cross_entropy(logits / t, labels).item() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def _has_fast_bfloat16() -> bool:
    # PyTorch asks the CPU, but has no public names for the answers in all versions that we allow.
    questions = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(getattr(torch.cpu, question, bool)() for question in questions)


def describe(config: Config) -> dict[str, object]:
    """Give the configuration as plain values, for cards and logs."""
    return dataclasses.asdict(config)
