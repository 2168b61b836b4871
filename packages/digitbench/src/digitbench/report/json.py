"""The report for programs: JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from digitbench.report.report import Report
from digitbench.run.suite import CRASHED, Result, Summary
from digitbench.run.tally import Tally
from digitbench.run.verdict import Verdict
from digitbench.text import last_line
from digitnet import Digit


def as_json(
    results: Sequence[Result],
    summary: Summary,
    provenance: Mapping[str, Any],
    verdict: Verdict,
) -> str:
    """Return a run as one JSON document.

    Args:
        results: the results of the run.
        summary: their summary.
        provenance: where they come from, in plain values.
        verdict: whether it passes, and why not.
    """
    document = {
        "summary": {
            "passed": verdict.passed,
            **_tally(summary),
            "complete": summary.complete,
            "seconds": round(summary.seconds, 3),
            "latency_ms": {
                "p50": round(summary.latency_p50, 3),
                "p99": round(summary.latency_p99, 3),
            },
            "digits": {name: _tally(tally) for name, tally in summary.digits.items()},
            "tags": {name: _tally(tally) for name, tally in summary.tags.items()},
            "checks": {name: asdict(tally) for name, tally in summary.checks.items()},
        },
        "failures": verdict.failures,
        "provenance": dict(provenance),
        "results": [_result(result) for result in results],
    }
    return json.dumps(document, indent=1) + "\n"


_LEAST = 0.001

JSON_REPORT = Report(
    "json",
    "Write a report for programs (JSON).",
    lambda run: as_json(run.results, run.summary, run.provenance, run.verdict).encode(),
)


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "recordings": tally.recordings,
        "correct": tally.correct,
        "wrong": tally.wrong,
        "rejected": tally.rejected,
        "crashed": tally.crashed,
        "accuracy": tally.accuracy,
        "interval": [round(bound, 6) for bound in tally.interval],
    }


def _probabilities(digit: Digit) -> dict[str, float]:
    """Return the probabilities of the labels, without those that are about 0."""
    shares = enumerate(digit.probabilities.astype(float).tolist())
    return {str(label): round(share, 4) for label, share in shares if share >= _LEAST}


def _result(result: Result) -> dict[str, Any]:
    record: dict[str, Any] = {
        "key_id": result.key_id,
        "word": result.word,
        "answer": result.answer,
        "confidence": round(result.confidence, 6),
        "accepted": result.accepted,
        "outcome": result.outcome,
        "probabilities": [_probabilities(digit) for digit in result.digits],
    }
    if result.drawing.place:
        record["place"] = str(result.drawing.place)
    if result.violations:
        record["broken"] = [
            {"check": name, **asdict(violation)} for name, violation in result.violations
        ]
    if result.outcome == CRASHED:
        record["error"] = last_line(result.replayed.error)
        record["traceback"] = result.replayed.error
    return record
