"""The keys of one recording, as JSON gives them, to a drawing.

`digitnet.recordings` tells what the keys are; here it is checked what they hold.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from digitnet.errors import InkError, RecordingError
from digitnet.ink import Drawing, Stroke

_T = TypeVar("_T")


def to_drawing(record: Mapping[str, Any]) -> Drawing:
    """Make a drawing of one line's keys.

    Raises:
        RecordingError: a key is missing, or holds what no drawing can hold.
    """
    for lack in _lacking(record):
        raise RecordingError(lack)
    known = {key: read(record[key]) for key, read in _READERS.items() if key in record}
    extra = {key: value for key, value in record.items() if key not in _READERS}
    try:
        return Drawing(strokes=known.pop("drawing"), **known, extra=extra)
    except InkError as error:
        raise RecordingError(str(error)) from None


def faults(record: Mapping[str, Any]) -> list[str]:
    """List all for which `to_drawing` refuses a line's keys, where that stops at the first.

    Returns:
        a sentence for each key that is missing or wrong, and for each stroke that is.
    """
    checks = [partial(read, record[key]) for key, read in _READERS.items() if key in record]
    strokes = record.get("drawing")
    if isinstance(strokes, list):
        checks = [partial(_to_stroke, stroke, at) for at, stroke in enumerate(strokes)] + checks
    found = [*_lacking(record), *filter(None, map(_fault, checks))]
    # What the drawing as a whole must hold is worth a look once its parts are sound.
    found += [] if found else filter(None, [_fault(partial(to_drawing, record))])
    return list(dict.fromkeys(found))


def _fault(check: Callable[[], object]) -> str:
    try:
        check()
    except RecordingError as error:
        return str(error)
    return ""


def _lacking(record: Mapping[str, Any]) -> Iterator[str]:
    for key in ("word", "drawing"):
        if key not in record:
            yield f"lacks the key {key!r}; word and drawing are required"


def _expect(value: Any, kind: type[_T], key: str, what: str) -> _T:
    if not isinstance(value, kind):
        raise RecordingError(f"{key!r} must be {what}, not {_short(value)}")
    return value


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


def _to_canvas(value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    if not (
        isinstance(value, list)
        and len(value) == 2
        and all(_is_number(side) and 0 < side <= 1e6 for side in value)
    ):
        raise RecordingError(f"'canvas' must be [width, height] in pixels, not {_short(value)}")
    return value[0], value[1]


def _to_pen(value: Any) -> float | None:
    if value is not None and not (_is_number(value) and 0 < value <= 1):
        raise RecordingError(
            f"'pen' must be the pen's diameter over the canvas's shorter side, not {_short(value)}"
        )
    return value  # type: ignore[no-any-return]


def _to_event(value: Any) -> tuple[Any, ...]:
    if not (
        isinstance(value, list)
        and len(value) >= 2
        and _is_number(value[0])
        and isinstance(value[1], str)
    ):
        raise RecordingError(f"'events' must be a list of [t, name], not {_short(value)}")
    return tuple(value)


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _to_text(value: Any, key: str) -> str:
    return _expect(value, str, key, "a text")


def _to_strokes(value: Any) -> tuple[Stroke, ...]:
    strokes = _expect(value, list, "drawing", "a list of strokes")
    return tuple(_to_stroke(stroke, index) for index, stroke in enumerate(strokes))


def _to_tags(value: Any) -> tuple[str, ...]:
    what = "a list of texts"
    return tuple(_expect(tag, str, "tags", what) for tag in _expect(value, list, "tags", what))


def _to_events(value: Any) -> tuple[tuple[Any, ...], ...]:
    events = _expect(value, list, "events", "a list of [t, name]")
    return tuple(_to_event(event) for event in events)


def _to_answer(value: Any) -> dict[str, Any] | None:
    return None if value is None else _expect(value, dict, "answer", "an object")


def _short(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=True, default=str)
    except RecursionError:
        return f"a {type(value).__name__} that is nested too deeply"
    return text if len(text) <= 40 else text[:37] + "..."


_READERS: dict[str, Callable[[Any], Any]] = {
    **{key: partial(_to_text, key=key) for key in ("word", "key_id", "device", "source", "writer")},
    "drawing": _to_strokes,
    "canvas": _to_canvas,
    "pen": _to_pen,
    "tags": _to_tags,
    "events": _to_events,
    "answer": _to_answer,
}
"""What each known key's value becomes in a drawing; each raises RecordingError."""
