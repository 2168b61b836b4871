"""pygame without the parts that digitdraw's first frame can do without.

pygame imports all of its parts at once. Two of them bring NumPy, which takes as long to import as
all else that the first frame needs, and two bring libraries of sound, which take 5 MB. Where a part
cannot be imported, pygame goes without it, and puts something false in its place. So it does here,
until the part itself is imported, as by ``import pygame.surfarray``. That is what every function of
digitdraw that needs arrays does first.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_SPARED = ("pygame.mixer", "pygame.mixer_music", "pygame.sndarray", "pygame.surfarray")


def import_pygame() -> None:
    """Import pygame for a process that is digitdraw's own, before anything else imports it."""
    with _hidden(_SPARED):
        import pygame  # noqa: F401 - whoever needs it imports it again


@contextmanager
def _hidden(modules: Iterable[str]) -> Iterator[None]:
    """Let modules be, for a while, such as cannot be imported, unless they have been already."""
    hidden = [name for name in modules if name not in sys.modules]
    # By this, Python's import system is told that a module must not be found.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
