"""Imports pygame without the parts that digitdraw's first frame can do without.

pygame imports all of its parts at once. Two of them import NumPy, which takes as long as everything
else that the first frame needs, and two load sound libraries, which take 5 MB. If a part cannot be
imported, pygame does without it and puts a false value in its place. That is what happens here,
until the part itself is imported, as by ``import pygame.surfarray``. Every function of digitdraw
that needs arrays does this first.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_DEFERRED = ("pygame.mixer", "pygame.mixer_music", "pygame.sndarray", "pygame.surfarray")


def import_pygame() -> None:
    """Import pygame in digitdraw's own process, before anything else imports it."""
    with _hidden(_DEFERRED):
        import pygame  # noqa: F401 - other modules import it again


@contextmanager
def _hidden(modules: Iterable[str]) -> Iterator[None]:
    """Make modules that have not been imported yet impossible to import for a while."""
    hidden = [name for name in modules if name not in sys.modules]
    # None tells Python's import system that a module cannot be found.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
