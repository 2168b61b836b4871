"""Shows which ink counted for an answer, and which against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitnet.recognizer import Recognizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDE = 28
_PATCH, _STEP = 4, 2  # pixels


def occlusion(recognizer: Recognizer, image: NDArray[np.uint8], label: int) -> NDArray[np.float32]:
    """Erase the ink patch by patch, and measure how the answer's log-odds change.

    Zeiler, Fergus: "Visualizing and understanding convolutional networks", 2014, section 4.2. Here,
    a patch is painted as paper, and log-odds replace the probability, which hardly changes when the
    network is certain.

    Args:
        recognizer: runs the network.
        image: uint8 (28, 28), what the network saw.
        label: the digit to explain, 0 to 9.

    Returns:
        float32 (28, 28): by how much the log-odds of `label` fall, on average, when a patch with
        this pixel is erased; above 0 the ink counts for it, below 0 against it; 0 for paper.
    """
    corners = [
        (top, left)
        for top in range(0, _SIDE - _PATCH + 1, _STEP)
        for left in range(0, _SIDE - _PATCH + 1, _STEP)
        if image[top : top + _PATCH, left : left + _PATCH].any()
    ]
    if not corners:
        return np.zeros((_SIDE, _SIDE), np.float32)
    erased = np.repeat(image[None], len(corners) + 1, axis=0)
    for copy, (top, left) in zip(erased, corners, strict=False):
        copy[top : top + _PATCH, left : left + _PATCH] = 0
    probabilities = recognizer.classify(erased)[:, label].astype(np.float64).clip(1e-9, 1 - 1e-9)
    odds = np.log(probabilities / (1 - probabilities))
    sums, counts = np.zeros((2, _SIDE, _SIDE))
    for fall, (top, left) in zip(odds[-1] - odds[:-1], corners, strict=True):
        sums[top : top + _PATCH, left : left + _PATCH] += fall
        counts[top : top + _PATCH, left : left + _PATCH] += 1
    return np.where(image > 0, sums / np.maximum(counts, 1), 0).astype(np.float32)
