"""Figures as JSON, and back, to compare runs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitbench.perf.figures import KINDS, Figure
from digitnet.errors import DigitnetError, reason_of

_MACHINE = ("cpu", "cores", "platform")


class CompareError(DigitnetError):
    """A report to compare with that cannot be used: missing, or not written by digitbench perf."""


@dataclass(frozen=True)
class Earlier:
    """An earlier run.

    Attributes:
        file: where its report stands.
        figures: by name, in the order of `KINDS`; those that are known here.
        provenance: where they are from.
    """

    file: str
    figures: Mapping[str, Figure]
    provenance: Mapping[str, Any]

    def differences(self, provenance: Mapping[str, Any]) -> list[str]:
        """Name what is not as in this run, so that figures may differ for it."""
        then, now = _conditions(self.provenance), _conditions(provenance)
        return [name for name in now if then[name] != now[name]]


def _conditions(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Pick out of where figures are from what they depend on, whatever else stands there."""
    machine, options = (
        told if isinstance(told := provenance.get(key), dict) else {}
        for key in ("machine", "options")
    )
    return {
        "machine": [machine.get(key) for key in _MACHINE],
        "Python": provenance.get("python"),
        "model": provenance.get("model"),
        "number of digits": options.get("digits"),
        "number of recordings": options.get("recordings"),
    }


def as_json(figures: Mapping[str, Figure], provenance: Mapping[str, Any]) -> str:
    """Give a run as one JSON document.

    Args:
        figures: by name.
        provenance: where they are from, in plain values.
    """
    document = {
        "figures": {
            name: {
                "unit": figure.kind.unit,
                "median": _short(figure.median),
                "q1": _short(figure.q1),
                "q3": _short(figure.q3),
                "values": [_short(value) for value in figure.values],
            }
            for name, figure in figures.items()
        },
        "provenance": dict(provenance),
    }
    return json.dumps(document, indent=1) + "\n"


def read_earlier(path: Path) -> Earlier:
    """Read a report that ``digitbench perf --json`` has written.

    Raises:
        CompareError: there is none.
    """
    try:
        report = json.loads(path.read_bytes())
    except OSError as error:
        raise CompareError(f"{path}: cannot be read: {reason_of(error)}; check the path") from None
    except (ValueError, RecursionError) as error:
        raise CompareError(
            f"{path}: is no JSON ({reason_of(error)}); "
            "give a file that 'digitbench perf --json' has written"
        ) from None
    report = report if isinstance(report, dict) else {}
    provenance = report.get("provenance")
    try:
        figures = _figures(report["figures"])
    except (KeyError, TypeError, ValueError, OverflowError):
        figures = {}
    if not figures:
        raise CompareError(
            f"{path}: holds no figures; give a file that 'digitbench perf --json' has written"
        )
    return Earlier(str(path), figures, provenance if isinstance(provenance, dict) else {})


def _figures(told: Any) -> dict[str, Figure]:
    """Turn what JSON holds into figures; raises what `read_earlier` catches."""
    return {
        kind.name: Figure(kind, _values(told[kind.name])) for kind in KINDS if kind.name in told
    }


def _values(told: Any) -> tuple[float, ...]:
    values = tuple(float(value) for value in told["values"])
    if not values or not all(map(math.isfinite, values)):
        raise ValueError("no values, or such as are no numbers")
    return values


def _short(value: float) -> float:
    """Leave out digits that no clock has."""
    return float(f"{value:.6g}")
