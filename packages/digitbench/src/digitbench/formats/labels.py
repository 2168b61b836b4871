"""What a label of another format means as the word of a recording.

A recording's word is a number, or "" for ink that is no digit. Other collections label letters,
words and things as well, and a `circle` may or may not be a zero, so:

- a number is itself;
- a label without any digit is no digit: the word is "", and the label is kept as a tag;
- any other label, such as `room 12`, and no label at all, say neither, so that the ink is left out;
- what the user says a label means goes before all of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from digitbench.text import NUMBER


class Meaning(NamedTuple):
    """A label in a recording's terms: its word, and the tags that keep what the word does not."""

    word: str
    tags: tuple[str, ...] = ()


def understand(label: str, words: Mapping[str, str]) -> Meaning | None:
    """Find what a label means.

    Args:
        label: as the other format has it.
        words: labels to words, as the user maps them; "" is the label of ink that has none.

    Returns:
        word and tags; None where nobody can tell.
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
    """Say what is unclear about a label that means nothing, and what to do."""
    if not label.strip():
        return "there is no label; --word =WORD gives one to all that have none"
    short = label if len(label) <= 40 else label[:37] + "..."
    return f"the label {short!r} is neither a number nor without digits; --word LABEL=WORD maps it"
