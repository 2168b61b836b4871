"""Text that checks, gates and reports share."""

from __future__ import annotations

import re

from digitnet import Prediction

NUMBER = re.compile(r"[0-9]+")
"""Matches a number."""

WORD = re.compile(r"\?*[0-9][0-9?]*")
"""Matches the word of a recording that holds digits: "3?50" also holds ink that is none.

The word "" means that no ink is a digit.
"""


def printable(text: str, *, keep: str = "") -> str:
    r"""Escape what does not print: control characters, lone surrogates, direction marks.

    XML cannot represent the first two, even escaped, and a direction mark can make one name look
    like another.

    Args:
        text: any text.
        keep: characters to leave as they are, such as line ends.

    >>> printable("a\x00b")
    'a\\x00b'
    """
    return "".join(
        character
        if character.isprintable() or character in keep
        else character.encode("unicode_escape").decode()
        for character in text
    )


def counted(count: int, thing: str) -> str:
    """Return a number and what it counts, whose plural ends with "s".

    >>> counted(1, "recording"), counted(1200, "recording")
    ('1 recording', '1,200 recordings')
    """
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def last_line(traceback: str) -> str:
    """Return the line of a traceback that names the exception; "" for an empty one."""
    lines = traceback.strip().splitlines()
    return lines[-1] if lines else ""


def reading(prediction: Prediction | None) -> str:
    """Describe what ink was read as, for example "read as 7 (99.8%)"."""
    if not prediction or not prediction.digits:
        return "nothing was found"
    if prediction.text:
        return f"read as {prediction.text} ({prediction.confidence:.1%})"
    likely = "".join(str(digit.label) for digit in prediction.digits)
    return f"not accepted, perhaps {likely} ({prediction.confidence:.1%})"
