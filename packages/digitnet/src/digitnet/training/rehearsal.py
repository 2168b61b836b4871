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
from digitnet.training.synthetic.shapes import SEEN


def make_rehearsal(count: int, rng: np.random.Generator) -> Tensor:
    """Make images of everything a network should still know.

    Half of them are digits, a quarter fragments of digits, and a quarter shapes and marks.

    Args:
        count: Number of images.
        rng: Source of all randomness.

    Returns:
        uint8 (count, 28, 28)
    """
    images = np.empty((count, 28, 28), np.uint8)
    for index in range(count):
        kind = rng.random()
        if kind < 0.5:
            digit = int(rng.integers(DIGITS))
            images[index] = render_augmented(digit, make_digit(digit, rng), rng)
        elif kind < 0.75:
            images[index] = render_augmented(NONE, make_fragments(rng), rng)
        else:
            [(_, shape)] = make_negatives(1, SEEN, rng)
            is_mark = bool(rng.random() < 0.15)
            images[index] = render_augmented(NONE, shape, rng, is_mark=is_mark)
    return torch.from_numpy(images)
