"""A recording as steps in time: the path of the pen, and the other events in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from digitdraw.input.actions import ACTIONS
from digitnet import Drawing, Stroke

Step: TypeAlias = tuple[Any, ...]
"""("down", x, y), "move" or "up" of the pen, in canvas pixels; or an event, such as ("undo",)."""

EXPECT = "expect"
"""The event that changes nothing but states the answer that must be shown at its time."""

SETTINGS = ("live", "theme")
"""The events that give a setting a value, which the key of the action of that name toggles."""

KNOWN_EVENTS = frozenset(
    {"label", "word", "erase", "resize", "pen", *SETTINGS, EXPECT}
    | {name for name, action in ACTIONS.items() if action.is_replayed}
)
"""Events that can be replayed: those that `digitdraw.model.snapshots` describes, and `EXPECT`."""

PEN = frozenset({"down", "move", "up"})
"""The steps of the pen."""

_MOVING = frozenset({"down", "move"})


def steps_by_time(drawing: Drawing) -> list[tuple[int, list[Step]]]:
    """Group the steps of a recording by their time, in whole milliseconds.

    Only the steps of the pen share a group; each event has a group to itself.
    """
    groups: list[tuple[int, list[Step]]] = []
    was_pen = False
    for at, step in _in_order(drawing):
        is_pen = step[0] in PEN
        if is_pen and was_pen and groups[-1][0] == round(at):
            groups[-1][1].append(step)
        else:
            groups.append((round(at), [step]))
        was_pen = is_pen
    return groups


def is_within_stroke(steps: Sequence[Step]) -> bool:
    """Whether the steps of a moment only draw, and complete nothing: a release comes last."""
    return steps[-1][0] in _MOVING


def describe_steps(steps: Sequence[Step], strokes: int = 0) -> list[str]:
    """Describe the steps that complete something; moving the pen along a stroke does not.

    Args:
        steps: of one moment.
        strokes: how many strokes were complete before.
    """
    descriptions: list[str] = []
    for name, *values in steps:
        match name:
            case "down" | "move":
                continue
            case "up":
                strokes += 1
                descriptions.append(f"stroke {strokes}")
            case "resize":
                descriptions.append("window {:.0f}x{:.0f}".format(*values))
            case "pen":
                descriptions.append(f"pen {values[0]:.1%}")
            case "live":
                descriptions.append(f"live reading {'on' if values[0] else 'off'}")
            case "theme":
                descriptions.append(f"theme {values[0]}")
            case "label" | "word":
                descriptions.append(f"label {values[0] or 'no digit'}")
            case "expect":
                descriptions.append(f"expect {values[0] or 'no digit'}")
            case _:
                descriptions.append(name)
    return descriptions


def _in_order(drawing: Drawing) -> Iterator[tuple[float, Step]]:
    """Yield all steps with their times.

    Strokes keep their order even if the times of the recording do not.
    """
    known = (event for event in drawing.events if event[1] in KNOWN_EVENTS)
    events = deque(sorted(known, key=lambda event: float(event[0])))
    clock = 0.0
    for stroke in drawing.strokes:
        for index, point in enumerate(stroke.points):
            while events and _is_before(events[0], point.t):
                clock = max(clock, float(events[0][0]))
                yield clock, tuple(events.popleft()[1:])
            clock = max(clock, float(point.t))
            yield clock, ("move" if index else "down", point.x, point.y)
        yield clock, ("up", point.x, point.y)
        # What follows comes a little later, as no pen is up and down at the same time.
        clock += 1
    for at, *event in events:
        clock = max(clock, float(at))
        yield clock, tuple(event)


def _is_before(event: Sequence[Any], time: float) -> bool:
    """Whether an event precedes a point of that time; an expectation only follows it."""
    return bool(event[0] < time or (event[0] == time and event[1] != EXPECT))


def on_canvas(drawing: Drawing) -> Drawing:
    """Return a drawing with a canvas: its own, or the smallest square with its ink and (0, 0)."""
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
