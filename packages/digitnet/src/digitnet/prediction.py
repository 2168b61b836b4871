"""The result of reading a source: its digits, with everything known about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from digitnet.alternatives import Edge, Piece, Ways, best_readings
from digitnet.errors import ArgumentError
from digitnet.ink import Box

UNREAD = "?"
"""What ink that is not a digit reads as beside digits."""

_AS_HIGH = (0.5, 2.0)
"""Heights of unread ink of an image that reads as `UNREAD`, as shares of its line's digits."""

_READINGS = 32
"""Readings that are added up to texts, at least; fewer would miss some of the probability."""

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


class Alternative(NamedTuple):
    """A text for a whole source, and its probability, 0 to 1."""

    text: str
    probability: float


@dataclass(frozen=True, eq=False)
class Prediction:
    """The digits of a source, in reading order."""

    digits: tuple[Digit, ...]
    _ways: tuple[Ways, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """What was read, such as "7" or "2026"; "" if no digit was accepted.

        Beside an accepted digit, ink that is none reads as "?", such as "3?50". Of an image this
        is only ink about as high as the digits of its line: the rest may be dust or ruled lines.
        Lines are joined without a separator; `Digit.line` tells them apart.
        """
        return _spell(
            [
                Piece(digit.label if digit.accepted else None, digit.box[3], digit.line)
                for digit in self.digits
            ],
            is_drawing=self._is_drawing,
        )

    @property
    def confidence(self) -> float:
        """The confidence of the least confident digit, 0 to 1; 0 if there are none."""
        return min((digit.confidence for digit in self.digits), default=0.0)

    def alternatives(self, count: int = 3) -> list[Alternative]:
        """Return `text` and then the most probable other texts of the whole source.

        A text's probability is that of all likely readings with it, where a reading is one way to
        cut the ink into digits, and one label for each or none. Readings weigh what the search for
        the answer counts, and all of a source's readings add up to 1, so these texts add up to 1 at
        most. They compare texts for the same ink: they are not calibrated, as those of a single
        digit are, and other texts do not know what only the place of ink tells, such as slashes.

        Args:
            count: how many texts to return at most; there may be fewer.

        Raises:
            ArgumentError: the count is not at least 1.
        """
        if type(count) is not int or count < 1:
            raise ArgumentError(f"count={count!r}: pass an integer of at least 1")
        lines: list[Iterable[Edge]] = [way.edges() for way in self._ways] or [self._edges()]
        found: defaultdict[str, float] = defaultdict(float, {self.text: 0.0})
        # More readings than texts, as several can have the same text.
        for probability, pieces in best_readings(lines, max(_READINGS, 2 * count)):
            found[_spell(pieces, is_drawing=self._is_drawing)] += probability
        texts = sorted(found, key=lambda text: (text != self.text, -found[text]))
        return [Alternative(text, min(found[text], 1.0)) for text in texts[:count]]

    @property
    def _is_drawing(self) -> bool:
        return any(digit.strokes is not None for digit in self.digits)

    def _edges(self) -> list[Edge]:
        """Return the digits alone, where no other ways to cut are known."""
        return [
            Edge(i, i + 1, 0.0, d.box[3], (d.probabilities, d.likelihood, d.accepted))
            for i, d in enumerate(self.digits)
        ]


def _spell(pieces: Sequence[Piece], *, is_drawing: bool) -> str:
    heights = defaultdict(list)
    for piece in pieces:
        if piece.label is not None:
            heights[None if is_drawing else piece.line].append(piece.height)
    typical = {line: sorted(of_line)[len(of_line) // 2] for line, of_line in heights.items()}
    return "".join(
        UNREAD if piece.label is None else str(piece.label)
        for piece in pieces
        if piece.label is not None or _is_beside(piece, typical, is_drawing=is_drawing)
    )


def _is_beside(piece: Piece, typical: Mapping[int | None, float], *, is_drawing: bool) -> bool:
    """Whether ink that is not a digit stands beside digits.

    Args:
        piece: the ink.
        typical: the median height of the accepted digits of each line of an image; under None, of
            all digits of a drawing.
        is_drawing: whether it was drawn.
    """
    if is_drawing:
        return None in typical
    low, high = _AS_HIGH
    height = typical.get(piece.line)
    return height is not None and low * height <= piece.height <= high * height
