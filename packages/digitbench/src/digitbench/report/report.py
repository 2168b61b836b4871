"""What a report consists of, and the run that it reports.

A new report is one module that defines a `Report`, and a line in `digitbench.report.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from PIL import Image

from digitbench.run.suite import Result, Summary
from digitnet import Drawing

Camera: TypeAlias = Callable[[Drawing, int | None], Image.Image]
"""Takes a picture of the app at a time in a recording, in milliseconds, or at its end (None)."""


@dataclass(frozen=True)
class FinishedRun:
    """A run of many recordings.

    Attributes:
        results: one for each recording, in order.
        summary: the same results in numbers.
        failures: a sentence for each gate that failed.
        provenance: where the results come from, in plain values for JSON.
        camera: takes pictures of the app.
    """

    results: Sequence[Result]
    summary: Summary
    failures: Sequence[str]
    provenance: Mapping[str, Any]
    camera: Camera


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
