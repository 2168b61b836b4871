"""Draw digits with mouse or finger and see them read at once."""

import os
import typing as _typing

# pygame prints a greeting to stdout; this must be set before its first import.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

if _typing.TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name):
        """Return `__version__`, which takes time to look up."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import version

        return version(__name__)
