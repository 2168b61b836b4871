"""The gate of ``digitbench perf``: no figure may be slower than in an earlier run."""

from __future__ import annotations

import math
from collections.abc import Mapping

from digitbench.perf.figures import Figure
from digitbench.perf.json import Earlier
from digitbench.perf.table import is_within_spread, number

_TIME, _RATE = "ms", "/s"
_ROUNDING = 1e-9
_UNITS = {_TIME, _RATE}


def slower(figures: Mapping[str, Figure], earlier: Earlier, most: float) -> list[str]:
    """Compare the speed of two runs.

    Args:
        figures: of this run, by name; those of memory are left out.
        earlier: the other run.
        most: how much longer something may take than then, as a share of the time.

    Returns:
        a sentence for each figure whose median is slower by more, unless the difference is not
        significant because the quartiles of both runs overlap; also if nothing can be compared.
    """
    sentences = []
    compared = [name for name in figures if name in earlier.figures]
    for now, then in ((figures[name], earlier.figures[name]) for name in compared):
        slowdown = _slowdown(now, then)
        if slowdown > most + _ROUNDING and not is_within_spread(now, then):
            new, old = (f"{number(figure.median)} {now.kind.unit}" for figure in (now, then))
            sentences.append(
                f"{now.kind.name} is {slowdown:.1%} slower than in {earlier.file}, {new} instead "
                f"of {old}, and at most {100 * most:.6g}% is allowed"
            )
    if not any(figures[name].kind.unit in _UNITS for name in compared):
        return [f"{earlier.file} has no figure of speed to compare with"]
    return sentences


def _slowdown(now: Figure, then: Figure) -> float:
    """Return how much longer something takes than it took, as a share; 0 for memory."""
    if now.kind.unit not in _UNITS:
        return 0.0
    took, takes = then.median, now.median
    if now.kind.unit == _RATE:
        took, takes = takes, took
    return takes / took - 1 if took > 0 else math.inf
