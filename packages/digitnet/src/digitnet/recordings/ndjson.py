"""Drawings as NDJSON: one drawing a line, in the layout of Quick, Draw!'s raw files.

Only ``word`` and ``drawing`` are required::

    {"word": "7", "drawing": [[[10, 50, 25], [10, 10, 90], [0, 16, 33]]]}

Unknown keys survive a round trip in `Drawing.extra`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from digitnet.errors import RecordingError, reason_of
from digitnet.files import write_atomically
from digitnet.ink import Drawing, Place
from digitnet.recordings.schema import to_drawing

MAX_LINE_BYTES = 64 * 2**20
"""Longer lines are refused before parsing; `ink.MAX_POINTS` points need about 15 MB."""

_GZIP = b"\x1f\x8b"


def read_drawings(source: str | Path | IO[bytes]) -> Iterator[Drawing]:
    """Read a recordings file drawing by drawing, skipping empty lines.

    Args:
        source: a path, or a binary file object.

    Yields:
        each line's drawing with its place, as soon as it is read.

    Raises:
        RecordingError: the file cannot be read, or a line is not a recording; names file and line.
    """
    name = source if isinstance(source, (str, Path)) else getattr(source, "name", "recordings")
    for number, line in read_lines(source):
        try:
            yield replace(parse_drawing(line), place=Place(str(name), number))
        except RecordingError as error:
            raise RecordingError(f"{name}:{number}: {error}") from None


def read_lines(source: str | Path | IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Read the lines of a recordings file that are not empty, each with its number, from 1.

    A line that is too long is truncated, but still long enough for `parse_record` to refuse it.

    Raises:
        RecordingError: the file cannot be read.
    """
    if not isinstance(source, (str, Path)):
        yield from _numbered(source)
        return
    try:
        with Path(source).open("rb") as file:
            yield from _numbered(file)
    except OSError as error:
        raise RecordingError(
            f"{source}: cannot be read: {reason_of(error)}; check the path"
        ) from None
    except ValueError as error:  # a path with a null byte
        raise RecordingError(f"{source!r}: is not a valid path: {error}; check the name") from None


def _numbered(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE_BYTES + 1)
        if line.strip():
            yield number, line


def parse_drawing(line: bytes | str) -> Drawing:
    """Parse one line of NDJSON into a drawing.

    Raises:
        RecordingError: the line is not JSON, lacks a key, or has an invalid value.
    """
    return to_drawing(parse_record(line))


def parse_record(line: bytes | str) -> dict[str, Any]:
    """Parse one line of NDJSON without checking its keys, which `to_drawing` and `find_faults` do.

    Raises:
        RecordingError: the line is too long, not a JSON object, or has a number that is not finite.
    """
    if len(line) > MAX_LINE_BYTES:
        size = MAX_LINE_BYTES // 2**20
        raise RecordingError(f"the line is longer than {size} MB; split it")
    if isinstance(line, bytes) and line.startswith(_GZIP):
        raise RecordingError("is compressed with gzip; unpack it first, for example with gunzip")
    try:
        record = json.loads(line, parse_constant=_refuse_constant, parse_float=_finite)
    except RecursionError:
        raise RecordingError(
            "the JSON is nested too deeply; one drawing a line is expected"
        ) from None
    except ValueError as error:  # JSONDecodeError, UnicodeDecodeError, or too long an integer
        raise RecordingError(
            f"is not JSON ({reason_of(error)}); one drawing a line is expected"
        ) from None
    if not isinstance(record, dict):
        raise RecordingError(
            f"holds a {type(record).__name__}, not an object with word and drawing"
        )
    return record


def dump_drawing(drawing: Drawing) -> str:
    """Return one line of NDJSON, without its line end and without empty keys.

    Raises:
        RecordingError: `events`, `answer` or `extra` holds a value that JSON cannot represent.
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
    """Write a recordings file atomically, replacing an existing one.

    Returns:
        the number of drawings written.

    Raises:
        RecordingError: the file cannot be written; an existing file is unchanged.
    """
    lines = [dump_drawing(drawing) + "\n" for drawing in drawings]
    try:
        write_atomically(Path(path), "".join(lines).encode())
    except OSError as error:
        raise RecordingError(
            f"{path}: cannot be written: {reason_of(error)}; choose another place"
        ) from None
    except ValueError as error:  # a path with a null byte
        raise RecordingError(f"{path!r}: is not a valid path: {error}; check the name") from None
    return len(lines)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:20]} is too large")
    return number
