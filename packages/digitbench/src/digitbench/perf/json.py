"""Figures to JSON and back, to compare runs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitbench.perf.figures import KINDS, Figure
from digitbench.run.earlier_report import read_report

_MACHINE = ("cpu", "cores", "platform")


@dataclass(frozen=True)
class Earlier:
    """An earlier run.

    Attributes:
        file: the path of its report.
        figures: the known figures by name, in the order of `KINDS`.
        provenance: where they come from.
    """

    file: str
    figures: Mapping[str, Figure]
    provenance: Mapping[str, Any]

    def differences(self, provenance: Mapping[str, Any]) -> list[str]:
        """Return the conditions that differ from this run, by name."""
        then, now = _conditions(self.provenance), _conditions(provenance)
        return [name for name in now if then[name] != now[name]]


def _conditions(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a provenance that figures depend on, by name."""
    machine, options = (
        part if isinstance(part := provenance.get(key), dict) else {}
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
    """Return a run as one JSON document.

    Args:
        figures: the figures by name.
        provenance: where they come from, in plain values.
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
    """Read a report written by ``digitbench perf --json``.

    Raises:
        ReportError: the file cannot be read, or is not such a report.
    """
    figures, provenance = read_report(path, "digitbench perf --json", _figures_and_provenance)
    return Earlier(str(path), figures, provenance)


def _figures_and_provenance(report: Any) -> tuple[dict[str, Figure], dict[str, Any]]:
    entries = report["figures"]
    figures = {
        kind.name: Figure(kind, _values(entries[kind.name]))
        for kind in KINDS
        if kind.name in entries
    }
    if not figures:
        raise ValueError("there are no figures")
    provenance = report.get("provenance")
    return figures, provenance if isinstance(provenance, dict) else {}


def _values(entry: Any) -> tuple[float, ...]:
    values = tuple(float(value) for value in entry["values"])
    if not values or not all(map(math.isfinite, values)):
        raise ValueError("there are no values, or some are not finite")
    return values


def _short(value: float) -> float:
    """Round to the precision of clocks."""
    return float(f"{value:.6g}")
