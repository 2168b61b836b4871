"""What one epoch learns from: all ink drawn anew, shuffled with the pictures, batch by batch."""

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
from digitnet.training.stroke_augmentation import draw_varied
from digitnet.training.synthetic.negatives import make_negatives, two_at_once
from digitnet.training.synthetic.shapes import SEEN


def draw_ink(drawings: Sequence[Drawing], config: Config, rng: np.random.Generator) -> Pictures:
    """Draw all ink of one epoch, each drawing in another way than ever before.

    Args:
        drawings: each one digit, or none.
        config: how much that is no digit is made beside them.
        rng: where all chance is from.
    """
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


def batches(
    pictures: Pictures, ink: Pictures, config: Config, chance: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Shuffle both sources together; only pictures are varied here, ink was before it was drawn.

    Yields:
        images, float (batch_size, 28, 28), 0 to 1, and labels, int64 (batch_size,).
    """
    both = pictures + ink
    order = torch.randperm(len(both), generator=chance)
    size = config.batch_size
    for start in range(0, len(order) - size + 1, size):
        index = order[start : start + size]
        images = both.images[index].float() / 255
        from_mnist = (index < len(pictures)).nonzero()[:, 0]
        varied = from_mnist[: round(config.varied * len(from_mnist))]
        images[varied] = augment(both.images[index[varied]], chance)
        yield images, both.labels[index]
