"""Drawings as NDJSON: one drawing a line, in the layout of Quick, Draw!'s raw files.

Only ``word`` and ``drawing`` are required::

    {"word": "7", "drawing": [[[10, 50, 25], [10, 10, 90], [0, 16, 33]]]}

Keys that are not known here survive a round trip in `Drawing.extra`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, TypeVar

from digitnet.errors import InkError, RecordingError
from digitnet.files import write_atomically
from digitnet.ink import Drawing, Place, Stroke

MAX_LINE_BYTES = 64 * 2**20
"""A longer line is refused before it is parsed; `ink.MAX_POINTS` points need about 15 MB."""

_T = TypeVar("_T")
_TEXTS = ("key_id", "device", "source", "writer")


def read_drawings(source: str | Path | IO[bytes]) -> Iterator[Drawing]:
    """Read a recordings file drawing by drawing; empty lines are passed over.

    Args:
        source: a path, or a binary file object.

    Yields:
        each line's drawing, as soon as it is read, with its place.

    Raises:
        RecordingError: the file cannot be read, or a line is no recording; names file and line.
    """
    if not isinstance(source, (str, Path)):
        yield from _read_lines(source, getattr(source, "name", "recordings"))
        return
    try:
        with Path(source).open("rb") as file:
            yield from _read_lines(file, str(source))
    except OSError as error:
        reason = error.strerror or error
        raise RecordingError(f"{source}: cannot be read: {reason}; check the path") from None
    except ValueError as error:  # a path with a null byte
        raise RecordingError(f"{source!r}: is no path: {error}; check the name") from None


def _read_lines(file: IO[bytes], name: str) -> Iterator[Drawing]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            size = MAX_LINE_BYTES // 2**20
            raise RecordingError(f"{name}:{number}: the line is longer than {size} MB; split it")
        if line.strip():
            try:
                yield replace(parse_drawing(line), place=Place(str(name), number))
            except RecordingError as error:
                raise RecordingError(f"{name}:{number}: {error}") from None


def parse_drawing(line: bytes | str) -> Drawing:
    """Make a drawing of one line of NDJSON.

    Raises:
        RecordingError: the line is no JSON, lacks a key, or holds what no drawing can hold.
    """
    try:
        record = json.loads(line, parse_constant=_refuse_constant, parse_float=_finite)
    except RecursionError:
        raise RecordingError(
            "the JSON is nested too deeply; one drawing a line is expected"
        ) from None
    except ValueError as error:  # JSONDecodeError, UnicodeDecodeError, and integers too long
        reason = str(error).splitlines()[0]
        raise RecordingError(f"is no JSON ({reason}); one drawing a line is expected") from None
    if not isinstance(record, dict):
        raise RecordingError(
            f"holds a {type(record).__name__}, not an object with word and drawing"
        )
    return _to_drawing(record)


def dump_drawing(drawing: Drawing) -> str:
    """Make one line of NDJSON, without its line end; keys that hold nothing are left out.

    Raises:
        RecordingError: `events`, `answer` or `extra` holds what JSON cannot.
    """
    record: dict[str, Any] = {}
    if drawing.key_id:
        record["key_id"] = drawing.key_id
    record["word"] = drawing.word
    record["drawing"] = [
        [list(axis) for axis in zip(*stroke.points, strict=True)] for stroke in drawing.strokes
    ]
    if drawing.canvas is not None:
        record["canvas"] = list(drawing.canvas)
    if drawing.pen is not None:
        record["pen"] = drawing.pen
    for key in ("device", "source", "writer"):
        if text := getattr(drawing, key):
            record[key] = text
    if drawing.tags:
        record["tags"] = list(drawing.tags)
    if drawing.events:
        record["events"] = [list(event) for event in drawing.events]
    if drawing.answer is not None:
        record["answer"] = dict(drawing.answer)
    try:
        return json.dumps({**drawing.extra, **record}, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise RecordingError(f"drawing {drawing.key_id!r} cannot be written: {error}") from None


def write_drawings(path: str | Path, drawings: Iterable[Drawing]) -> int:
    """Write a recordings file, all of it or nothing, over an older one of that name.

    Returns:
        how many drawings were written.

    Raises:
        RecordingError: the file cannot be written; what stood there stands there still.
    """
    lines = [dump_drawing(drawing) + "\n" for drawing in drawings]
    try:
        write_atomically(Path(path), "".join(lines).encode())
    except OSError as error:
        reason = error.strerror or error
        raise RecordingError(f"{path}: cannot be written: {reason}; choose another place") from None
    except ValueError as error:  # a path with a null byte
        raise RecordingError(f"{path!r}: is no path: {error}; check the name") from None
    return len(lines)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:20]} is beyond all numbers")
    return number


def _to_drawing(record: dict[str, Any]) -> Drawing:
    for key in ("word", "drawing"):
        if key not in record:
            raise RecordingError(f"lacks the key {key!r}; word and drawing are required")
    rest = dict(record)
    word = _expect(rest.pop("word"), str, "word", "a text")
    strokes = _expect(rest.pop("drawing"), list, "drawing", "a list of strokes")
    texts = {key: _expect(rest.pop(key, ""), str, key, "a text") for key in _TEXTS}
    tags = _expect(rest.pop("tags", []), list, "tags", "a list of texts")
    events = _expect(rest.pop("events", []), list, "events", "a list of [t, name]")
    answer = rest.pop("answer", None)
    if answer is not None:
        _expect(answer, dict, "answer", "an object")
    try:
        return Drawing(
            strokes=tuple(_to_stroke(stroke, index) for index, stroke in enumerate(strokes)),
            word=word,
            canvas=_to_canvas(rest.pop("canvas", None)),
            pen=_to_pen(rest.pop("pen", None)),
            tags=tuple(_expect(tag, str, "tags", "a list of texts") for tag in tags),
            events=tuple(_to_event(event) for event in events),
            answer=answer,
            extra=rest,
            **texts,
        )
    except InkError as error:
        raise RecordingError(str(error)) from None


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


def _short(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=True, default=str)
    except RecursionError:
        return f"a {type(value).__name__} that is nested too deeply"
    return text if len(text) <= 40 else text[:37] + "..."
