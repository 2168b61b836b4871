"""What a network goes over again while it learns something new, so as not to forget the old.

Ink is made, and the network from before says what it thinks of it: not what the ink is meant to be,
but those opinions are to be kept (Z. Li, D. Hoiem: "Learning without forgetting", 2016).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from digitnet.training.network import DIGITS, NONE
from digitnet.training.stroke_augmentation import draw_varied
from digitnet.training.synthetic.negatives import make_negatives
from digitnet.training.synthetic.prototypes import make_digit, make_scrap
from digitnet.training.synthetic.shapes import SEEN


def make_rehearsal(count: int, rng: np.random.Generator) -> Tensor:
    """Make pictures of all that a network should still know: half digits, the rest around them.

    Args:
        count: how many.
        rng: where all chance is from.

    Returns:
        uint8 (count, 28, 28)
    """
    images = np.empty((count, 28, 28), np.uint8)
    for index in range(count):
        kind = rng.random()
        if kind < 0.5:
            digit = int(rng.integers(DIGITS))
            images[index] = draw_varied(digit, make_digit(digit, rng), rng)
        elif kind < 0.75:
            images[index] = draw_varied(NONE, make_scrap(rng), rng)
        else:
            [(_, shape)] = make_negatives(1, SEEN, rng)
            images[index] = draw_varied(NONE, shape, rng, is_mark=bool(rng.random() < 0.15))
    return torch.from_numpy(images)
