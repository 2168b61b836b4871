"""Somebody's own drawings, as digitdraw saves them: which of them can be learned from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitnet.errors import DataError
from digitnet.ink import Drawing, Stroke
from digitnet.recordings import find_recordings, read_drawings

_UNLABELLED = "unlabelled"
"""The tag of a drawing whose word nobody has said."""


@dataclass(frozen=True)
class OwnInk:
    """Drawings to learn from, and others to measure by.

    Attributes:
        learned: each one digit, or with the word "" none.
        held: the same, put aside.
        left_out: how many drawings are neither, by the reason.
    """

    learned: Sequence[Drawing]
    held: Sequence[Drawing]
    left_out: Mapping[str, int]


def read_own_ink(paths: Iterable[Path], share: float, seed: int) -> OwnInk:
    """Read drawings, leave out those that cannot be learned from, and put some of each digit aside.

    Args:
        paths: recordings files, and folders and patterns of them.
        share: of each digit's drawings, rounded, that are put aside.
        seed: chooses which.

    Raises:
        RecordingError: a file is not there, or cannot be read.
        DataError: no drawing can be learned from.
    """
    found: dict[tuple[Stroke, ...], Drawing] = {}
    left_out: Counter[str] = Counter()
    files = find_recordings(paths)
    for drawing in (drawing for file in files for drawing in read_drawings(file)):
        if reason := _unfit(drawing):
            left_out[reason] += 1
        elif drawing.strokes in found:
            left_out["saved twice"] += 1
            found[drawing.strokes] = drawing  # what was said last about the ink counts
        else:
            found[drawing.strokes] = drawing
    if not found:
        what = f"but {_listed(left_out)}" if left_out else "they are empty"
        raise DataError(
            f"{files[0]}{' and others' if files[1:] else ''}: no drawing of one digit with its "
            f"label, {what}; say in digitdraw what each drawing is, and save it"
        )
    learned, held = _split_by_word(list(found.values()), share, seed)
    return OwnInk(learned, held, dict(left_out))


def count_words(drawings: Iterable[Drawing]) -> dict[str, int]:
    """Count drawings by what they mean: "0" to "9", and "none"."""
    counts = Counter(drawing.word or "none" for drawing in drawings)
    return {word: counts[word] for word in sorted(counts)}


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items()))


def _unfit(drawing: Drawing) -> str:
    """Say why a drawing cannot be learned from; "" if it can."""
    if _UNLABELLED in drawing.tags:
        return _UNLABELLED
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
