"""An earlier report to hold a run to: what was right must stay right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from digitbench.run.suite import CORRECT, Result
from digitnet.errors import DigitnetError, reason_of

Key: TypeAlias = tuple[str, int]
"""A recording's key_id, and which of those of that name it is, from 0."""


class BaselineError(DigitnetError):
    """A baseline that cannot be used: missing, or not written by digitbench."""


@dataclass(frozen=True)
class Baseline:
    """The recordings of an earlier run.

    Attributes:
        file: where its report stands.
        right: whether each was right.
    """

    file: str
    right: Mapping[Key, bool]

    def regressions(self, results: Sequence[Result]) -> list[Result]:
        """List what was right and no longer is."""
        keys = _keys(result.key_id for result in results)
        return [
            result
            for key, result in zip(keys, results, strict=True)
            if result.outcome != CORRECT and self.right.get(key, False)
        ]

    def missing(self, results: Iterable[Result]) -> list[str]:
        """List the key_ids of what was replayed then and not now."""
        keys = set(_keys(result.key_id for result in results))
        return [key_id for key_id, number in self.right if (key_id, number) not in keys]


def read_baseline(path: Path) -> Baseline:
    """Read a report that ``digitbench run --json`` has written.

    Raises:
        BaselineError: there is none.
    """
    try:
        report = json.loads(path.read_bytes())
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {reason_of(error)}; check the path") from None
    except (ValueError, RecursionError) as error:
        raise BaselineError(
            f"{path}: is no JSON ({reason_of(error)}); give a file that --json has written"
        ) from None
    results = report.get("results") if isinstance(report, dict) else None
    if not isinstance(results, list) or not all(map(_is_result, results)):
        raise BaselineError(
            f"{path}: is no report of digitbench; give a file that --json has written"
        )
    keys = _keys(result["key_id"] for result in results)
    return Baseline(str(path), dict(zip(keys, map(_was_right, results), strict=True)))


def _is_result(result: Any) -> bool:
    return isinstance(result, dict) and all(
        isinstance(result.get(key), str) for key in ("key_id", "word", "answer")
    )


def _was_right(result: dict[str, Any]) -> bool:
    # A crash of what was no digit has the right answer, which is none.
    right: bool = result.get("outcome", CORRECT) == CORRECT and result["answer"] == result["word"]
    return right


def _keys(key_ids: Iterable[str]) -> Iterator[Key]:
    """Tell recordings of one name apart by their order."""
    seen: Counter[str] = Counter()
    for key_id in key_ids:
        yield key_id, seen[key_id]
        seen[key_id] += 1
