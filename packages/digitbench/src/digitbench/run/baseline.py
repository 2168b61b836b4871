"""An earlier report as a baseline: what was right must stay right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeGuard

from digitbench.run.earlier_report import read_report
from digitbench.run.suite import CORRECT, Result

Key: TypeAlias = tuple[str, int]
"""The key_id of a recording, and its index among those with that key_id, from 0."""

_KEYS = ("key_id", "word", "answer")


@dataclass(frozen=True)
class Before:
    """What an earlier run said of a recording.

    Attributes:
        answer: what the app read.
        confidence: of its least certain digit, 0 to 1; None if the report does not say.
        outcome: "correct" and so on; "" if the report does not say.
        probabilities: of 0 to 9, for each digit that was found; empty if the report does not say.
    """

    answer: str
    confidence: float | None = None
    outcome: str = ""
    probabilities: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True)
class Baseline:
    """The recordings of an earlier run.

    Attributes:
        file: path of its report.
        right: whether each was right.
        before: what the run said of each.
        source: where its results come from, as far as its report says: "time", "commit", "model".
    """

    file: str
    right: Mapping[Key, bool]
    before: Mapping[Key, Before] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)

    def regressions(self, results: Sequence[Result]) -> list[Result]:
        """Return the results that were right then and are not now."""
        return [
            result
            for key, result in _numbered(results)
            if result.outcome != CORRECT and self.right.get(key, False)
        ]

    def gains(self, results: Sequence[Result]) -> list[Result]:
        """Return the results that were not right then and are now."""
        return [
            result
            for key, result in _numbered(results)
            if result.outcome == CORRECT and not self.right.get(key, True)
        ]

    def earlier(self, results: Sequence[Result]) -> list[Before | None]:
        """Return what was said of each recording then; None if it was not replayed."""
        return [self.before.get(key) for key, _ in _numbered(results)]

    def missing(self, results: Iterable[Result]) -> list[str]:
        """Return the key_ids of recordings that were replayed then and not now."""
        keys = {key for key, _ in _numbered(results)}
        return [key_id for key_id, number in self.right if (key_id, number) not in keys]


def read_baseline(path: Path) -> Baseline:
    """Read a report written by ``digitbench run --json``.

    Raises:
        ReportError: the file cannot be read, or is not such a report.
    """
    report = read_report(path, "digitbench run --json", _checked)
    results = report["results"]
    keys = list(_keys(result["key_id"] for result in results))
    return Baseline(
        file=str(path),
        right=dict(zip(keys, map(_was_right, results), strict=True)),
        before=dict(zip(keys, map(_before, results), strict=True)),
        source=_source(report.get("provenance")),
    )


def _checked(report: Any) -> dict[str, Any]:
    """Return a report whose results have what is needed of them."""
    if not all(isinstance(result[key], str) for result in report["results"] for key in _KEYS):
        raise TypeError("a name, word or answer is not text")
    return dict(report)


def _was_right(result: dict[str, Any]) -> bool:
    # A crash on a recording of no digit has the right answer, which is none.
    right: bool = result.get("outcome", CORRECT) == CORRECT and result["answer"] == result["word"]
    return right


def _before(result: dict[str, Any]) -> Before:
    """Read a result; what is damaged or missing besides the answer is left out."""
    confidence, outcome = result.get("confidence"), result.get("outcome")
    return Before(
        result["answer"],
        confidence if _is_share(confidence) else None,
        outcome if isinstance(outcome, str) else "",
        tuple(_probabilities(result.get("probabilities"))),
    )


def _probabilities(digits: Any) -> Iterator[tuple[float, ...]]:
    """Yield the probabilities of each digit; a report names only those that are not about 0."""
    for digit in digits if isinstance(digits, list) else []:
        if isinstance(digit, dict) and all(map(_is_share, digit.values())):
            yield tuple(float(digit.get(str(label), 0.0)) for label in range(10))


def _is_share(value: Any) -> TypeGuard[float]:
    return type(value) in (int, float) and 0 <= value <= 1


def _source(provenance: Any) -> dict[str, str]:
    known = provenance if isinstance(provenance, dict) else {}
    names = ("time", "commit", "model")
    return {name: known[name] for name in names if isinstance(known.get(name), str)}


def _numbered(results: Iterable[Result]) -> Iterator[tuple[Key, Result]]:
    results = list(results)
    return zip(_keys(result.key_id for result in results), results, strict=True)


def _keys(key_ids: Iterable[str]) -> Iterator[Key]:
    """Number recordings with the same key_id in their order."""
    seen: Counter[str] = Counter()
    for key_id in key_ids:
        yield key_id, seen[key_id]
        seen[key_id] += 1
