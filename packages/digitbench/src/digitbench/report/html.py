"""The report for people: one page that needs no other files and no network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from digitbench.report import breakdown
from digitbench.report.failures import FailureDetails, failure_details
from digitbench.report.report import Camera, Report
from digitbench.run.intervals import wilson_interval
from digitbench.run.suite import CORRECT, CRASHED, OUTCOMES, Result, Summary
from digitbench.run.tally import group_of
from digitbench.text import last_line, printable

if TYPE_CHECKING:
    from jinja2 import Environment

_MOST_ROWS = 25
_NOTHING: tuple[Any, ...] = (None, "", (), [], {})
_HEAT = (0.005, 0.02, 0.05, 0.15)
"""The shares of its row from which on a cell is one step hotter."""


def as_html(
    results: Sequence[Result],
    summary: Summary,
    gate_failures: Sequence[str],
    provenance: Mapping[str, Any],
    camera: Camera,
) -> str:
    """Return a run as one HTML document, which is the same for the same run.

    Args:
        results: the results of the run.
        summary: their summary.
        gate_failures: a sentence for each gate that failed.
        provenance: where the results come from.
        camera: takes pictures of the app for the failures that are shown.
    """
    failures = list(failure_details(results, camera))
    latencies = [latency for result in results for latency in result.replayed.latency_ms]
    counts = {outcome: getattr(summary, outcome) for outcome in OUTCOMES}
    environment = _environment()
    script = environment.get_template("page.js").render()
    return environment.get_template("page.html").render(
        summary=summary,
        counts=counts,
        gate_failures=gate_failures,
        provenance=_flat(provenance),
        groups=_groups(results, summary),
        confusion=breakdown.confusion(results),
        first=_first_of_each_kind(failures),
        histogram=breakdown.histogram(latencies),
        latencies=sorted(latencies),
        failures=failures,
        failed=sum(not result.is_right for result in results),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


HTML_REPORT = Report(
    "html",
    "Write a report for people, DIR/index.html.",
    lambda run: as_html(
        run.results, run.summary, run.failures, run.provenance, run.camera
    ).encode(),
    file_in_folder="index.html",
)


@cache
def _environment() -> Environment:
    # Imported here because it takes a while to load, and most runs need no page.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("digitbench", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Texts from recordings may hold what cannot be encoded or seen, or reverses a line.
        finalize=lambda value: printable(value, keep="\n") if type(value) is str else value,
    )
    environment.filters |= {"count": "{:,}".format, "percent": _percent, "read_as": _read_as}
    environment.globals |= {"heat": _heat, "wilson": wilson_interval}
    return environment


def _percent(share: float, digits: int = 2) -> str:
    return f"{share:.{digits}%}"


def _read_as(result: Result) -> str:
    """Describe the outcome of a recording that failed."""
    if result.outcome == CRASHED:
        return f"crashed: {last_line(result.replayed.error)}"
    if result.answer:
        return f"read as {result.answer}"
    likely = "".join(str(digit.label) for digit in result.digits)
    return f"not accepted, perhaps {likely}" if likely else "nothing found"


def _heat(share: float) -> int:
    """Return the heat of a cell that is not 0, from 1 to 5."""
    return 1 + sum(share >= step for step in _HEAT)


def _groups(results: Sequence[Result], summary: Summary) -> list[dict[str, Any]]:
    """Return the tables of accuracies, each with its own axis."""
    tables = {
        "digit": dict(summary.digits),
        "writer": breakdown.worst_first(breakdown.by_writer(results)),
        "tag": breakdown.worst_first(summary.tags),
    }
    groups = []
    for by, tallies in tables.items():
        shown = dict(islice(tallies.items(), _MOST_ROWS))
        if shown:
            start = breakdown.axis_start(shown.values())
            left_out = len(tallies) - len(shown)
            groups.append({"by": by, "tallies": shown, "left_out": left_out, "start": start})
    return groups


def _first_of_each_kind(failures: Sequence[FailureDetails]) -> dict[tuple[str, str], int]:
    """Return the first shown failure of each cell of the confusion matrix."""
    first: dict[tuple[str, str], int] = {}
    for failure in failures:
        kind = group_of(failure.result.word), breakdown.read_as(failure.result)
        if failure.result.outcome not in (CORRECT, CRASHED):
            first.setdefault(kind, failure.number)
    return first


def _flat(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Return each value as one line, without empty ones."""
    flat = {}
    for name, value in provenance.items():
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        known = [f"{key} {_short(part)}".strip() for key, part in parts if part not in _NOTHING]
        flat[name] = ", ".join(known)
    return {name: line for name, line in flat.items() if line}


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
