"""What a report consists of, and the run that it reports.

A new report is one module that defines a `Report`, and a line in `digitbench.report.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digitbench.report.timeline_report import Camera
from digitbench.run.baseline import Baseline
from digitbench.run.suite import Result, Summary
from digitbench.run.verdict import Verdict


@dataclass(frozen=True)
class FinishedRun:
    """A run of many recordings.

    Attributes:
        results: one for each recording, in order.
        summary: the same results in numbers.
        verdict: whether it passes, and why not.
        provenance: where the results come from, in plain values for JSON.
        camera: takes pictures of the app.
        baseline: an earlier run that this one is compared with; None if there is none.
        has_all: whether reports show recordings that are right as they show failures.
    """

    results: Sequence[Result]
    summary: Summary
    verdict: Verdict
    provenance: Mapping[str, Any]
    camera: Camera
    baseline: Baseline | None = None
    has_all: bool = False

    @property
    def failures(self) -> list[str]:
        """A sentence for each reason why the run fails."""
        return self.verdict.failures


@dataclass(frozen=True)
class Report:
    """A report that `digitbench run` writes.

    Attributes:
        name: the name of its option, without the dashes.
        help: the help text of its option.
        render: returns the content of the file.
        file_in_folder: if the option names a folder, the name of the file in it; otherwise "".
    """

    name: str
    help: str
    render: Callable[[FinishedRun], bytes]
    file_in_folder: str = ""
