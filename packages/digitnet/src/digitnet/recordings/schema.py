"""The keys of a recording, checked and converted to a drawing.

`digitnet.ink.Drawing` documents what the keys mean.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from digitnet.errors import InkError, RecordingError
from digitnet.ink import Drawing, Stroke


def to_drawing(record: Mapping[str, Any]) -> Drawing:
    """Convert the keys of one line to a drawing.

    Raises:
        RecordingError: a key is missing or has an invalid value.
    """
    for fault in _missing(record):
        raise RecordingError(fault)
    known = {key: convert(record[key]) for key, convert in _KEYS.items() if key in record}
    extra = {key: value for key, value in record.items() if key not in _KEYS}
    try:
        return Drawing(strokes=known.pop("drawing"), **known, extra=extra)
    except InkError as error:
        raise RecordingError(str(error)) from None


def find_faults(record: Mapping[str, Any]) -> list[str]:
    """List everything that is wrong with a line's keys; `to_drawing` stops at the first fault.

    Returns:
        a message for each key that is missing or invalid, and for each invalid stroke.
    """
    checks = [partial(convert, record[key]) for key, convert in _KEYS.items() if key in record]
    strokes = record.get("drawing")
    if isinstance(strokes, list):
        checks = [partial(_to_stroke, stroke, at) for at, stroke in enumerate(strokes)] + checks
    faults = [*_missing(record), *filter(None, map(_fault, checks))]
    if not faults:  # limits on the drawing as a whole
        faults += filter(None, [_fault(partial(to_drawing, record))])
    return list(dict.fromkeys(faults))


def _fault(check: Callable[[], object]) -> str:
    try:
        check()
    except RecordingError as error:
        return str(error)
    return ""


def _missing(record: Mapping[str, Any]) -> Iterator[str]:
    for key in ("word", "drawing"):
        if key not in record:
            yield f"lacks the key {key!r}; word and drawing are required"


@dataclass(frozen=True)
class _Key:
    """Checks and converts the value of one key; raises RecordingError if it is invalid."""

    name: str
    expected: str
    is_valid: Callable[[Any], bool]
    convert: Callable[[Any], Any] = lambda value: value

    def __call__(self, value: Any) -> Any:
        if not self.is_valid(value):
            raise RecordingError(f"{self.name!r} must be {self.expected}, not {_short(value)}")
        return self.convert(value)


def _to_strokes(value: list[Any]) -> tuple[Stroke, ...]:
    return tuple(_to_stroke(stroke, index) for index, stroke in enumerate(value))


def _to_stroke(lists: Any, index: int) -> Stroke:
    if not (
        isinstance(lists, list)
        and len(lists) == 3
        and all(isinstance(axis, list) and all(map(_is_number, axis)) for axis in lists)
    ):
        raise RecordingError(f"stroke {index} must be three lists of numbers [x, y, t]")
    try:
        return Stroke.of(*lists)
    except InkError as error:
        raise RecordingError(f"stroke {index}: {error}") from None


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_canvas(value: Any) -> bool:
    return value is None or (
        isinstance(value, list)
        and len(value) == 2
        and all(_is_number(side) and 0 < side <= 1e6 for side in value)
    )


def _is_pen(value: Any) -> bool:
    return value is None or (_is_number(value) and 0 < value <= 1)


def _are_tags(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_events(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(event, list) and len(event) >= 2 and _is_number(event[0]) and _is_text(event[1])
        for event in value
    )


def _short(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=True, default=str)
    except RecursionError:
        return f"a {type(value).__name__} that is nested too deeply"
    return text if len(text) <= 40 else text[:37] + "..."


_ALL_KEYS = (
    *(
        _Key(name, "a string", _is_text)
        for name in ("word", "key_id", "device", "source", "writer")
    ),
    _Key("drawing", "a list of strokes", _is_list, _to_strokes),
    _Key("canvas", "[width, height] in pixels", _is_canvas, lambda sides: sides and tuple(sides)),
    _Key("pen", "the pen's diameter as a share of the canvas's shorter side", _is_pen),
    _Key("tags", "a list of strings", _are_tags, tuple),
    _Key("events", "a list of [t, name]", _are_events, lambda events: tuple(map(tuple, events))),
    _Key("answer", "an object", lambda value: value is None or isinstance(value, dict)),
)

_KEYS: Mapping[str, _Key] = {key.name: key for key in _ALL_KEYS}
