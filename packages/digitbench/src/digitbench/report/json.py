"""The report that programs read."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from digitbench.report.printable import last_line
from digitbench.suite import CRASHED, Result, Summary

_PACKAGES = ("digitnet", "digitdraw", "digitbench", "numpy", "onnxruntime", "pillow", "pygame")


def as_json(results: Sequence[Result], summary: Summary, provenance: Mapping[str, Any]) -> str:
    """Give the whole run as one JSON document."""
    document = {
        "summary": {
            "recordings": summary.recordings,
            "correct": summary.correct,
            "wrong": summary.wrong,
            "rejected": summary.rejected,
            "crashed": summary.crashed,
            "accuracy": summary.accuracy,
            "complete": summary.complete,
            "seconds": round(summary.seconds, 3),
            "latency_ms": {
                "p50": round(summary.latency_p50, 3),
                "p99": round(summary.latency_p99, 3),
            },
        },
        "provenance": dict(provenance),
        "results": [_result(result) for result in results],
    }
    return json.dumps(document, indent=1) + "\n"


def provenance(model_hash: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Tell where results are from: versions, model, machine and what was asked for."""
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "model": model_hash,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _PACKAGES},
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "options": dict(options),
    }


def _result(result: Result) -> dict[str, Any]:
    record: dict[str, Any] = {
        "key_id": result.key_id,
        "word": result.word,
        "answer": result.answer,
        "confidence": round(result.confidence, 6),
        "accepted": result.accepted,
        "outcome": result.outcome,
    }
    if result.outcome == CRASHED:
        record["error"] = last_line(result.replayed.error)
        record["traceback"] = result.replayed.error
    return record
