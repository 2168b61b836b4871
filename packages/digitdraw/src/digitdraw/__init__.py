"""Draw digits with mouse or finger and see them read at once."""

import os
from importlib.metadata import version

# pygame greets on stdout, where programs expect results; this must stand before its first import.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

__version__ = version("digitdraw")
