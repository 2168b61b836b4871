"""From a model and somebody's own drawings to a model that reads that hand better.

The drawings are few, so the network must not forget what it knew: half and more of each batch is
rehearsal, on which it is held to what it thought before. Its batch normalisation keeps the
statistics that it came with, since those of a few drawings would not be true of any others.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from digitnet.errors import DataError, reason_of
from digitnet.ink import Drawing
from digitnet.manifest import SAFETENSORS_NAME, load_manifest, shipped_model
from digitnet.recognizer import Recognizer
from digitnet.training import devices
from digitnet.training.augmentation import augment
from digitnet.training.config import Config
from digitnet.training.data import Pictures, labels_of, mnist_train, split, validation_size
from digitnet.training.distillation import Teachers
from digitnet.training.export import add_facts, export, load_pretrained
from digitnet.training.network import NONE, DigitNet
from digitnet.training.optimization import new_optimizer, set_learning_rate
from digitnet.training.rehearsal import make_rehearsal
from digitnet.training.stroke_augmentation import draw_varied
from digitnet.training.user_drawings import OwnInk, count_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COMPARED = 1000
"""Pictures that are made to compare answers on; their seed is another than the rehearsal's."""


@dataclass(frozen=True)
class Finetuning:
    """How to fine-tune.

    Attributes:
        steps: of the optimiser.
        own: drawings a step, each drawn in another way than ever before.
        rehearsed: pictures a step that are gone over again.
        pool: pictures that are made for that.
        keeping: how much more rehearsal weighs in the loss than a label does.
        learning_rate: at its highest.
        temperature: of the opinions that are to be kept.
        held: share of the drawings of each digit that is put aside to measure by.
        seed: of everything that chance decides.
        threads: PyTorch's; 0 leaves its own choice.
    """

    steps: int = 150
    own: int = 32
    rehearsed: int = 96
    pool: int = 4000
    keeping: float = 3.0
    learning_rate: float = 5e-4
    temperature: float = 2.0
    held: float = 0.2
    seed: int = 1
    threads: int = 0


@dataclass(frozen=True)
class Report:
    """What came of it.

    Attributes:
        learned: how many drawings of each digit were learned from.
        held: how many of each were put aside.
        left_out: how many drawings could not be learned from, by the reason.
        held_before: of those put aside, how many the model read rightly before.
        held_after: and how many it reads rightly now.
        made: pictures that were made to compare its answers on, of digits and of none.
        made_same: how many of these it answers as before.
        mnist: MNIST pictures that were put aside; 0 without MNIST.
        mnist_before: how many of these the model read rightly before.
        mnist_after: and how many it reads rightly now.
    """

    learned: dict[str, int]
    held: dict[str, int]
    left_out: dict[str, int]
    held_before: int
    held_after: int
    made: int
    made_same: int
    mnist: int
    mnist_before: int
    mnist_after: int


def finetune(
    config: Finetuning,
    ink: OwnInk,
    out: Path,
    *,
    model: Path | None = None,
    data: Path | None = None,
    device: str = devices.AUTO,
    on_step: Callable[[], object] = lambda: None,
) -> Report:
    """Teach a model somebody's hand, and write the result to a folder.

    Args:
        config: how.
        ink: the drawings.
        out: the new model's folder.
        model: the folder of the model to begin with; None for the shipped one.
        data: the folder that holds MNIST/raw; with it, half of the rehearsal is MNIST's.
        device: one of `devices.NAMES`.
        on_step: called after every step.

    Returns:
        what was measured before and after.

    Raises:
        ModelError: `model` is no model that can be trained on.
        DataError: `data` holds no MNIST, there is no such device, or `out` cannot be written.
    """
    if config.threads:
        torch.set_num_threads(config.threads)
    place = devices.choose(device)
    folder = model or shipped_model()
    card, before, start = load_manifest(folder), Recognizer(folder), load_pretrained(folder)
    rehearsed, validation = None, None
    if data:
        pictures = mnist_train(data)
        size = validation_size(Config.validation, pictures)
        rehearsed, validation = split(pictures, size, Config.split)
    network = _train(config, ink.learned, start, rehearsed, place, on_step)
    facts = {
        "name": "digitnet, fine-tuned",
        "began_with": card.sha256[SAFETENSORS_NAME],
        "recipe": asdict(config),
        "torch": torch.__version__,
    }
    try:
        export(network, out, threshold=card.threshold, facts=facts)
        report = _compare(before, Recognizer(out), ink, validation, config.seed)
        add_facts(out, {"finetuned": asdict(report)})
    except OSError as error:
        raise DataError(
            f"{out}: cannot be written: {reason_of(error)}; choose another --out"
        ) from None
    return report


def _train(
    config: Finetuning,
    drawings: Sequence[Drawing],
    start: DigitNet,
    mnist: Pictures | None,
    place: torch.device,
    on_step: Callable[[], object],
) -> DigitNet:
    """Learn drawings by their labels, and rehearsal by what the network thought at the start."""
    rng = np.random.default_rng(config.seed)
    network = copy.deepcopy(start).to(place).to(memory_format=torch.channels_last).eval()
    opinions_of = Teachers([start], config.temperature, place)
    optimizer = new_optimizer(network, weight_decay=0.0)
    made = make_rehearsal(config.pool, rng).float() / 255
    pool = torch.cat([made, _vary(mnist, config)]) if mnist else made
    labels = labels_of(drawings)
    paths = [[stroke.xy for stroke in drawing.strokes] for drawing in drawings]
    for step in range(config.steps):
        chosen = rng.integers(0, len(drawings), config.own)
        drawn = np.stack([draw_varied(int(labels[i]), paths[i], rng) for i in chosen])
        own = torch.from_numpy(drawn).float() / 255
        rehearsed = pool[rng.integers(0, len(pool), config.rehearsed)]
        images = torch.cat([own, rehearsed]).to(place)
        set_learning_rate(optimizer, config.learning_rate, step / config.steps)
        with devices.fast_precision(place):
            logits = network(images).float()
            opinions = opinions_of.opinions(images[config.own :])
        loss = functional.cross_entropy(logits[: config.own], labels[chosen].to(place))
        loss = loss + config.keeping * opinions_of.loss(logits[config.own :], opinions)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        on_step()
    return network.cpu()


def _vary(mnist: Pictures, config: Finetuning) -> Tensor:
    chance = torch.Generator().manual_seed(config.seed)
    return augment(mnist.images[: config.pool], chance)


def _compare(
    before: Recognizer, after: Recognizer, ink: OwnInk, mnist: Pictures | None, seed: int
) -> Report:
    """Count what two models read rightly, and how often they agree on what nobody drew."""
    made = make_rehearsal(_COMPARED, np.random.default_rng([seed, _COMPARED])).numpy()
    return Report(
        learned=count_words(ink.learned),
        held=count_words(ink.held),
        left_out=dict(ink.left_out),
        held_before=_right(before, ink.held),
        held_after=_right(after, ink.held),
        made=len(made),
        made_same=int((_answers(before, made) == _answers(after, made)).sum()),
        mnist=len(mnist) if mnist else 0,
        mnist_before=_right_pictures(before, mnist),
        mnist_after=_right_pictures(after, mnist),
    )


def _right(recognizer: Recognizer, drawings: Sequence[Drawing]) -> int:
    """Count the drawings that are read as what they mean, from strokes to accepted digits."""
    predictions = recognizer.predict_many(drawings)
    return sum(p.text == drawing.word for p, drawing in zip(predictions, drawings, strict=True))


def _right_pictures(recognizer: Recognizer, pictures: Pictures | None) -> int:
    if not pictures:
        return 0
    return int((_answers(recognizer, pictures.images.numpy()) == pictures.labels.numpy()).sum())


def _answers(recognizer: Recognizer, images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Give the digit that each picture is accepted as, or `NONE`."""
    probabilities, likelihoods = recognizer.answer(images)
    accepted = recognizer.accepts(probabilities, likelihoods)
    return np.where(accepted, probabilities.argmax(axis=1), NONE)


def as_text(report: Report) -> str:
    """Lay a report out for people."""
    lines = [f"learned from {_counted(report.learned)}"]
    if report.left_out:
        left = ", ".join(f"{count:,} {why}" for why, count in sorted(report.left_out.items()))
        lines.append(f"left out: {left}")
    if total := sum(report.held.values()):
        lines.append(
            f"put aside {_counted(report.held)}; of these read rightly: "
            f"{report.held_before:,} of {total:,} before, {report.held_after:,} now"
        )
    else:
        lines.append("too few drawings to put some aside and measure by them")
    lines.append(
        f"made ink, digits and none: {report.made_same:,} of {report.made:,} answered as before"
    )
    if report.mnist:
        lines.append(
            f"MNIST pictures put aside, read rightly: {report.mnist_before:,} of "
            f"{report.mnist:,} before, {report.mnist_after:,} now"
        )
    return "\n".join(lines)


def _counted(words: Mapping[str, int]) -> str:
    each = ", ".join(f"{word}: {count:,}" for word, count in words.items())
    return f"{sum(words.values()):,} drawings ({each})"
