"""From the networks' answers to digits: what the caller knows, and which ink is which digit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.alternatives import Answer, Ways
from digitnet.errors import ArgumentError
from digitnet.ink import union
from digitnet.prediction import Digit, Prediction
from digitnet.preprocessing.lattice import Candidate, best_path, score
from digitnet.preprocessing.segmentation import Line, segment
from digitnet.preprocessing.single_digit import Cell, find_cell
from digitnet.preprocessing.slashes import find_slashes

if TYPE_CHECKING:
    from digitnet.preprocessing.cache import Answers, RecognitionCache
    from digitnet.preprocessing.sources import Source

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

    def find(self, source: Source, cache: RecognitionCache) -> list[Line]:
        """Find the ink of a source, as `segment` and `find_cell` do."""
        return segment(source, cache) if self.digits is None else find_cell(source, cache)

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


def read_source(lines: Sequence[Line], answers: Iterator[Answer]) -> Prediction:
    """Choose the digits of a source.

    Args:
        lines: of its ink.
        answers: to each candidate of each line, in order.
    """
    digits: list[Digit] = []
    ways: list[Ways] = []
    for number, line in enumerate(lines):
        answer = {candidate: next(answers) for candidate in line.inks}
        if isinstance(line.lattice, Cell):
            row, way = _read_cell(line, line.lattice, number, answer)
        else:
            row, way = _read_line(line, number, answer)
        digits += row
        ways.append(way)
    return Prediction(tuple(digits), tuple(ways))


def _read_line(
    line: Line, number: int, answer: Mapping[Candidate, Answer]
) -> tuple[list[Digit], Ways]:
    scores = {
        candidate: score(*answer[candidate][:2], parts)
        for candidate, parts in line.lattice.parts.items()
    }
    path = best_path(line.lattice, scores)
    row = [_to_digit(line, number, best, answer[best]) for best in path]
    slashes: set[int] = set()
    if len(row) > 2:  # a slash is between two digits
        boxes = [digit.box if digit.accepted else None for digit in row]
        slashes = find_slashes(boxes, [line.inks[best].path for best in path])
        for index in slashes:
            row[index] = replace(row[index], accepted=False)
    unread = frozenset(path[index] for index in slashes)
    return row, Ways(line.lattice, line.boxes, scores, answer, unread)


def _read_cell(
    line: Line, cell: Cell, number: int, answer: Mapping[Candidate, Answer]
) -> tuple[list[Digit], Ways]:
    """Choose the best digit of a cell, or if there is none, the ink that is most like one."""
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
    digit = _to_digit(line, number, best, checked[best])
    return [digit], Ways(cell, line.boxes, bounded, checked, nothing=-cell.nothing)


def _to_digit(line: Line, line_number: int, candidate: Candidate, answer: Answer) -> Digit:
    probabilities, likelihood, accepted = answer
    label = int(probabilities.argmax())
    members = line.lattice.members(candidate)
    return Digit(
        label=label,
        confidence=float(probabilities[label]),
        probabilities=probabilities,
        likelihood=float(likelihood),
        accepted=bool(accepted),
        box=union([line.boxes[index] for index in members]),
        image=line.inks[candidate].image,
        strokes=tuple(sorted({line.strokes[i] for i in members})) if line.strokes else None,
        line=line_number,
    )
