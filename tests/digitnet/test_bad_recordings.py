"""Damaged recordings raise a one-line error that says where, and cost nothing else."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from digitnet import Drawing, RecordingError, read_drawings
from digitnet.recordings import dump_drawing, parse_drawing, parse_record
from digitnet.recordings.schema import find_faults, to_drawing

ONE_LINE = r"\A.+\Z"

GOOD = b'{"word":"7","drawing":[[[10,50,25],[10,10,90],[0,16,33]]]}\n'


def read(content: bytes) -> list[Drawing]:
    return list(read_drawings(io.BytesIO(content)))


def read_or_error(content: bytes) -> list[Drawing] | RecordingError:
    try:
        return read(content)
    except RecordingError as error:
        return error


def test_empty_lines_are_skipped_and_counted() -> None:
    """Blank lines are not drawings, but count in line numbers."""
    assert len(read(b"\n" + GOOD + b"  \r\n" + GOOD)) == 2
    with pytest.raises(RecordingError, match=r"\Arecordings:3: "):
        read(b"\n" + GOOD + b"oops")


def test_drawings_before_a_damaged_line_are_read() -> None:
    """Drawings are read one by one, so damage costs only what comes after it."""
    reading = read_drawings(io.BytesIO(GOOD + b"oops\n" + GOOD))
    assert next(reading) == parse_drawing(GOOD)
    with pytest.raises(RecordingError):
        next(reading)


def with_key(key: str, value: str) -> str:
    return f'{{"word":"7","drawing":[],"{key}":{value}}}'


def with_drawing(value: str) -> str:
    return f'{{"word":"7","drawing":{value}}}'


BAD_LINES = {
    "no JSON": "hello",
    "half a line": GOOD.decode()[:40],
    "two records": GOOD.decode().strip() * 2,
    "a list": "[]",
    "a text": '"7"',
    "null": "null",
    "no word": '{"drawing":[]}',
    "no drawing": '{"word":"7"}',
    "NaN": with_drawing("[[[NaN],[1],[1]]]"),
    "Infinity": with_drawing("[[[1],[Infinity],[1]]]"),
    "-Infinity": with_drawing("[[[1],[1],[-Infinity]]]"),
    "NaN in an unknown key": with_key("x", "NaN"),
    "1e999 for x": with_drawing("[[[1e999],[1],[1]]]"),
    "1e999 for t": with_drawing("[[[1],[1],[1e999]]]"),
    "1e999 in the answer": with_key("answer", '{"confidence":1e999}'),
    "1e999 in an event": with_key("events", '[[1,"resize",1e999]]'),
    "1e999 in an unknown key": with_key("x", "[1e999]"),
    "a coordinate beyond all floats": with_drawing(f"[[[{10**400}],[1],[1]]]"),
    "a time beyond all floats": with_drawing(f"[[[1],[1],[{10**400}]]]"),
    "an integer too long to parse": with_drawing(f"[[[{'9' * 5000}],[1],[1]]]"),
    "a coordinate beyond all canvases": with_drawing("[[[1e8],[1],[1]]]"),
    "unequal lists": with_drawing("[[[1,2],[1],[1,2]]]"),
    "no times": with_drawing("[[[1],[1]]]"),
    "four lists": with_drawing("[[[1],[1],[1],[1]]]"),
    "no points": with_drawing("[[[],[],[]]]"),
    "an empty stroke": with_drawing("[[]]"),
    "a stroke of numbers": with_drawing("[[1,1,1]]"),
    "a number for a stroke": with_drawing("[5]"),
    "texts for coordinates": with_drawing('[[["1"],["1"],["1"]]]'),
    "a bool for a coordinate": with_drawing("[[[true],[1],[1]]]"),
    "null for a coordinate": with_drawing("[[[1],[null],[1]]]"),
    "an object for the drawing": with_drawing("{}"),
    "a number for the word": '{"word":7,"drawing":[]}',
    "null for the word": '{"word":null,"drawing":[]}',
    "a number for key_id": with_key("key_id", "5"),
    "a number for device": with_key("device", "5"),
    "null for source": with_key("source", "null"),
    "a list for writer": with_key("writer", "[]"),
    "a text for tags": with_key("tags", '"t"'),
    "numbers in tags": with_key("tags", "[1]"),
    "an object for events": with_key("events", "{}"),
    "a text for an event": with_key("events", '["undo"]'),
    "an event without a name": with_key("events", "[[1]]"),
    "an event without a time": with_key("events", '[["undo","undo"]]'),
    "a number for an event's name": with_key("events", "[[1,2]]"),
    "a list for the answer": with_key("answer", "[]"),
    "a text for the canvas": with_key("canvas", '"400x300"'),
    "a canvas of one side": with_key("canvas", "[400]"),
    "a canvas without width": with_key("canvas", "[0,300]"),
    "a canvas beyond all screens": with_key("canvas", "[400,1e7]"),
    "texts in the canvas": with_key("canvas", '["400","300"]'),
    "a text for the pen": with_key("pen", '"thick"'),
    "a bool for the pen": with_key("pen", "true"),
    "a pen without width": with_key("pen", "0"),
    "a pen wider than the canvas": with_key("pen", "2"),
    "deep nesting": with_key("x", "[" * 100_000),
}


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in BAD_LINES.items()])
def test_the_error_for_a_bad_line(tmp_path: Path, line: str) -> None:
    """Whatever is wrong, it is a one-line RecordingError with file and line number."""
    path = tmp_path / "ink.ndjson"
    path.write_bytes(GOOD + line.encode() + b"\n")
    with pytest.raises(RecordingError, match=rf"\A{re.escape(str(path))}:2: .+\Z"):
        list(read_drawings(path))


@pytest.mark.parametrize("key", ["pen", "unknown"])
def test_deep_nesting_is_at_most_a_recording_error(key: str) -> None:
    """At any depth around Python's limit, a line is read and written, or a RecordingError."""
    for depth in range(1, sys.getrecursionlimit() + 1):
        with contextlib.suppress(RecordingError):
            dump_drawing(parse_drawing(with_key(key, "[" * depth + "]" * depth)))


def test_drawings_with_too_many_points_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit on a drawing's points applies to recordings, and the error names the line."""
    monkeypatch.setattr("digitnet.ink.MAX_POINTS", 2)
    with pytest.raises(RecordingError, match=r"\Arecordings:1: .* 3 points"):
        read(GOOD)


def test_lines_that_are_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line beyond the limit is refused before parsing."""
    monkeypatch.setattr("digitnet.recordings.ndjson.MAX_LINE_BYTES", len(GOOD))
    with pytest.raises(RecordingError, match=r"\Arecordings:2: .* longer"):
        read(GOOD + b" " + GOOD)


@given(draw=st.data())
def test_any_bytes_give_drawings_or_an_error(
    damaged: Callable[[bytes], SearchStrategy[bytes]], full_line: bytes, draw: st.DataObject
) -> None:
    """Random or damaged bytes give drawings that can be written again, or a RecordingError."""
    found = read_or_error(draw.draw(st.binary() | damaged(GOOD + full_line)))
    if isinstance(found, RecordingError):
        assert re.fullmatch(r"recordings:\d+: .+", str(found))
    else:
        assert [parse_drawing(dump_drawing(drawing)) for drawing in found] == found


@pytest.mark.parametrize("name", ["missing.ndjson", ".", "null\0byte"])
def test_paths_that_cannot_be_read_are_refused(tmp_path: Path, name: str) -> None:
    """A missing file, a folder and an invalid name are each a RecordingError."""
    with pytest.raises(RecordingError, match=ONE_LINE):
        list(read_drawings(tmp_path / name))


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in BAD_LINES.items()])
def test_faults_include_the_error(line: str) -> None:
    """`find_faults` includes what `to_drawing` raises."""
    try:
        record = parse_record(line)
    except RecordingError:
        return
    with pytest.raises(RecordingError) as error:
        to_drawing(record)
    assert str(error.value) in find_faults(record)


def test_all_faults_of_a_line_are_found() -> None:
    """Each invalid key and stroke has its own fault; a valid line has none."""
    record = parse_record(
        '{"drawing":[[[1],[1],[1]],[[1,2],[1],[1]],5],"pen":2,"canvas":[0,0],"tags":["t"]}'
    )
    assert [fault[:12] for fault in find_faults(record)] == [
        "lacks the ke",
        "stroke 1: a ",
        "stroke 2 mus",
        "'canvas' mus",
        "'pen' must b",
    ]
    assert find_faults(parse_record(GOOD)) == []
