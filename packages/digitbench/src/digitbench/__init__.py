"""Replays recorded strokes through the digitdraw app, headlessly, and checks what it reads."""

import os
from importlib.metadata import version

# pygame greets on stdout, where results stand; this must come before its first import.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

__version__ = version("digitbench")
