"""What a source was read as: digits, each with all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitnet.ink import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit that was found.

    Attributes:
        label: 0 to 9.
        confidence: the label's probability, 0 to 1.
        probabilities: of 0 to 9 given that it is a digit, float32 (10,).
        likelihood: that the ink is a digit at all, 0 to 1.
        accepted: False where the ink is likely no digit, or no digit has half of the probability.
        box: (left, top, width, height) in the source's pixels; a line's width is not counted in
            drawings.
        image: what the network saw, uint8 (28, 28), 255 for ink.
        strokes: indices of the drawing's strokes that it is made of; None for pictures.
        line: which of a picture's lines of digits it stands on, from 0 at the top; 0 in drawings.
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
    """What a source was read as: its digits in reading order."""

    digits: tuple[Digit, ...]

    @property
    def text(self) -> str:
        """The accepted digits, such as "7" or "2026"; "" where there is none.

        Nothing stands between a picture's lines: `Digit.line` tells them apart.
        """
        return "".join(str(digit.label) for digit in self.digits if digit.accepted)

    @property
    def confidence(self) -> float:
        """The confidence of the least confident digit, 0 to 1; 0 where there is none."""
        return min((digit.confidence for digit in self.digits), default=0.0)
