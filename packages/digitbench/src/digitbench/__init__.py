"""Replays recorded strokes through the digitdraw app, headlessly, and checks what it reads."""

import os
import typing as _typing

# pygame greets on stdout, where results stand; this must come before its first import.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

if _typing.TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name):
        """Give `__version__`: who does not ask for it need not wait until it is found."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import version

        return version(__name__)
