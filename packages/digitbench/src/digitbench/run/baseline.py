"""An earlier report as a baseline: what was right must stay right."""

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
"""The key_id of a recording, and its index among those with that key_id, from 0."""


class BaselineError(DigitnetError):
    """A baseline cannot be used: it is missing, or not written by digitbench."""


@dataclass(frozen=True)
class Baseline:
    """The recordings of an earlier run.

    Attributes:
        file: path of its report.
        right: whether each was right.
    """

    file: str
    right: Mapping[Key, bool]

    def regressions(self, results: Sequence[Result]) -> list[Result]:
        """Return the results that were right then and are not now."""
        keys = _keys(result.key_id for result in results)
        return [
            result
            for key, result in zip(keys, results, strict=True)
            if result.outcome != CORRECT and self.right.get(key, False)
        ]

    def missing(self, results: Iterable[Result]) -> list[str]:
        """Return the key_ids of recordings that were replayed then and not now."""
        keys = set(_keys(result.key_id for result in results))
        return [key_id for key_id, number in self.right if (key_id, number) not in keys]


def read_baseline(path: Path) -> Baseline:
    """Read a report written by ``digitbench run --json``.

    Raises:
        BaselineError: the file cannot be read, or is not such a report.
    """
    try:
        report = json.loads(path.read_bytes())
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {reason_of(error)}; check the path") from None
    except (ValueError, RecursionError) as error:
        raise BaselineError(
            f"{path}: is not JSON ({reason_of(error)}); give a report written by --json"
        ) from None
    results = report.get("results") if isinstance(report, dict) else None
    if not isinstance(results, list) or not all(map(_is_result, results)):
        raise BaselineError(f"{path}: is not a report of digitbench; give one written by --json")
    keys = _keys(result["key_id"] for result in results)
    return Baseline(str(path), dict(zip(keys, map(_was_right, results), strict=True)))


def _is_result(result: Any) -> bool:
    return isinstance(result, dict) and all(
        isinstance(result.get(key), str) for key in ("key_id", "word", "answer")
    )


def _was_right(result: dict[str, Any]) -> bool:
    # A crash on a recording of no digit has the right answer, which is none.
    right: bool = result.get("outcome", CORRECT) == CORRECT and result["answer"] == result["word"]
    return right


def _keys(key_ids: Iterable[str]) -> Iterator[Key]:
    """Number recordings with the same key_id in their order."""
    seen: Counter[str] = Counter()
    for key_id in key_ids:
        yield key_id, seen[key_id]
        seen[key_id] += 1
