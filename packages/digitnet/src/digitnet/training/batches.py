"""The data of one epoch: freshly augmented ink, shuffled with the MNIST images, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from digitnet.ink import Drawing
from digitnet.training.augmentation import augment
from digitnet.training.config import Config
from digitnet.training.data import Pictures, labels_of
from digitnet.training.network import NONE
from digitnet.training.stroke_augmentation import render_augmented
from digitnet.training.synthetic.negatives import make_negatives, make_pairs
from digitnet.training.synthetic.shapes import SEEN, Paths


def views_of(drawings: Sequence[Drawing], config: Config) -> list[Drawing]:
    """Return the drawings of one epoch: each digit as often as the configuration says."""
    return [*drawings, *[drawing for drawing in drawings if drawing.word] * (config.views - 1)]


def render_ink(drawings: Sequence[Drawing], config: Config, rng: np.random.Generator) -> Pictures:
    """Render the ink of one epoch, with new augmentation for every drawing.

    Ink that is not a digit is made in addition, in the numbers that the configuration says.

    Args:
        drawings: Each labelled with one digit, or "" if it is not a digit. If there are none, the
            result is empty.
        config: The training settings.
        rng: Source of all randomness.
    """
    if not drawings:
        return Pictures(torch.zeros((0, 28, 28), dtype=torch.uint8), torch.zeros(0).long())
    samples = sample_ink(drawings, config, rng)
    images = [
        render_augmented(label, paths, rng, is_mark=is_mark) for label, paths, is_mark in samples
    ]
    labels = torch.tensor([label for label, *_ in samples])
    return Pictures(torch.from_numpy(np.stack(images)), labels)


def sample_ink(
    drawings: Sequence[Drawing], config: Config, rng: np.random.Generator
) -> list[tuple[int, Paths, bool]]:
    """Return the ink of one epoch, before augmentation: that of all drawings, and made ink.

    Args:
        drawings: As for `render_ink`, at least one.
        config: The training settings.
        rng: Source of all randomness.

    Returns:
        (label, paths, whether it is a tiny mark) of each.
    """
    digits = [drawing for drawing in drawings if drawing.word]
    paths = [[stroke.xy for stroke in drawing.strokes] for drawing in drawings]
    others = [ink for _, ink in make_negatives(config.negatives, SEEN, rng)]
    others += make_pairs(digits, config.pairs if digits else 0, rng)
    # Ink of any shape is a mark, not a digit, if it is tiny next to other ink or for its pen.
    candidates = paths + others
    marks = [candidates[index] for index in rng.integers(0, len(candidates), config.marks)]
    labels = labels_of(drawings).tolist()
    samples = [(label, ink, False) for label, ink in zip(labels, paths, strict=True)]
    samples += [(NONE, ink, False) for ink in others]
    return samples + [(NONE, ink, True) for ink in marks]


def batches(
    pictures: Pictures, ink: Pictures, config: Config, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Shuffle MNIST's images and rendered ink together, and augment some of MNIST's.

    Ink is not augmented here: that was done on its strokes.

    Yields:
        images, float (batch_size, 28, 28), 0 to 1, and labels, int64 (batch_size,).
    """
    both = pictures + ink
    order = torch.randperm(len(both), generator=generator)
    size = config.batch_size
    for start in range(0, len(order) - size + 1, size):
        index = order[start : start + size]
        images = both.images[index].float() / 255
        from_mnist = (index < len(pictures)).nonzero()[:, 0]
        augmented = from_mnist[: round(config.augmented * len(from_mnist))]
        images[augmented] = augment(both.images[index[augmented]], generator)
        yield images, both.labels[index]
