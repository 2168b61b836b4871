"""Finds problems in recordings, line by line.

An error cannot be read, or cannot be replayed as intended; a warning can, but is probably not
intended. What a line needs to be readable at all is checked only by `digitnet.recordings`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from digitbench.replay.recorded_events import abbreviated, event_errors
from digitbench.replay.timeline import EXPECT, KNOWN_EVENTS, steps_by_time
from digitbench.text import WORD
from digitnet import Drawing
from digitnet.errors import RecordingError
from digitnet.ink import Place
from digitnet.recordings import parse_record, read_lines
from digitnet.recordings.schema import find_faults, to_drawing

Level: TypeAlias = Literal["error", "warning"]

_DEVICES = ("", "mouse", "touch", "pen")
_PENS = (0.002, 0.5)  # of the canvas's shorter side: thinner is invisible, thicker a blot
_LONGEST = 3_600_000  # milliseconds; nobody draws a number for an hour


@dataclass(frozen=True)
class Finding:
    """A problem in a recording.

    Attributes:
        place: file and line.
        level: "error" or "warning".
        message: what the problem is, and what to do about it.
    """

    place: Place
    level: Level
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.level}: {self.message}"


class Linter:
    """Lints recordings files one by one; a key_id must be unique among all of them.

    Attributes:
        recordings: how many lines have been linted.
    """

    def __init__(self) -> None:
        self.recordings = 0
        self._names: dict[str, Place] = {}
        self._inks: dict[int, tuple[Place, str]] = {}

    def lint(self, file: Path) -> Iterator[Finding]:
        """Yield all problems in a file.

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
            message = "the file holds no recordings; draw some, or remove it"
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
            for message in find_faults(record):
                yield "error", _with_advice(message)
            return
        for check in _CHECKS:
            yield from check(drawing)
        yield from self._among_others(drawing, place)

    def _among_others(self, drawing: Drawing, place: Place) -> Iterator[tuple[Level, str]]:
        if not drawing.key_id:
            yield "warning", "has no key_id to replay it alone by; give it one"
        elif (first := self._names.setdefault(drawing.key_id, place)) is not place:
            yield "error", f"the key_id {drawing.key_id!r} is also that of {first}; change one"
        if not drawing.strokes:
            return
        ink = hash(drawing.strokes)
        first, word = self._inks.setdefault(ink, (place, drawing.word))
        if word != drawing.word:
            yield "error", f"has the ink of {first}, but another word; find out which is right"
        elif first is not place:
            yield "warning", f"has the same ink as {first}; remove one"


def _check_word(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    if drawing.word and not WORD.fullmatch(drawing.word):
        short = drawing.word if len(drawing.word) <= 40 else drawing.word[:37] + "..."
        yield (
            "error",
            f'the word {short!r} is not a number; use digits, and ? for ink between, or ""',
        )
    if drawing.word and not drawing.strokes:
        yield "error", f'is blank, but its word is {drawing.word[:40]!r}; use "", or remove it'
    if not drawing.word and "unlabelled" in drawing.tags:
        yield "warning", "is tagged unlabelled, but counts as no digit; put what it means in word"


def _check_times(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    points = [
        (index, point.t) for index, stroke in enumerate(drawing.strokes) for point in stroke.points
    ]
    for (_, before), (stroke, after) in pairwise(points):
        if after < before:
            message = f"time runs backwards from {before:g} to {after:g} ms in stroke {stroke}"
            yield (
                "warning",
                f"{message}; it is replayed as if time stood still, so correct the times",
            )
            break
    times = [t for _, t in points]
    if times and min(times) < 0:
        yield "warning", f"time starts at {min(times):g} ms; count from the start of the drawing"
    if times and max(times) > _LONGEST:
        message = f"time runs to {max(times):g} ms"
        yield "warning", f"{message}; use milliseconds from the start of the drawing"
    if any(after[0] < before[0] for before, after in pairwise(drawing.events)):
        yield "warning", "the times of the events run backwards; sort the events"


def _check_events(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    for message in event_errors(drawing):
        yield "error", message
    for event in drawing.events:
        if event[1] not in KNOWN_EVENTS:
            known = ", ".join(sorted(KNOWN_EVENTS))
            advice = f"it is ignored, so use one of {known}, or remove it"
            yield "warning", f"the event {abbreviated(event)} is unknown; {advice}"
    is_down = False
    for at, steps in steps_by_time(drawing):
        names = [name for name, *_ in steps]
        if EXPECT in names and is_down:
            message = f"expects an answer at {at} ms, while a stroke is drawn"
            yield (
                "warning",
                f"{message}; the answer is that of the strokes before, so give a later time",
            )
        if not {"down", "move", "up"}.isdisjoint(names):
            is_down = names[-1] != "up"
    if last_steps := [steps[-1] for _, steps in steps_by_time(drawing)]:
        name, *values = last_steps[-1]
        if name == EXPECT and values != [drawing.word]:
            message = f"expects {json.dumps(values)[1:-1]} at the end, but its word is"
            yield "error", f"{message} {json.dumps(drawing.word)}; find out which is right"


def _check_canvas(drawing: Drawing) -> Iterator[tuple[Level, str]]:
    if drawing.canvas is None:
        yield "warning", "has no canvas; the smallest square is assumed, so add [width, height]"
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
        yield "warning", "has no pen; that of the app is used, so add its diameter, such as 0.05"
    elif not least <= drawing.pen <= most:
        message = f"the pen of {drawing.pen:g} is implausible"
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
    return message if ";" in message else f"{message}; correct it, or remove the line"
