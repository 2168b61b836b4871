"""What is wrong with recordings, line by line.

An error is what cannot be read, or cannot be replayed as it is meant; a warning is what can, but is
hardly meant. What a line must hold to be read at all is checked by `digitnet.recordings` alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from digitbench.checks.outcome import EXPECT
from digitbench.formats.labels import NUMBER
from digitbench.replay.session_events import event_faults, in_short
from digitbench.replay.timeline import KNOWN_EVENTS, moments
from digitnet import Drawing
from digitnet.errors import RecordingError
from digitnet.ink import Place
from digitnet.recordings import parse_record, read_lines
from digitnet.recordings.schema import find_faults, to_drawing

Level: TypeAlias = Literal["error", "warning"]

_DEVICES = ("", "mouse", "touch", "pen")
_PENS = (0.002, 0.5)  # of the canvas's shorter side: less is invisible, more a blot
_LONGEST = 3_600_000  # milliseconds; nobody draws a number for an hour


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    Attributes:
        place: file and line.
        level: "error" or "warning".
        message: what it is, and what to do about it.
    """

    place: Place
    level: Level
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.level}: {self.message}"


class Linter:
    """Looks at recordings files, one after the other; names must be unique among all of them.

    Attributes:
        recordings: how many lines it has looked at.
    """

    def __init__(self) -> None:
        self.recordings = 0
        self._names: dict[str, Place] = {}
        self._inks: dict[int, tuple[Place, str]] = {}

    def lint(self, file: Path) -> Iterator[Finding]:
        """Tell all that is wrong with a file.

        Raises:
            RecordingError: the file cannot be read.
        """
        is_empty = True
        for number, line in read_lines(file):
            is_empty = False
            self.recordings += 1
            place = Place(str(file), number)
            for level, message in self._lint_line(line, place):
                yield Finding(place, level, message)
        if is_empty:
            message = "the file holds no recording; draw some, or take it out"
            yield Finding(Place(str(file), 1), "error", message)

    def _lint_line(self, line: bytes, place: Place) -> Iterator[tuple[Level, str]]:
        try:
            record = parse_record(line)
        except RecordingError as error:
            yield "error", _with_advice(str(error))
            return
        try:
            drawing = to_drawing(record)
        except RecordingError:
            for fault in find_faults(record):
                yield "error", _with_advice(fault)
            return
        for check in _CHECKS:
            yield from check(drawing)
        yield from self._among_others(drawing, place)

    def _among_others(self, drawing: Drawing, place: Place) -> Iterator[tuple[Level, str]]:
        if not drawing.key_id:
            yield "warning", "has no key_id, by which it could be replayed alone; give it one"
        elif (first := self._names.setdefault(drawing.key_id, place)) is not place:
            yield "error", f"the key_id {drawing.key_id!r} is that of {first} too; change one"
        if not drawing.strokes:
            return
        ink = hash(drawing.strokes)
        first, word = self._inks.setdefault(ink, (place, drawing.word))
        if word != drawing.word:
            yield "error", f"is the ink of {first}, but another word; find out which is right"
        elif first is not place:
            yield "warning", f"is the ink of {first} again; take one out"


def _check_word(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    if drawing.word and not NUMBER.fullmatch(drawing.word):
        short = drawing.word if len(drawing.word) <= 40 else drawing.word[:37] + "..."
        yield "error", f'the word {short!r} is no number; use digits, or "" for no digit'
    if drawing.word and not drawing.strokes:
        yield "error", f'is blank, but its word is {drawing.word[:40]!r}; use "", or take it out'
    if not drawing.word and "unlabelled" in drawing.tags:
        yield "warning", "is tagged unlabelled, but counts as no digit; say what it means in word"


def _check_times(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    points = [
        (index, point.t) for index, stroke in enumerate(drawing.strokes) for point in stroke.points
    ]
    for (_, before), (stroke, after) in pairwise(points):
        if after < before:
            message = f"time runs back from {before:g} to {after:g} ms in stroke {stroke}"
            yield "warning", f"{message}; it is replayed as if it stood still, so mend the times"
            break
    times = [t for _, t in points]
    if times and min(times) < 0:
        yield "warning", f"time begins at {min(times):g} ms; count from the start of the drawing"
    if times and max(times) > _LONGEST:
        message = f"time goes on until {max(times):g} ms"
        yield "warning", f"{message}; use milliseconds from the start of the drawing"
    if any(after[0] < before[0] for before, after in pairwise(drawing.events)):
        yield "warning", "the events' times run back; put the events in their order"


def _check_events(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    for fault in event_faults(drawing):
        yield "error", fault
    for event in drawing.events:
        if event[1] not in KNOWN_EVENTS:
            known = ", ".join(sorted(KNOWN_EVENTS))
            advice = f"it is passed over, so use one of {known}, or take it out"
            yield "warning", f"the event {in_short(event)} is unknown; {advice}"
    is_down = False
    for at, happenings in moments(drawing):
        names = [name for name, *_ in happenings]
        if EXPECT in names and is_down:
            message = f"expects an answer at {at} ms, while a stroke is drawn"
            yield "warning", f"{message}; it is that of the strokes before, so give a later time"
        if not {"down", "move", "up"}.isdisjoint(names):
            is_down = names[-1] != "up"
    if happenings := [happenings[-1] for _, happenings in moments(drawing)]:
        name, *values = happenings[-1]
        if name == EXPECT and values != [drawing.word]:
            message = f"expects {json.dumps(values)[1:-1]} at the end, but its word is"
            yield "error", f"{message} {json.dumps(drawing.word)}; find out which is right"


def _check_canvas(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    if drawing.canvas is None:
        yield "warning", "has no canvas; the smallest square is taken, so add [width, height]"
        return
    if not drawing.strokes:
        return
    points = np.concatenate([stroke.xy for stroke in drawing.strokes])
    is_off = ((points < 0) | (points > np.array(drawing.canvas))).any(axis=1)
    if count := int(is_off.sum()):
        x, y = points[is_off.argmax()]
        width, height = drawing.canvas
        message = f"{count:,} of {len(points):,} points, first ({x:g}, {y:g}), are off the canvas"
        advice = f"make it larger than {width:g}x{height:g}, or move the ink"
        yield "error" if is_off.all() else "warning", f"{message}; {advice}"


def _check_pen(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    least, most = _PENS
    if drawing.pen is None:
        yield "warning", "has no pen; the app's own is taken, so add its width, such as 0.05"
    elif not least <= drawing.pen <= most:
        message = f"the pen of {drawing.pen:g} is hardly meant"
        advice = f"give its diameter over the canvas's shorter side, {least:g} to {most:g}"
        yield "warning", f"{message}; {advice}"


def _check_device(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    if drawing.device not in _DEVICES:
        short = drawing.device if len(drawing.device) <= 40 else drawing.device[:37] + "..."
        known = ", ".join(_DEVICES[1:])
        yield "warning", f"the device {short!r} is unknown and replayed as mouse; use {known}"


_CHECKS: tuple[Callable[[Drawing], Iterator[tuple[Level, str]]], ...] = (
    _check_word,
    _check_times,
    _check_events,
    _check_canvas,
    _check_pen,
    _check_device,
)


def _with_advice(message: str) -> str:
    return message if ";" in message else f"{message}; mend it, or take the line out"
