"""Measures the longest frame of sessions with far more ink than anyone draws.

python tools/measure/crowded_board.py [--strokes N] [--points N]
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import click

from digitbench.perf.timed_pilot import TimedPilot
from digitbench.replay.sdl_events import XY, Phase
from digitdraw.storage.saver import PATIENCE
from digitnet import Recognizer

_AT_ONCE = 100  # events per frame, more than any mouse sends


def many_strokes(count: int, recognizer: Recognizer) -> float:
    """Draw strokes all over the board, and use every action on them.

    Args:
        count: the number of strokes, >= 1.
        recognizer: the recognizer of the app.

    Returns:
        the longest frame in milliseconds.
    """
    columns = math.ceil(math.sqrt(count))
    starts = (
        ((index % columns + 0.5) / columns, (index // columns + 0.5) / columns)
        for index in range(count)
    )
    return _longest_frame(([(x, y), (x + 0.004, y + 0.004)] for x, y in starts), recognizer)


def long_stroke(points: int, recognizer: Recognizer) -> float:
    """Draw one stroke of many points, >= 1; see `many_strokes`."""
    path = (
        (0.5 + 0.45 * math.sin(index / 37), 0.5 + 0.45 * math.cos(index / 53))
        for index in range(points)
    )
    return _longest_frame([path], recognizer)


def _longest_frame(paths: Iterable[Iterable[XY]], recognizer: Recognizer) -> float:
    """Draw paths, in fractions of the board, and use every action on them."""
    with tempfile.TemporaryDirectory(prefix="digitbench-") as folder:
        pilot = TimedPilot(recognizer, Path(folder), patience=PATIENCE)
        area = pilot.app.board_area

        def phases() -> Iterator[tuple[Phase, XY]]:
            for path in paths:
                phase: Phase = "down"
                for x, y in path:
                    place = (area.left + x * area.width, area.top + y * area.height)
                    yield phase, place
                    phase = "move"
                yield "up", place

        events = (pilot.pen_event(phase, place) for phase, place in phases())
        while batch := list(islice(events, _AT_ONCE)):
            pilot.step(*batch)
        _settle(pilot)
        _use(pilot)
    return max(pilot.frames)


def _use(pilot: TimedPilot) -> None:
    """Undo, redo, wipe, change the view, save, and clear the board."""
    for keys in ("ctrl+z", "ctrl+y", "t", "]", "i", "i"):
        pilot.press(keys)
        _settle(pilot)
    pilot.wipe([[(0.1, 0.1), (0.5, 0.5)]])
    _settle(pilot)
    pilot.press("ctrl+z")
    pilot.resize(900, 700)
    _settle(pilot)
    for keys in ("s", "r", "c", "ctrl+z"):
        pilot.press(keys)
        _settle(pilot)
    pilot.app.finish()


def _settle(pilot: TimedPilot) -> None:
    """Step frames until nothing changes any more."""
    while pilot.step():
        pass


@click.command()
@click.option("--strokes", type=click.IntRange(1), default=10_000, show_default=True, metavar="N")
@click.option("--points", type=click.IntRange(1), default=100_000, show_default=True, metavar="N")
def main(strokes: int, points: int) -> None:
    """Measure the longest frame with many strokes, and with one long stroke."""
    recognizer = Recognizer(threads=1)
    click.echo(f"{strokes:,} strokes: {many_strokes(strokes, recognizer):.1f} ms")
    click.echo(f"a stroke of {points:,} points: {long_stroke(points, recognizer):.1f} ms")


if __name__ == "__main__":
    main()
