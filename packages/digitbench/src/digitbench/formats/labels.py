"""What a label of another format means as the word of a recording.

The word of a recording is a number, or "" for ink that is not a digit. Other collections label
letters, words and objects too, and a `circle` may or may not be a zero, so:

- what the user says a label means comes first;
- a number means itself;
- a label without any digit means "not a digit": the word is "", and the label is kept as a tag;
- any other label, such as `room 12`, and a missing label are ambiguous, and the ink is skipped.

A label cannot belong to ink of many more strokes, or of more parts beside or below each other, than
it has characters: it is that of a whole page, or of one thing on it. Such ink is skipped too. Only
strokes decide this, not what a network reads, so hard digits stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from digitbench.formats.skipped import SkippedError
from digitbench.text import NUMBER
from digitnet import Drawing
from digitnet.ink import Box

_STROKES = 4  # of a character at most, and as many more in all; no digit of UNIPEN has more
_HIGH, _FLAT = 0.7, 0.3  # of the highest stroke, of its width; others may be dots and bars
_BESIDE, _BELOW = (
    0.2,
    1.0,
)  # gaps between digits, over the longest such stroke; none of UNIPEN has one


class Meaning(NamedTuple):
    """A label in a recording's terms.

    Attributes:
        word: of the recording.
        tags: what the word cannot express.
        characters: of a label without digits, unless the user said what it means.
    """

    word: str
    tags: tuple[str, ...] = ()
    characters: int = 0


def meaning_of(label: str, words: Mapping[str, str]) -> Meaning | None:
    """Return what a label means.

    Args:
        label: as the other format has it.
        words: the user's mapping from labels to words; "" stands for ink without a label.

    Returns:
        word and tags; None if the label is ambiguous.
    """
    label = " ".join(label.split())
    if label in words:
        word = words[label]
        return Meaning(word, () if label in ("", word) else (label,))
    if NUMBER.fullmatch(label):
        return Meaning(label)
    if not label or any(character.isnumeric() for character in label):
        return None
    return Meaning("", (label,), len(label))


def advice(label: str) -> str:
    """Return what is ambiguous about a label without a meaning, and what to do about it."""
    if not label.strip():
        return "there is no label; --word =WORD sets the word of all ink without one"
    short = label if len(label) <= 40 else label[:37] + "..."
    return (
        f"the label {short!r} is neither a number nor free of digits; map it with --word LABEL=WORD"
    )


def check_belongs(drawing: Drawing, characters: int) -> None:
    """Refuse a label that cannot belong to its ink.

    Args:
        drawing: the ink, with its word.
        characters: of the label, if the word is "" because it has no digits; 0 if the label is not
            text, but the name of an object.

    Raises:
        SkippedError: there are too many strokes, or too many parts with gaps between them.
    """
    strokes = len(drawing.strokes)
    length = len(drawing.word) or characters
    if not length:
        return
    label = f"the label {drawing.word!r}" if drawing.word else f"a label of {length} characters"
    message = ""
    if strokes > _STROKES * (length + 1):
        message = f"{label} cannot belong to as many as {strokes:,} strokes"
    elif drawing.word and (parts := _parts([s.bounds for s in drawing.strokes])) > length:
        message = f"{label} cannot belong to {parts} parts that are apart"
    if message:
        raise SkippedError("with labels that cannot belong to the ink", message)


def _parts(boxes: Sequence[Box]) -> int:
    """Count groups of high strokes with gaps between them that no digit has."""
    highest = max((box[3] for box in boxes), default=0.0)
    left = [box for box in boxes if box[3] >= max(_HIGH * highest, _FLAT * box[2]) and box[3] > 0]
    longest = max((max(box[2:]) for box in left), default=0.0)
    parts = 0
    while left:
        parts += 1
        near = [left.pop()]
        while near:
            box = near.pop()
            near += [other for other in left if _are_near(box, other, longest)]
            left = [other for other in left if not _are_near(box, other, longest)]
    return parts


def _are_near(one: Box, other: Box, longest: float) -> bool:
    right = max(one[0], other[0]) - min(one[0] + one[2], other[0] + other[2])
    down = max(one[1], other[1]) - min(one[1] + one[3], other[1] + other[3])
    return right <= _BESIDE * longest and down <= _BELOW * longest
