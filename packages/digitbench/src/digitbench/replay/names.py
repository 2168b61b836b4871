"""Names by which a test tells a pilot what to use, and what to say about wrong ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from operator import methodcaller

import pygame

_MOST_LISTED = 20

_MODIFIERS = {
    "ctrl": pygame.KMOD_CTRL,
    "shift": pygame.KMOD_SHIFT,
    "alt": pygame.KMOD_ALT,
    "meta": pygame.KMOD_META,
}


class PilotError(ValueError):
    """A test asks a pilot for something that it cannot do; the message is one line."""


# pytest then shows the line of the test that asked, and none of ours.
__tracebackhide__ = hide_mistakes = methodcaller("errisinstance", PilotError)


def parse_keys(keys: str) -> tuple[int, int, str]:
    """Return the code of a key, the modifiers that are held, and what is typed by that.

    Args:
        keys: a key as pygame names it, such as "7" or "escape", after any modifiers, such as
            "ctrl+z"; the case of letters does not matter.

    Raises:
        PilotError: an unknown name; says which one is nearest.
    """
    head, plus, name = keys.lower().rpartition("+")
    if plus and not name:  # the key "+" itself, as in "+" or "ctrl++"
        head, name = head.removesuffix("+"), "+"
    held = head.split("+") if head else []
    for modifier in held:
        if modifier not in _MODIFIERS:
            raise PilotError(
                f"{keys!r}: {modifier!r} is not a modifier{nearest(modifier, _MODIFIERS)}"
            )
    try:
        code = pygame.key.key_code(name)
    except ValueError:
        raise PilotError(
            f"{keys!r}: no key is named {name!r}{nearest(name, _key_names())}"
        ) from None
    return code, sum(_MODIFIERS[modifier] for modifier in set(held)), _typed(name, held)


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the end of a sentence about a wrong name: the right one that is most like it.

    If none is like it, the end names all of them, unless they are too many to be read.

    >>> nearest("udno", ["undo", "redo"])
    "; did you mean 'undo'?"
    """
    known = list(names)
    if found := difflib.get_close_matches(name, known, n=1):
        return f"; did you mean {found[0]!r}?"
    return f"; use {', '.join(known)}" if len(known) <= _MOST_LISTED else ""


@cache
def _key_names() -> list[str]:
    codes = {getattr(pygame, name) for name in dir(pygame) if name.startswith("K_")}
    return sorted(filter(None, map(pygame.key.name, codes)))


def _typed(name: str, held: list[str]) -> str:
    """Return the character that a key types; "" if it types none."""
    character = " " if name == "space" else name
    if len(character) != 1 or set(held) - {"shift"}:
        return ""
    if held:  # which other characters are typed with shift depends on the keyboard
        return character.upper() if character.isalpha() else ""
    return character
