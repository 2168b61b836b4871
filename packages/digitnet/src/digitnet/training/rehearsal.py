"""Images that keep a network from forgetting what it knew while it learns something new.

The ink is synthetic and has no labels: the network's own earlier answers to it are what it must
preserve (Z. Li, D. Hoiem: "Learning without forgetting", 2016).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from digitnet.training.network import DIGITS, NONE
from digitnet.training.stroke_augmentation import render_augmented
from digitnet.training.synthetic.negatives import make_negatives
from digitnet.training.synthetic.prototypes import make_digit, make_fragments
from digitnet.training.synthetic.shapes import SEEN, Paths


def make_rehearsal(count: int, rng: np.random.Generator) -> Tensor:
    """Make images of everything a network should still know.

    Args:
        count: Number of images.
        rng: Source of all randomness.

    Returns:
        uint8 (count, 28, 28)
    """
    images = np.empty((count, 28, 28), np.uint8)
    for index in range(count):
        label, ink, is_mark = make_rehearsal_ink(rng)
        images[index] = render_augmented(label, ink, rng, is_mark=is_mark)
    return torch.from_numpy(images)


def make_rehearsal_ink(rng: np.random.Generator) -> tuple[int, Paths, bool]:
    """Make ink: half the time a digit, else fragments of digits, a shape or a mark.

    Returns:
        (label, paths, whether it is a tiny mark), before augmentation.
    """
    kind = rng.random()
    if kind < 0.5:
        digit = int(rng.integers(DIGITS))
        return digit, make_digit(digit, rng), False
    if kind < 0.75:
        return NONE, make_fragments(rng), False
    [(_, shape)] = make_negatives(1, SEEN, rng)
    return NONE, shape, bool(rng.random() < 0.15)
