"""What the caller knows about a source: that it holds one digit, or which digits can occur."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.alternatives import Answer, Ways
from digitnet.errors import ArgumentError
from digitnet.preprocessing.lattice import Candidate, score
from digitnet.preprocessing.segmentation import Line
from digitnet.preprocessing.single_digit import Cell

if TYPE_CHECKING:
    from digitnet.preprocessing.cache import Answers

# Less probability than this for all allowed labels together says nothing about any of them.
_NO_MASS = 1e-30


@dataclass(frozen=True)
class Expected:
    """What the caller knows about a source.

    Args:
        digits: 1 if it holds one digit or none; None if it may hold any number.
        allowed: the digits that can occur, such as "123456789"; None for all.

    Raises:
        ArgumentError: one of them is something else.
    """

    digits: int | None = None
    allowed: str | None = None

    def __post_init__(self) -> None:
        digits: Any = self.digits
        if digits is not None and (type(digits) is not int or digits != 1):
            raise ArgumentError(
                f"digits={digits!r}: pass 1 for a cell with one digit or none, or None for a number"
            )
        allowed: Any = self.allowed
        if allowed is not None and not (
            isinstance(allowed, str) and allowed and set(allowed) <= set("0123456789")
        ):
            shown = f"{allowed!r:.40}"
            raise ArgumentError(
                f'allowed={shown}: pass the digits that can occur as text, such as "123456789"'
            )

    def restrict(self, answers: Answers) -> Answers:
        """Return what answers say about the allowed digits alone.

        Returns:
            probabilities given that it is an allowed digit, which are 0 for all others, and the
            likelihoods of being one.
        """
        if self.allowed is None:
            return answers
        probabilities, likelihoods = answers
        is_allowed = np.zeros(10, np.bool_)
        is_allowed[[int(digit) for digit in self.allowed]] = True
        kept = np.where(is_allowed, probabilities, np.float32(0))
        mass = kept.sum(axis=1)
        is_known = mass > _NO_MASS
        kept[~is_known] = is_allowed / np.float32(is_allowed.sum())
        kept[is_known] /= mass[is_known, None]
        return kept, likelihoods * np.minimum(mass, np.float32(1))


def choose_digit(
    line: Line, cell: Cell, answer: Mapping[Candidate, Answer]
) -> tuple[Candidate, Answer, Ways]:
    """Choose the best digit of a cell, or if there is none, the ink that is most like one.

    Args:
        line: the ink of the cell.
        cell: its lattice.
        answer: of the networks, to each candidate.

    Returns:
        the candidate, the answer to it, and all other ways to read the cell.
    """
    scores = {
        candidate: score(*answer[candidate][:2], cell.parts[candidate]) - cost
        for candidate, cost in cell.left_out.items()
    }
    # What is not a digit itself, or less likely to be one than the ink is to hold none, is never
    # preferred to one.
    accepted = {
        candidate: bool(answer[candidate][2]) and scores[candidate] > -cell.nothing
        for candidate in scores
    }
    best = max(scores, key=lambda candidate: (accepted[candidate], scores[candidate], candidate))
    checked = {c: (*answer[c][:2], accepted[c]) for c in scores}
    bounded = {c: min(scores[c], scores[best]) for c in scores}
    return best, checked[best], Ways(cell, line.boxes, bounded, checked, nothing=-cell.nothing)
