"""Reads the JSON report of an earlier run, to compare with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from digitnet.errors import DigitnetError, reason_of

Content = TypeVar("Content")


class ReportError(DigitnetError):
    """An earlier report cannot be used: it is missing, or not written by the same command."""


def read_report(path: Path, command: str, parse: Callable[[Any], Content]) -> Content:
    """Read a report of a command.

    Args:
        path: the file.
        command: what writes such reports, for example "digitbench run --json".
        parse: turns the parsed JSON into what is needed of it; it may raise KeyError, TypeError,
            ValueError or OverflowError, which mean that this is another file.

    Raises:
        ReportError: the file cannot be read, or is not a report of that command.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {reason_of(error)}; check the path") from None
    except (ValueError, RecursionError) as error:
        raise ReportError(
            f"{path}: is not JSON ({reason_of(error)}); choose a report of '{command}'"
        ) from None
    try:
        return parse(content)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise ReportError(f"{path}: is not a report of '{command}'; choose one") from None
