"""Replays recorded strokes through the digitdraw app, headlessly, and checks what it reads."""

import os
import typing as _typing

# Silence pygame's greeting on stdout, which is for results; must precede its first import.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

if _typing.TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name):
        """Return `__version__`, which is looked up only when it is asked for."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import version

        return version(__name__)
