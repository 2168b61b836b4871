"""Texts that any format can hold and any reader can see."""

from __future__ import annotations


def printable(text: str, *, keep: str = "") -> str:
    r"""Escape characters that do not print: control characters, lone surrogates, direction marks.

    XML cannot hold the first two even if they are escaped, and a direction mark can make one name
    look like another.

    Args:
        text: the text.
        keep: characters that stay as they are, such as line ends.

    >>> printable("a\x00b")
    'a\\x00b'
    """
    return "".join(
        character
        if character.isprintable() or character in keep
        else character.encode("unicode_escape").decode()
        for character in text
    )


def last_line(traceback: str) -> str:
    """Return the last line of a traceback, which names the exception; "" if it is empty."""
    lines = traceback.strip().splitlines()
    return lines[-1] if lines else ""
