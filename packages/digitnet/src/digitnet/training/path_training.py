"""Training of the network that reads the pen's path."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from digitnet.ink import Drawing
from digitnet.preprocessing.pen_path import pen_path
from digitnet.training import devices
from digitnet.training.batches import sample_ink
from digitnet.training.config import Config
from digitnet.training.optimization import make_optimizer, set_learning_rate, update_ema
from digitnet.training.path_network import PathNet
from digitnet.training.stroke_augmentation import augment_strokes, mark_size

if TYPE_CHECKING:
    from numpy.typing import NDArray


_LEARNING_RATE = 4e-3
_EMA_DECAY = 0.998


def fit_path(
    config: Config,
    drawings: Sequence[Drawing],
    *,
    device: str = devices.AUTO,
    on_epoch: Callable[[int, float], object] = lambda _number, _loss: None,
) -> PathNet:
    """Train a network on the paths of drawings and of made ink, augmented anew in each epoch.

    Args:
        config: The training settings. The learning rate and the average's decay are this network's
            own.
        drawings: Each labelled with one digit, or "" if it is not a digit.
        device: One of `devices.NAMES`.
        on_epoch: Called after every epoch with its number, from 1, and its mean loss.

    Returns:
        The averaged network, on the CPU, in evaluation mode.

    Raises:
        DataError: A drawing cannot be used, or the device is not available.
    """
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    target = devices.resolve(device)
    rng = np.random.default_rng(config.seed)
    model = PathNet().to(target)
    average = copy.deepcopy(model).eval()
    optimizer = make_optimizer(model, config.weight_decay)
    step = 0
    for number in range(1, config.path_epochs + 1):
        model.train()
        paths, labels = augmented_paths(drawings, config, rng)
        order = torch.from_numpy(rng.permutation(len(labels)))
        batches = torch.split(order, config.batch_size)
        total = 0.0
        for index in batches:
            progress = step / (config.path_epochs * len(batches))
            set_learning_rate(optimizer, _LEARNING_RATE, progress)
            with devices.fast_precision(target):
                logits = model(paths[index].to(target)).float()
            loss = functional.cross_entropy(logits, labels[index].to(target))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            update_ema(average, model, min(_EMA_DECAY, (step + 1) / (step + 11)))
            total += loss.item()
            step += 1
        on_epoch(number, total / len(batches))
    return average.cpu()


def augmented_paths(
    drawings: Sequence[Drawing], config: Config, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Return the paths of one epoch, float (n, CHANNELS, POINTS), and labels, int64 (n,)."""
    samples = sample_ink(drawings, config, rng)
    paths = [augmented_path(label, ink, rng, is_mark=is_mark) for label, ink, is_mark in samples]
    labels = torch.tensor([label for label, *_ in samples])
    return torch.from_numpy(np.stack(paths)), labels


def augmented_path(
    label: int,
    paths: Sequence[NDArray[np.float64]],
    rng: np.random.Generator,
    *,
    is_mark: bool = False,
) -> NDArray[np.float32]:
    """Augment ink and find its path.

    Args:
        label: 0 to 9, or `NONE`, as for `augment_strokes`.
        paths: float (n, 2) each, n >= 1.
        rng: Source of all randomness.
        is_mark: Make it tiny.

    Returns:
        float32 (CHANNELS, POINTS)
    """
    augmented = augment_strokes(label, paths, rng)
    return pen_path(augmented, smallest=mark_size(augmented, rng) if is_mark else 0.0)
