"""The result of reading a source: its digits, with everything known about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitnet.ink import Box

UNREAD = "?"
"""What ink that is not a digit reads as beside digits."""

_AS_HIGH = (0.5, 2.0)
"""Heights of unread ink of an image that reads as `UNREAD`, as shares of its line's digits."""

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
        accepted: False if the ink is probably not a digit, if no label has a probability of 0.5, or
            if it is like a one but stands between digits like a slash.
        box: (left, top, width, height) in the source's pixels; in drawings, of the points, without
            the width of the pen.
        image: what the network saw, uint8 (28, 28), 255 for ink.
        strokes: indices, ascending, of the strokes in the drawing that it has ink of; None for
            images. Digits that were drawn without lifting the pen share a stroke.
        line: index of its line, from 0 at the top.
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
        """What was read, such as "7" or "2026"; "" if no digit was accepted.

        Beside an accepted digit, ink that is none reads as "?", such as "3?50". Of an image this
        is only ink about as high as the digits of its line: the rest may be dust or ruled lines.
        Lines are joined without a separator; `Digit.line` tells them apart.
        """
        heights = defaultdict(list)
        for digit in self.digits:
            if digit.accepted:
                heights[digit.line if digit.strokes is None else None].append(digit.box[3])
        typical = {line: sorted(of_line)[len(of_line) // 2] for line, of_line in heights.items()}
        return "".join(
            str(digit.label) if digit.accepted else UNREAD
            for digit in self.digits
            if digit.accepted or _is_beside(digit, typical)
        )

    @property
    def confidence(self) -> float:
        """The confidence of the least confident digit, 0 to 1; 0 if there are none."""
        return min((digit.confidence for digit in self.digits), default=0.0)


def _is_beside(digit: Digit, typical: Mapping[int | None, float]) -> bool:
    """Whether ink that is not a digit stands beside digits.

    Args:
        digit: the ink.
        typical: the median height of the accepted digits of each line of an image; under None, of
            all digits of a drawing.
    """
    if digit.strokes is not None:
        return None in typical
    low, high = _AS_HIGH
    height = typical.get(digit.line)
    return height is not None and low * height <= digit.box[3] <= high * height
