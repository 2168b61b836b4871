"""Simulates a hand that follows a template: smooth curves, varied, at a natural speed.

Lengths are in digit heights until `put` scales them to a canvas; x to the right, y down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, pi, radians, tan
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from digitnet.ink import Point, Stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray

XY: TypeAlias = tuple[float, float]
Path: TypeAlias = tuple[XY, ...]

STEP = 0.01
"""The distance between a curve's points, in digit heights."""

MARGIN = 1.0
"""Free space between the ink and the canvas's edge, in pixels, as coordinates are rounded."""

PLACES = {
    "top-left": (0.0, 0.0), "top": (0.5, 0.0), "top-right": (1.0, 0.0),
    "left": (0.0, 0.5), "middle": (0.5, 0.5), "right": (1.0, 0.5),
    "bottom-left": (0.0, 1.0), "bottom": (0.5, 1.0), "bottom-right": (1.0, 1.0),
}  # fmt: skip
"""The shares of the free space on the canvas to the left of the ink and above it."""


def vary(
    curves: Sequence[NDArray[np.float64]], slant: float, rng: Random
) -> list[NDArray[np.float64]]:
    """Vary proportions, slant and lines, as no one writes the same thing twice.

    Args:
        curves: (n, 2) each, in digit heights.
        slant: In degrees; if positive, the top leans to the right.
        rng: Decides everything else.
    """
    stretch, waist = rng.uniform(0.82, 1.18), rng.uniform(-0.2, 0.2)
    varied = []
    for curve in curves:
        x, y = (curve + _wobble(curve, rng)).T
        # Top and bottom stay in place; a positive waist enlarges the upper half.
        y = y + waist * y * (1 - y)
        varied.append(np.column_stack([x * stretch - y * tan(radians(slant)), y]))
    return varied


def _wobble(curve: NDArray[np.float64], rng: Random) -> NDArray[np.float64]:
    """Return a hand's deviation from a curve: slow waves, (n, 2), in digit heights."""
    steps = np.hypot(*np.diff(curve, axis=0, prepend=curve[:1]).T)
    along = np.cumsum(steps)
    deviation = np.zeros_like(curve)
    for axis in (0, 1):
        for waves in (0.4, 0.8, 1.6):  # per digit height; slower ones have larger amplitudes
            phase = rng.uniform(0, 2 * pi)
            deviation[:, axis] += 0.01 / waves * np.sin(2 * pi * waves * along + phase)
    return deviation


def time_motion(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the times at which a hand passes the points of a curve.

    The speed falls with the cube root of the curvature (the two-thirds power law: Lacquaniti,
    Terzuolo, Viviani, 1983), and towards the ends of the stroke.

    Args:
        curve: (n, 2) in digit heights.

    Returns:
        (n,), increasing from 0; a straight line takes about 1 per digit height.
    """
    steps = np.diff(curve, axis=0)
    lengths = np.hypot(*steps.T)
    if len(steps) < 2:
        return np.append(0.0, np.cumsum(lengths))
    headings = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    # Averaged over some points, as a hand slows down before a corner instead of stopping at once.
    window = np.full(min(9, len(steps)), 1 / 9)
    curvature = np.convolve(np.abs(np.gradient(headings)) / lengths, window, mode="same")
    middles = np.cumsum(lengths) - lengths / 2
    to_end = np.minimum(middles, lengths.sum() - middles)
    speed = np.minimum(0.35 + to_end / 0.2, 1) * (1 + curvature) ** (-1 / 3)
    return np.append(0.0, np.cumsum(lengths / speed))


def trace(path: Path) -> NDArray[np.float64]:
    """Return a smooth curve, (n, 2), through a path; a repeated point is a corner."""
    curves = [_spline(np.array(run, np.float64)) for run in _split_at_corners(path)]
    # A run starts at the end of the previous one; keep that point once.
    return np.concatenate([curves[0], *(curve[1:] for curve in curves[1:])])


def _split_at_corners(path: Path) -> Iterator[Path]:
    start = 0
    for index in range(1, len(path)):
        if path[index] == path[index - 1]:
            yield path[start:index]
            start = index
    yield path[start:]


def _spline(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the cubic spline through (n, 2) points, sampled about `STEP` apart.

    Its curvature is continuous, like that of a hand's motion. The knots are centripetal (spaced by
    the square root of the distance), so that it does not overshoot between unevenly spaced points.
    """
    if len(points) == 1:
        return points
    chords = np.diff(points, axis=0)
    lengths = np.hypot(*chords.T)
    spans = np.sqrt(lengths)
    bends = _second_derivatives(chords / spans[:, None], spans)
    traced = [points[:1]]
    for i, span in enumerate(spans):
        count = max(1, round(float(lengths[i]) / STEP))
        after = np.linspace(0, 1, count + 1)[1:, None]
        before = 1 - after
        straight = before * points[i] + after * points[i + 1]
        bulge = (before**3 - before) * bends[i] + (after**3 - after) * bends[i + 1]
        traced.append(straight + bulge * span**2 / 6)
    return np.concatenate(traced)


def _second_derivatives(
    slopes: NDArray[np.float64], spans: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Solve for the second derivatives (n, 2) at n knots.

    Args:
        slopes: Mean velocity of each span, (n - 1, 2).
        spans: Distances between knots, (n - 1,).
    """
    count = len(spans) + 1
    system, right_side = np.eye(count), np.zeros((count, 2))
    for i in range(1, count - 1):
        left, right = spans[i - 1 : i + 1]
        system[i, i - 1 : i + 2] = left, 2 * (left + right), right
        right_side[i] = 6 * (slopes[i] - slopes[i - 1])
    # The first and the last span have constant second derivatives, as a hand does not straighten
    # out at the ends of a stroke.
    system[0, 1] = system[-1, -2] = -1 if count > 2 else 0
    return np.asarray(np.linalg.solve(system, right_side), np.float64)


def put(
    curves: Sequence[NDArray[np.float64]],
    canvas: tuple[int, int],
    longest: float,
    pen: float,
    place: str,
    rng: Random,
) -> list[NDArray[np.float64]]:
    """Scale and move curves so that all of their ink is on the canvas.

    Args:
        curves: (n, 2) each, in any unit.
        canvas: (width, height) in pixels.
        longest: Longer side of the result, in pixels; at least 1 is used.
        pen: The pen's diameter in pixels.
        place: One of `PLACES`.
        rng: Decides the deviation from that place.
    """
    points = np.concatenate(curves)
    low = points.min(axis=0)
    extent = points.max(axis=0) - low
    scale = max(1.0, longest) / (float(extent.max()) or 1.0)
    free = pen / 2 + MARGIN
    space = np.array(canvas) - extent * scale - 2 * free
    share = np.clip([x + rng.uniform(-0.07, 0.07) for x in PLACES[place]], 0, 1)
    return [(curve - low) * scale + free + space * share for curve in curves]


def write(
    curves: Sequence[NDArray[np.float64]], longest: float, device: str, rng: Random, *, fast: bool
) -> tuple[Stroke, ...]:
    """Move a pen along curves, and record what the device reports.

    Args:
        curves: (n, 2) each, in pixels.
        longest: Longer side of the whole drawing, in pixels.
        device: "mouse" reports whole pixels every 8 ms, "touch" tenths of pixels every 16 ms.
        rng: Decides the tempo and the pauses.
        fast: Write in a hurry, with points far apart.
    """
    period = 8 if device == "mouse" else 16
    longest = max(1.0, longest)
    # Milliseconds per digit height. Large digits take only a little longer (isochrony): 300 pixels
    # take the random time, 30 pixels half of that.
    tempo = (rng.uniform(60, 100) if fast else rng.uniform(180, 350)) * (longest / 300) ** 0.3
    clock, strokes = 0, []
    for curve in curves:
        times = tempo * time_motion(curve / longest)
        ticks = period * np.arange(ceil(times[-1] / period) + 1)
        xy = np.column_stack([np.interp(ticks, times, axis) for axis in curve.T])
        xy = np.rint(xy).astype(int) if device == "mouse" else xy.round(1)
        # Devices report movements only.
        moved = np.r_[True, np.diff(xy, axis=0).any(axis=1)]
        points = zip(xy[moved].tolist(), (clock + ticks[moved]).tolist(), strict=True)
        strokes.append(Stroke(Point(x, y, t) for (x, y), t in points))
        pause = rng.uniform(60, 150) if fast else rng.uniform(150, 450)
        clock += int(ticks[-1]) + period * round(pause / period)
    return tuple(strokes)
