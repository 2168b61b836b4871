"""Which ink counted for an answer, and which against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitnet.recognizer import Recognizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDE = 28
_PATCH, _STEP = 4, 2  # pixels


def occlusion(recognizer: Recognizer, image: NDArray[np.uint8], label: int) -> NDArray[np.float32]:
    """Wipe the ink patch by patch, and see how the answer's log-odds change.

    Zeiler, Fergus: "Visualizing and understanding convolutional networks", 2014, section 4.2; here
    the patch takes the colour of paper, and the log-odds stand for the probability, which hardly
    moves where the network is sure.

    Args:
        recognizer: with the network.
        image: uint8 (28, 28), what the network saw.
        label: the digit, 0 to 9, that is asked about.

    Returns:
        float32 (28, 28): by how much the log-odds of `label` fall, on average, when a patch with
        this pixel is wiped; above 0 the ink counts for it, below 0 against it, and 0 is paper.
    """
    corners = [
        (top, left)
        for top in range(0, _SIDE - _PATCH + 1, _STEP)
        for left in range(0, _SIDE - _PATCH + 1, _STEP)
        if image[top : top + _PATCH, left : left + _PATCH].any()
    ]
    if not corners:
        return np.zeros((_SIDE, _SIDE), np.float32)
    wiped = np.repeat(image[None], len(corners) + 1, axis=0)
    for picture, (top, left) in zip(wiped, corners, strict=False):
        picture[top : top + _PATCH, left : left + _PATCH] = 0
    shares = recognizer.classify(wiped)[:, label].astype(np.float64).clip(1e-9, 1 - 1e-9)
    odds = np.log(shares / (1 - shares))
    sums, counts = np.zeros((2, _SIDE, _SIDE))
    for fall, (top, left) in zip(odds[-1] - odds[:-1], corners, strict=True):
        sums[top : top + _PATCH, left : left + _PATCH] += fall
        counts[top : top + _PATCH, left : left + _PATCH] += 1
    return np.where(image > 0, sums / np.maximum(counts, 1), 0).astype(np.float32)
