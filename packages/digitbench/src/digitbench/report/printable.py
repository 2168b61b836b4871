"""Texts that any format can hold and any reader can see."""

from __future__ import annotations


def printable(text: str, *, keep: str = "") -> str:
    r"""Write out what does not print: control characters, lone surrogates, marks of direction.

    XML can hold none of the first two, however they are escaped, and a mark of direction can make
    one name look like another.

    Args:
        text: any.
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


def last_line(traceback: str) -> str:
    """Give the line of a traceback that names the exception; "" of an empty one."""
    lines = traceback.strip().splitlines()
    return lines[-1] if lines else ""
