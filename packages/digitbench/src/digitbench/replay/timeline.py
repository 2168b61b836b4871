"""What happens in a recording, moment by moment: the pen's way, and the other events in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from digitbench.checks.outcome import EXPECT
from digitdraw.input.actions import ACTIONS
from digitnet import Drawing, Stroke

Happening: TypeAlias = tuple[Any, ...]
"""("down", x, y), "move" or "up" of the pen, in canvas pixels; or an event, such as ("undo",)."""

KNOWN_EVENTS = frozenset(
    {"label", "erase", "resize", "pen", EXPECT}
    | {name for name, action in ACTIONS.items() if action.is_replayed}
)
"""Events that can be replayed: those that `digitdraw.model.snapshots` describes, and `EXPECT`,
which changes nothing but states the answer that must be shown at that time."""

_PEN = ("down", "move", "up")


def moments(drawing: Drawing) -> list[tuple[int, list[Happening]]]:
    """Group what happens by the time at which it does, in whole milliseconds.

    Only the pen does several things at a moment: each event is one of its own.
    """
    groups: list[tuple[int, list[Happening]]] = []
    was_pen = False
    for at, happening in _timeline(drawing):
        is_pen = happening[0] in _PEN
        if is_pen and was_pen and groups[-1][0] == round(at):
            groups[-1][1].append(happening)
        else:
            groups.append((round(at), [happening]))
        was_pen = is_pen
    return groups


def deeds(happenings: Sequence[Happening], strokes: int = 0) -> list[str]:
    """Say what was done by them, after so many strokes; going on with a stroke is nothing yet."""
    told: list[str] = []
    for name, *values in happenings:
        match name:
            case "down" | "move":
                continue
            case "up":
                strokes += 1
                told.append(f"stroke {strokes}")
            case "resize":
                told.append("window {:.0f}x{:.0f}".format(*values))
            case "pen":
                told.append(f"pen {values[0]:.1%}")
            case "label":
                told.append(f"label {values[0] or 'no digit'}")
            case "expect":
                told.append(f"expect {values[0] or 'no digit'}")
            case _:
                told.append(name)
    return told


def _timeline(drawing: Drawing) -> Iterator[tuple[float, Happening]]:
    """List what happens, with its time.

    Strokes keep their order even where a recording's times do not.
    """
    known = (event for event in drawing.events if event[1] in KNOWN_EVENTS)
    others = deque(sorted(known, key=lambda event: float(event[0])))
    clock = 0.0
    for stroke in drawing.strokes:
        for index, point in enumerate(stroke.points):
            while others and _is_before(others[0], point.t):
                clock = max(clock, float(others[0][0]))
                yield clock, tuple(others.popleft()[1:])
            clock = max(clock, float(point.t))
            yield clock, ("move" if index else "down", point.x, point.y)
        yield clock, ("up", point.x, point.y)
        # The next thing happens a little later, as no pen is up and down at once.
        clock += 1
    for at, *event in others:
        clock = max(clock, float(at))
        yield clock, tuple(event)


def _is_before(event: Sequence[Any], time: float) -> bool:
    """Whether an event comes before a point of that time; an answer is expected only after it."""
    return bool(event[0] < time or (event[0] == time and event[1] != EXPECT))


def on_canvas(drawing: Drawing) -> Drawing:
    """Give a drawing that names no canvas one: the smallest square that holds it and 0."""
    if drawing.canvas is not None:
        return drawing
    x, y, width, height = drawing.bounds or (0.0, 0.0, 1.0, 1.0)
    left, top = min(x, 0.0), min(y, 0.0)
    right, bottom = max(x + width, 0.0), max(y + height, 0.0)
    side = max(right - left, bottom - top) or 1.0
    strokes = tuple(
        Stroke((px - left, py - top, t) for px, py, t in stroke.points)
        for stroke in drawing.strokes
    )
    return replace(drawing, strokes=strokes, canvas=(side, side))
