"""Fitting ink in another format's units to a canvas in pixels and a clock in milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from digitnet import Stroke
from digitnet.points import PAUSE_MS, STEP_MS

Trace: TypeAlias = list[tuple[float, float, float]]
"""The points (x, y, t) of one stroke; t in milliseconds."""

LARGEST = 1e15
"""Numbers beyond this, larger than those of any tablet or clock, are treated as damage."""

_MARGIN = 0.02  # of the ink's longer side, left free around it on the canvas
_WIDEST = 1e6  # pixels; the widest canvas that a recording may have
_SMALL, _ENLARGED = 50.0, 500.0  # pixels; fractional ink smaller than the first is not in pixels


def canvas_of(
    traces: Iterable[Trace], *, y_up: bool
) -> tuple[Callable[[Trace], Trace], tuple[int, int]]:
    """Choose a canvas that holds all ink.

    A unit of the file becomes a pixel, or less if the canvas would be too large, or more if small
    fractional coordinates show that the units are much larger than pixels.

    Args:
        traces: all ink of the file.
        y_up: whether y points up in the file; on the canvas it points down.

    Returns:
        a function that moves a trace onto the canvas, and (width, height) in pixels.
    """
    points = [point for trace in traces for point in trace]
    if not points:
        return lambda trace: trace, (1, 1)
    left, right = min(x for x, _, _ in points), max(x for x, _, _ in points)
    low, high = min(y for _, y, _ in points), max(y for _, y, _ in points)
    longer = max(right - left, high - low)
    is_enlarged = 1e-9 < longer < _SMALL and any(x % 1 or y % 1 for x, y, _ in points)
    margin = _MARGIN * (longer if is_enlarged else max(longer, 1.0))
    width, height = right - left + 2 * margin, high - low + 2 * margin
    scale = _ENLARGED / longer if is_enlarged else min(1.0, (_WIDEST - 1) / max(width, height))
    canvas = (int(width * scale) + 1, int(height * scale) + 1)

    def fit(trace: Trace) -> Trace:
        return [
            (
                round((x - left + margin) * scale, 2),
                round(((high - y if y_up else y - low) + margin) * scale, 2),
                t,
            )
            for x, y, t in trace
        ]

    return fit, canvas


def from_zero(traces: Sequence[Trace]) -> Iterator[Stroke]:
    """Yield strokes whose times start at 0, rounded to hundredths of a millisecond."""
    start = traces[0][0][2]
    for points in traces:
        yield Stroke((x, y, round(t - start, 2)) for x, y, t in points)


def even_times(lengths: Iterable[int]) -> Iterator[list[float]]:
    """Yield made-up times for consecutive strokes with the given numbers of points."""
    clock = 0.0
    for length in lengths:
        times = [clock + STEP_MS * index for index in range(length)]
        yield times
        clock = (times[-1] if times else clock) + PAUSE_MS
