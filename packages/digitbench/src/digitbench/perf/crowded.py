"""More ink than anybody means: how long a frame is at the most, whatever is done with it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from digitbench.perf.timed import TimedPilot
from digitbench.replay.sdl_events import XY, Phase
from digitdraw.storage.saver import PATIENCE
from digitnet import Recognizer

_AT_ONCE = 100  # events a frame: more than any mouse makes


def many_strokes(count: int, recognizer: Recognizer) -> float:
    """Draw many strokes, and then do all that there is to do with them.

    Args:
        count: of the strokes, >= 1.
        recognizer: of the app.

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
    """Draw a single stroke of many points, >= 1; gives what `many_strokes` does."""
    path = (
        (0.5 + 0.45 * math.sin(index / 37), 0.5 + 0.45 * math.cos(index / 53))
        for index in range(points)
    )
    return _longest_frame([path], recognizer)


def _longest_frame(paths: Iterable[Iterable[XY]], recognizer: Recognizer) -> float:
    """Draw paths, whose places are shares of the board, and use them."""
    with tempfile.TemporaryDirectory(prefix="digitbench-") as folder:
        pilot = TimedPilot(recognizer, Path(folder), patience=PATIENCE)
        area = pilot.app.board_area

        def ways() -> Iterator[tuple[Phase, XY]]:
            for path in paths:
                way: Phase = "down"
                for x, y in path:
                    place = (area.left + x * area.width, area.top + y * area.height)
                    yield way, place
                    way = "move"
                yield "up", place

        events = (pilot.pen_event(way, place) for way, place in ways())
        while batch := list(islice(events, _AT_ONCE)):
            pilot.step(*batch)
        _settle(pilot)
        _use(pilot)
    return max(pilot.frames)


def _use(pilot: TimedPilot) -> None:
    """Take ink back and again, wipe, look at it otherwise, save it and clear the board."""
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
    """Make frames until nothing changes any more."""
    while pilot.step():
        pass
