"""The reports that `digitbench run` writes, a line each."""

from __future__ import annotations

from digitbench.report.failure_sheet import SHEET_REPORT
from digitbench.report.html import HTML_REPORT
from digitbench.report.json import JSON_REPORT
from digitbench.report.junit import JUNIT_REPORT

REPORTS = (
    JSON_REPORT,
    JUNIT_REPORT,
    HTML_REPORT,
    SHEET_REPORT,
)
