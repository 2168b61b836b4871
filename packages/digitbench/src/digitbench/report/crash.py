"""Where the app crashed: the line of its own in a traceback."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import digitdraw
import digitnet
from digitbench.text import last_line

# Python's tracebacks, and those of faulthandler, which have no comma before "in".
_PLACE = re.compile(
    r'^[ |]*File "(?P<file>[^"\n]+)", line (?P<line>\d+),? in (?P<function>.+)'
    r'(?:\n(?P<code>(?![ |]*File ")[ |]+\S.*))?',
    re.MULTILINE,
)
_FOLDERS = [Path(package.__path__[0]) for package in (digitdraw, digitnet)]
_LAST_FIRST = "most recent call first"


@dataclass(frozen=True)
class CrashSite:
    """Where and how the app crashed.

    Attributes:
        error: the line that names the exception.
        place: file and line, from the package on, such as "digitdraw/app.py:212"; "" if no line of
            the app is in the traceback.
        function: the function that the line is in.
        code: the line; "" if the traceback does not show it.
    """

    error: str
    place: str = ""
    function: str = ""
    code: str = ""


def crash_site(traceback: str) -> CrashSite:
    """Find the innermost call in a traceback that is one of digitdraw or digitnet."""
    error = last_line(traceback)
    calls = [(call, own) for call in _PLACE.finditer(traceback) if (own := _own(call["file"]))]
    if not calls:
        return CrashSite(error)
    call, own = calls[0 if _LAST_FIRST in traceback else -1]
    code = (call["code"] or "").strip(" |")
    return CrashSite(error, f"{own}:{call['line']}", call["function"], code)


def _own(file: str) -> str:
    """Return the path of a file of the app from its package on; "" if it is another's."""
    for folder in _FOLDERS:
        if Path(file).is_relative_to(folder):
            return Path(file).relative_to(folder.parent).as_posix()
    return ""
