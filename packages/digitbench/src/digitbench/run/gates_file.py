"""Gates from a TOML file, which a project keeps next to its recordings.

Its keys are the names of the options::

    max-p99-ms = 16
    baseline = "baseline.json"      # relative to this file

    [min-accuracy]                  # or one number, for all
    all = 0.99
    7 = 0.98
    "tag:crossed" = 1.0
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from digitbench.run.baseline import Baseline, read_baseline
from digitbench.run.gates import ALL, GateError, Gates, checked_accuracy
from digitnet.errors import reason_of


def read_gates(path: Path) -> Gates:
    """Read gates from a TOML file.

    Raises:
        GateError: the file cannot be read, is not TOML, or holds something that is not a gate;
            names the file, line and key.
        ReportError: the baseline that it names cannot be used.
    """
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise GateError(f"{path}: cannot be read: {reason_of(error)}; check the path") from None
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise GateError(f"{path}: is not TOML: {error}; correct it") from None
    fields: dict[str, Any] = {}
    for key, value in content.items():
        try:
            fields[key.replace("-", "_")] = _READERS.get(key, _unknown_gate)(value, path)
        except GateError as error:
            raise GateError(f"{path}{_line_of(key, text)}: {key}: {error}") from None
    return Gates(**fields)


def _min_accuracy(value: Any, _: Path) -> dict[str, float]:
    least = value if isinstance(value, dict) else {ALL: value}
    return dict(checked_accuracy(group, share) for group, share in least.items())


def _max_p99_ms(value: Any, _: Path) -> float:
    if type(value) in (int, float) and 0 < value < math.inf:
        return float(value)
    raise GateError(f"{value!r} is not a time; use a number of milliseconds above 0")


def _baseline(value: Any, path: Path) -> Baseline:
    if isinstance(value, str):
        return read_baseline(path.parent / value)
    raise GateError(f"{value!r} is not a file name; use that of a report written by --json")


def _unknown_gate(_: Any, __: Path) -> NoReturn:
    raise GateError(f"is not a gate; the gates are {', '.join(_READERS)}")


_READERS: dict[str, Callable[[Any, Path], Any]] = {
    "min-accuracy": _min_accuracy,
    "max-p99-ms": _max_p99_ms,
    "baseline": _baseline,
}


def _line_of(key: str, text: str) -> str:
    """Return ":" and the first line with a key, which tomllib does not report; "" if none."""
    begins = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}\b""")
    for number, line in enumerate(text.splitlines(), start=1):
        if begins.match(line):
            return f":{number}"
    return ""
