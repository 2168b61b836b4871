"""What a label of another format means as the word of a recording.

The word of a recording is a number, or "" for ink that is not a digit. Other collections label
letters, words and objects too, and a `circle` may or may not be a zero, so:

- what the user says a label means comes first;
- a number means itself;
- a label without any digit means "not a digit": the word is "", and the label is kept as a tag;
- any other label, such as `room 12`, and a missing label are ambiguous, and the ink is skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from digitbench.text import NUMBER


class Meaning(NamedTuple):
    """A label in a recording's terms: its word, and tags for what the word cannot express."""

    word: str
    tags: tuple[str, ...] = ()


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
    return Meaning("", (label,))


def advice(label: str) -> str:
    """Return what is ambiguous about a label without a meaning, and what to do about it."""
    if not label.strip():
        return "there is no label; --word =WORD sets the word of all ink without one"
    short = label if len(label) <= 40 else label[:37] + "..."
    return (
        f"the label {short!r} is neither a number nor free of digits; map it with --word LABEL=WORD"
    )
