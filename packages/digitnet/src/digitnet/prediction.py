"""The result of reading a source: its digits, with everything known about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitnet.ink import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Digit:
    """One recognized digit.

    Attributes:
        label: 0 to 9.
        confidence: the label's probability, 0 to 1.
        probabilities: of 0 to 9, given that it is a digit, float32 (10,).
        likelihood: probability that the ink is a digit at all, 0 to 1.
        accepted: False if the ink is probably not a digit, or no label has a probability of 0.5.
        box: (left, top, width, height) in the source's pixels; in drawings, of the points, without
            the width of the pen.
        image: what the network saw, uint8 (28, 28), 255 for ink.
        strokes: indices of its strokes in the drawing; None for images.
        line: index of its line in the image, from 0 at the top; 0 in drawings.
    """

    label: int
    confidence: float
    probabilities: NDArray[np.float32]
    likelihood: float
    accepted: bool
    box: Box
    image: NDArray[np.uint8]
    strokes: tuple[int, ...] | None
    line: int = 0


@dataclass(frozen=True, eq=False)
class Prediction:
    """The digits of a source, in reading order."""

    digits: tuple[Digit, ...]

    @property
    def text(self) -> str:
        """The accepted digits, such as "7" or "2026"; "" if there are none.

        The lines of an image are joined without a separator; `Digit.line` tells them apart.
        """
        return "".join(str(digit.label) for digit in self.digits if digit.accepted)

    @property
    def confidence(self) -> float:
        """The confidence of the least confident digit, 0 to 1; 0 if there are none."""
        return min((digit.confidence for digit in self.digits), default=0.0)
