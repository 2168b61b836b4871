"""The drawings of one user, as digitdraw saves them: reading them and choosing the usable ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitnet.errors import DataError
from digitnet.ink import UNLABELLED, Drawing, Stroke
from digitnet.recordings import find_recordings, read_drawings


@dataclass(frozen=True)
class UserDrawings:
    """Drawings for fine-tuning and for measuring its effect.

    Attributes:
        learned: Training drawings, each labelled with one digit, or "" if it is not a digit.
        held: The same, held out.
        left_out: Numbers of unusable drawings, by reason.
    """

    learned: Sequence[Drawing]
    held: Sequence[Drawing]
    left_out: Mapping[str, int]


def read_user_drawings(paths: Iterable[Path], share: float, seed: int) -> UserDrawings:
    """Read drawings, leave out unusable ones, and hold out some of each digit.

    Args:
        paths: Recordings files, and folders and patterns of them.
        share: Share of each digit's drawings to hold out; their number is rounded.
        seed: Decides which.

    Raises:
        RecordingError: A file does not exist or cannot be read.
        DataError: No drawing is usable.
    """
    usable: dict[tuple[Stroke, ...], Drawing] = {}
    left_out: Counter[str] = Counter()
    files = find_recordings(paths)
    for drawing in (drawing for file in files for drawing in read_drawings(file)):
        if reason := _reason_to_skip(drawing):
            left_out[reason] += 1
        elif drawing.strokes in usable:
            left_out["saved twice"] += 1
            usable[drawing.strokes] = drawing  # the latest label of the same ink counts
        else:
            usable[drawing.strokes] = drawing
    if not usable:
        found = _format_counts(left_out) if left_out else "nothing"
        raise DataError(
            f"{files[0]}{' and others' if files[1:] else ''}: no labelled drawing of one digit, "
            f"found {found}; label the drawings in digitdraw and save them"
        )
    learned, held = _split_by_word(list(usable.values()), share, seed)
    return UserDrawings(learned, held, dict(left_out))


def count_words(drawings: Iterable[Drawing]) -> dict[str, int]:
    """Count drawings by label: "0" to "9", and "none" for those that are not digits."""
    counts = Counter(drawing.word or "none" for drawing in drawings)
    return {word: counts[word] for word in sorted(counts)}


def _format_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items()))


def _reason_to_skip(drawing: Drawing) -> str:
    """Return why a drawing is unusable, or "" if it is usable."""
    if UNLABELLED in drawing.tags:
        return UNLABELLED
    if drawing.events:
        return "whole sessions"
    if not drawing.strokes:
        return "blank"
    if drawing.word not in {"", *"0123456789"}:
        return "of several digits" if drawing.word.isdigit() else "with other labels"
    return ""


def _split_by_word(
    drawings: Sequence[Drawing], share: float, seed: int
) -> tuple[list[Drawing], list[Drawing]]:
    rng = np.random.default_rng(seed)
    learned: list[Drawing] = []
    held: list[Drawing] = []
    for word in sorted({drawing.word for drawing in drawings}):
        same = [drawing for drawing in drawings if drawing.word == word]
        order = rng.permutation(len(same))
        count = round(share * len(same))
        held += [same[index] for index in order[:count]]
        learned += [same[index] for index in order[count:]]
    return learned, held
