"""Plots the cost of reading a drawing against its numbers of points and of digits.

    python tools/measure/cost.py [--out PNG]

Points are added in two ways: to a stroke that keeps its shape, as with a higher sampling rate, and
by extending a scribble. Digits are side by side, up to as many as are segmented. Times are medians
of CPU time on one thread; the sizes take turns, so that a disturbance affects all of them.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from digitbench.run.suite import bundled_recordings, read_all
from digitnet import Drawing, Recognizer, Stroke, cli_support
from digitnet.files import write_atomically

POINTS = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
DIGITS = (1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50)
ROUNDS = 15
OUT = Path(__file__).parents[2] / "packages" / "digitnet" / "cost.png"

_CANVAS = (500.0, 500.0)
_PEN = 0.03
_QUIET = "#62646e"
_COLOURS = ("#145c9e", "#c2571a")


@dataclass(frozen=True)
class Cost:
    """The cost of drawings of increasing size.

    Attributes:
        what: Description of the drawings.
        sizes: Their sizes, in increasing order.
        times: The time of each, in milliseconds.
    """

    what: str
    sizes: Sequence[int]
    times: Sequence[float]

    @property
    def line(self) -> tuple[float, float]:
        """The slope, in milliseconds per point or digit, and the intercept of a weighted fit."""
        weights = np.power(self.times, -0.5)
        slope, intercept = np.polyfit(self.sizes, self.times, 1, w=weights)
        return float(slope), float(intercept)

    @property
    def exponent(self) -> float:
        """The power by which the larger half grows, beyond the cost of the smallest drawing."""
        half = len(self.sizes) // 2
        rest = np.array(self.times[half:]) - self.times[0]
        return float(np.polyfit(np.log(self.sizes[half:]), np.log(rest), 1)[0])


@click.command(name="cost")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=OUT, help="The plot."
)
def main(out: Path) -> None:
    """Measure, print the figures, and plot them."""
    recognizer = Recognizer(threads=1)
    by_points = [
        measure(recognizer, "a stroke, sampled more and more finely", POINTS, resampled),
        measure(recognizer, "a longer and longer scribble", POINTS, scribbled),
    ]
    by_digits = [measure(recognizer, "digits side by side", DIGITS, number)]
    for cost in by_points + by_digits:
        slope, intercept = cost.line
        click.echo(f"{cost.what}: {intercept:.3f} ms + {slope * 1000:.3f} µs each")
        click.echo(f"  grows with the power {cost.exponent:.2f}")
        for size, milliseconds in zip(cost.sizes, cost.times, strict=True):
            click.echo(f"  {size:>7,}  {milliseconds:8.3f} ms")
    write_atomically(out, draw(by_points, by_digits))


def measure(
    recognizer: Recognizer, what: str, sizes: Sequence[int], make: Callable[[int], Drawing]
) -> Cost:
    """Time `recognizer.predict` on a drawing of each size."""
    drawings = [make(size) for size in sizes]
    times: list[list[float]] = [[] for _ in sizes]
    for number in range(ROUNDS + 1):
        for drawing, taken in zip(drawings, times, strict=True):
            # A new drawing without cached values, as if it had just been drawn.
            fresh = Drawing(tuple(Stroke(s.points) for s in drawing.strokes), pen=drawing.pen)
            began = time.process_time()
            recognizer.predict(fresh)
            if number:  # the first round warms up
                taken.append((time.process_time() - began) * 1000)
    return Cost(what, sizes, [float(np.median(taken)) for taken in times])


def resampled(points: int) -> Drawing:
    """Draw the same stroke with a number of points."""
    angle = np.linspace(0.5, 2 * np.pi, points)
    return _drawing([np.stack([250 + 120 * np.sin(angle), 250 - 180 * np.cos(angle)], axis=1)])


def scribbled(points: int) -> Drawing:
    """Draw a scribble with a few pixels from point to point."""
    step = np.arange(points)
    return _drawing([250 + 200 * np.stack([np.sin(step / 37), np.cos(step / 53)], axis=1)])


def number(digits: int) -> Drawing:
    """Draw bundled one-stroke digits side by side."""
    single = [
        drawing
        for drawing in read_all(bundled_recordings())
        if len(drawing.word) == 1 and len(drawing.strokes) == 1
    ]
    paths: list[NDArray[np.float64]] = []
    for place in range(digits):
        path = single[place * 7 % len(single)].strokes[0].xy
        path = (path - path.min(axis=0)) * (200 / np.ptp(path[:, 1]))
        left = paths[-1][:, 0].max() + 60 if paths else 0.0
        paths.append(path + np.array([left, 0.0]))
    return _drawing(paths)


def _drawing(paths: Sequence[NDArray[np.float64]]) -> Drawing:
    strokes = tuple(Stroke.of(*path.T.tolist()) for path in paths)
    return Drawing(strokes, canvas=_CANVAS, pen=_PEN)


def draw(by_points: Sequence[Cost], by_digits: Sequence[Cost]) -> bytes:
    """Plot both costs side by side, as PNG."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axes, costs, unit in ((left, by_points, "points"), (right, by_digits, "digits")):
        for cost, colour in zip(costs, _COLOURS, strict=False):
            slope, intercept = cost.line
            ends = np.linspace(0, cost.sizes[-1], 2)
            axes.plot(ends, intercept + slope * ends, color=colour, linewidth=1, alpha=0.5)
            axes.plot(cost.sizes, cost.times, "o", color=colour, markersize=4, label=cost.what)
        axes.set_title(f"predict by {unit}, ms", loc="left", color="#1c202c", fontsize=11)
        axes.set_xlabel(unit, color=_QUIET)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, labelcolor=_QUIET)
        axes.grid(axis="y", color="#e5e3de")
        axes.legend(frameon=False, labelcolor=_QUIET)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=100, metadata={"Software": None})
    return content.getvalue()


if __name__ == "__main__":
    cli_support.run(main)
