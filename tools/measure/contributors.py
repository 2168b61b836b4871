"""Real ink to learn from, by contributor: a laboratory or company with its tablet and its people.

Pendigits counts as one contributor, those of UNIPEN are the others. Ink by people whom a network
has never met is that of a contributor left out of its training.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from digitbench.formats.unipen.reader import read_unipen
from digitnet import Drawing, read_drawings

PENDIGITS = "pendigits"

CONTRIBUTORS = ("aga", "apa", "apb", "app", "ced", "gmd", "imp", PENDIGITS)
"""Those that wrote digits."""

UNSEEN_LETTERS = "app"
"""The contributor whose letters are never learned from, for measuring releases."""

LOOKALIKES = frozenset("/\\|()!',.\"`:;")
"""Signs that alone may well be a one or dots: nobody can be asked to tell."""

_BLOCK = 50
"""UNIPEN does not say who wrote a drawing; this many in a row mostly have the same writer."""


def read_digits(data: Path) -> list[Drawing]:
    """Read single digits: pendigits' training writers, and UNIPEN's, whose writers are guessed.

    Args:
        data: The folder with pendigits and unipen.
    """
    digits = list(read_unipen(data / "pendigits" / "pendigits-orig.tra"))
    digits = [replace(d, writer=f"{PENDIGITS} {d.writer}") for d in digits]
    unipen = read_drawings(data / "unipen" / "digits.ndjson")
    return digits + [
        replace(drawing, writer=f"{drawing.writer} {number // _BLOCK}")
        for number, drawing in enumerate(unipen)
    ]


def read_letters(data: Path) -> list[Drawing]:
    """Read letters that do not look like digits, each once."""
    files = [data / "unipen" / "letters.ndjson", data / "letters" / "letters.ndjson"]
    unique = {_shape(drawing): drawing for file in files for drawing in read_drawings(file)}
    return list(unique.values())


def read_signs(data: Path) -> tuple[list[Drawing], list[Drawing]]:
    """Read punctuation and signs; return those that no digit looks like, and the `LOOKALIKES`."""
    signs = list(read_drawings(data / "unipen" / "symbols.ndjson"))
    return (
        [sign for sign in signs if sign.tags[0] not in LOOKALIKES],
        [sign for sign in signs if sign.tags[0] in LOOKALIKES],
    )


def learned(letters: Iterable[Drawing], signs: Iterable[Drawing]) -> list[Drawing]:
    """Return what may be learned from: all but the `UNSEEN_LETTERS`."""
    return [*(d for d in letters if contributor_of(d) != UNSEEN_LETTERS), *signs]


def contributor_of(drawing: Drawing) -> str:
    """Return who contributed a drawing."""
    return drawing.writer.partition(" ")[0]


def _shape(drawing: Drawing) -> tuple[object, ...]:
    """Return what is the same wherever and however large a drawing was put on its board."""
    points = np.concatenate([stroke.xy for stroke in drawing.strokes])
    points = (points - points.min(axis=0)) / max(float(np.ptp(points, axis=0).max()), 1e-9)
    return (*drawing.tags, len(points), *points[:6].round(1).ravel())
