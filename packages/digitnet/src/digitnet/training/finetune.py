"""Fine-tuning: from a model and one user's drawings to a model that reads that user better.

The drawings are few, so the network must not forget what it knew: most of each batch is rehearsal,
on which the network is distilled from its former self. Batch normalisation keeps the statistics of
the original training, as those of a few drawings would not hold for other ink.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from digitnet.errors import DataError, reason_of
from digitnet.ink import Drawing
from digitnet.manifest import SAFETENSORS_NAME, load_manifest, shipped_model
from digitnet.recognizer import Recognizer
from digitnet.training import devices
from digitnet.training.augmentation import augment
from digitnet.training.config import Config
from digitnet.training.data import Pictures, labels_of, mnist_train, split, validation_size
from digitnet.training.distillation import TeacherEnsemble
from digitnet.training.export import (
    add_facts,
    export,
    load_pretrained,
    load_pretrained_path,
)
from digitnet.training.finetune_report import Report, compare
from digitnet.training.optimization import make_optimizer, set_learning_rate
from digitnet.training.path_training import augmented_path
from digitnet.training.rehearsal import make_rehearsal, make_rehearsal_ink
from digitnet.training.stroke_augmentation import render_augmented
from digitnet.training.user_drawings import UserDrawings

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Network = TypeVar("_Network", bound=nn.Module)

_View: TypeAlias = (
    "Callable[[int, Sequence[NDArray[np.float64]], np.random.Generator], NDArray[np.float32]]"
)


@dataclass(frozen=True)
class FinetuneConfig:
    """Fine-tuning settings.

    Attributes:
        steps: Optimizer steps.
        drawings_per_step: Drawings per step, augmented differently each time.
        rehearsal_per_step: Rehearsal images per step.
        pool: Rehearsal images to make.
        distillation_weight: Weight of the loss on rehearsal, relative to the loss on labels.
        distillation_temperature: Divides the logits in the loss on rehearsal.
        learning_rate: Peak learning rate.
        held: Share of the drawings of each digit to hold out for measurements.
        seed: Seed of everything that is random.
        threads: PyTorch's threads; 0 for PyTorch's default.
    """

    steps: int = 150
    drawings_per_step: int = 32
    rehearsal_per_step: int = 96
    pool: int = 4000
    distillation_weight: float = 3.0
    distillation_temperature: float = 2.0
    learning_rate: float = 5e-4
    held: float = 0.2
    seed: int = 1
    threads: int = 0


def finetune(
    config: FinetuneConfig,
    drawings: UserDrawings,
    out: Path,
    *,
    model: Path | None = None,
    data: Path | None = None,
    device: str = devices.AUTO,
    on_step: Callable[[], object] = lambda: None,
) -> Report:
    """Adapt a model to a user's handwriting, and write the result to a folder.

    Args:
        config: The settings.
        drawings: The user's drawings.
        out: The new model's folder.
        model: The folder of the model to start from; None for the shipped one.
        data: The folder containing MNIST/raw. With it, MNIST is rehearsed as well.
        device: One of `devices.NAMES`.
        on_step: Called after every step of the network for images; that for paths takes a tenth of
            the time.

    Returns:
        Measurements from before and after.

    Raises:
        ModelError: `model` is not a model that can be trained.
        DataError: `data` has no MNIST, the device is not available, or `out` cannot be written.
    """
    if config.threads:
        torch.set_num_threads(config.threads)
    target = devices.resolve(device)
    folder = model or shipped_model()
    manifest, before, start = load_manifest(folder), Recognizer(folder), load_pretrained(folder)
    mnist, validation = None, None
    if data:
        pictures = mnist_train(data)
        size = validation_size(Config.validation, pictures)
        mnist, validation = split(pictures, size, Config.split)
    rng = np.random.default_rng(config.seed)
    pool = _rehearsal_pool(config, mnist, rng)
    network = _train(config, drawings.learned, start, _as_picture, pool, target, on_step)
    path_network = load_pretrained_path(folder)
    if path_network:
        pool = _path_pool(config, rng)
        path_network = _train(config, drawings.learned, path_network, augmented_path, pool, target)
    facts = {
        "name": "digitnet, fine-tuned",
        "began_with": manifest.sha256[SAFETENSORS_NAME],
        "recipe": asdict(config),
        "torch": torch.__version__,
    }
    try:
        export(network, out, threshold=manifest.threshold, facts=facts, path_network=path_network)
        report = compare(before, Recognizer(out), drawings, validation, config.seed)
        add_facts(out, {"finetuned": asdict(report)})
    except OSError as error:
        raise DataError(
            f"{out}: cannot be written: {reason_of(error)}; choose another --out"
        ) from None
    return report


def _train(
    config: FinetuneConfig,
    drawings: Sequence[Drawing],
    start: _Network,
    view: _View,
    pool: Tensor,
    device: torch.device,
    on_step: Callable[[], object] = lambda: None,
) -> _Network:
    """Train on the drawings by their labels, and on rehearsal by the original network's answers.

    Args:
        config: The settings.
        drawings: The user's drawings.
        start: The original network.
        view: Augments ink, and returns what the network sees of it.
        pool: What it sees of the ink to rehearse.
        device: Where it is trained.
        on_step: Called after every step.
    """
    rng = np.random.default_rng(config.seed)
    network = copy.deepcopy(start).to(device).to(memory_format=torch.channels_last).eval()
    teacher = TeacherEnsemble([start], config.distillation_temperature, device)
    optimizer = make_optimizer(network, weight_decay=0.0)
    labels = labels_of(drawings)
    paths = [[stroke.xy for stroke in drawing.strokes] for drawing in drawings]
    count = config.drawings_per_step
    for step in range(config.steps):
        chosen = rng.integers(0, len(drawings), count)
        own = torch.from_numpy(np.stack([view(int(labels[i]), paths[i], rng) for i in chosen]))
        rehearsal = pool[rng.integers(0, len(pool), config.rehearsal_per_step)]
        seen = torch.cat([own, rehearsal]).to(device)
        set_learning_rate(optimizer, config.learning_rate, step / config.steps)
        with devices.fast_precision(device):
            logits = network(seen).float()
            soft_targets = teacher.soft_targets(seen[count:])
        loss = functional.cross_entropy(logits[:count], labels[chosen].to(device))
        loss = loss + config.distillation_weight * teacher.loss(logits[count:], soft_targets)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        on_step()
    return network.cpu()


def _as_picture(
    label: int, paths: Sequence[NDArray[np.float64]], rng: np.random.Generator
) -> NDArray[np.float32]:
    return render_augmented(label, paths, rng).astype(np.float32) / np.float32(255)


def _path_pool(config: FinetuneConfig, rng: np.random.Generator) -> Tensor:
    """Make the paths to rehearse, float (n, CHANNELS, POINTS)."""
    paths = []
    for _ in range(config.pool):
        label, ink, is_mark = make_rehearsal_ink(rng)
        paths.append(augmented_path(label, ink, rng, is_mark=is_mark))
    return torch.from_numpy(np.stack(paths))


def _rehearsal_pool(
    config: FinetuneConfig, mnist: Pictures | None, rng: np.random.Generator
) -> Tensor:
    """Make the images to rehearse, float (n, 28, 28); with MNIST, half of them are from there."""
    synthetic = make_rehearsal(config.pool, rng).float() / 255
    if not mnist:
        return synthetic
    generator = torch.Generator().manual_seed(config.seed)
    return torch.cat([synthetic, augment(mnist.images[: config.pool], generator)])
