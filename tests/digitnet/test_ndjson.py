"""Recordings survive a round trip, and are written completely or not at all."""

from __future__ import annotations

import dataclasses
import errno
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from digitbench.strategies import drawings
from digitnet import Drawing, RecordingError, Stroke, read_drawings, write_drawings
from digitnet.recordings import dump_drawing, parse_drawing

ONE_LINE = r"\A.+\Z"

GOOD = b'{"word":"7","drawing":[[[10,50,25],[10,10,90],[0,16,33]]]}\n'


def everything() -> SearchStrategy[Drawing]:
    """Drawings with arbitrary attributes, including unknown keys."""
    finite = st.floats(allow_nan=False, allow_infinity=False)
    json_value = st.recursive(
        st.none() | st.booleans() | st.integers() | finite | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    )
    side = st.integers(1, 10**6) | st.floats(0, 1e6, exclude_min=True)
    event = st.tuples(st.integers() | finite, st.text()) | st.tuples(finite, st.text(), json_value)
    metadata = st.fixed_dictionaries(
        {
            "key_id": st.text(),
            "word": st.text(),
            "canvas": st.none() | st.tuples(side, side),
            "pen": st.none() | st.floats(0, 1, exclude_min=True),
            "device": st.text(),
            "source": st.text(),
            "writer": st.text(),
            "tags": st.lists(st.text(), max_size=3).map(tuple),
            "events": st.lists(event, max_size=3).map(tuple),
            "answer": st.none() | st.dictionaries(st.text(), json_value, max_size=3),
            "extra": st.dictionaries(st.text().map("x-{}".format), json_value, max_size=3),
        }
    )
    return st.builds(
        lambda drawing, known: dataclasses.replace(drawing, **known),
        drawings(min_strokes=0),
        metadata,
    )


@given(drawing=everything())
def test_a_line_survives_a_round_trip(drawing: Drawing) -> None:
    """Writing and parsing a line of NDJSON is the identity."""
    line = dump_drawing(drawing)
    assert "\n" not in line
    assert parse_drawing(line) == drawing


def test_a_file_survives_a_round_trip(tmp_path: Path, full_line: bytes) -> None:
    """A round trip through a file keeps all drawings and their order, and returns their number."""
    path = tmp_path / "ink.ndjson"
    written = [parse_drawing(full_line), parse_drawing(GOOD), Drawing(())]
    assert write_drawings(path, iter(written)) == 3
    assert list(read_drawings(path)) == written
    assert list(read_drawings(str(path))) == written
    with path.open("rb") as file:
        assert list(read_drawings(file)) == written


def test_all_known_keys_are_read(full_line: bytes) -> None:
    """Each known key has its own attribute, and unknown ones are in `extra`."""
    assert parse_drawing(full_line) == Drawing(
        strokes=(Stroke([(10, 10, 0), (50, 90, 16.5)]), Stroke([(1, 2, 3)])),
        word="7",
        key_id="a",
        canvas=(400, 300.5),
        pen=0.05,
        device="pen",
        source="s",
        writer="w",
        tags=("t",),
        events=((5, "undo"), (9, "resize", [200, 150])),
        answer={"text": "7"},
        extra={"recognized": True},
    )


def test_a_raw_line_of_quick_draw_is_read_and_written_back() -> None:
    """Quick, Draw!'s raw files are recordings; keys of its own survive a round trip."""
    line = (
        '{"word":"nose","countrycode":"AE","timestamp":"2017-03-01 20:41:36.70725 UTC",'
        '"recognized":true,"key_id":"5152802093400064",'
        '"drawing":[[[167,109,80],[140,194,227],[0,148.5,191]],[[169,178],[136,60],[1060,1202]]]}'
    )
    drawing = parse_drawing(line)
    assert (drawing.word, drawing.key_id) == ("nose", "5152802093400064")
    assert drawing.strokes[1] == Stroke([(169, 136, 1060), (178, 60, 1202)])
    assert json.loads(dump_drawing(drawing)) == json.loads(line)


@pytest.mark.parametrize("dtype", ["int64", "float32", "float64"])
def test_points_of_numpy_numbers_can_be_written(dtype: str) -> None:
    """Strokes from arrays of any dtype are written as plain numbers."""
    drawing = Drawing((Stroke(np.array([[1, 2, 3], [4, 5, 6]], dtype)),))
    assert parse_drawing(dump_drawing(drawing)) == drawing


@pytest.mark.parametrize("name", ["missing/ink.ndjson", "folder", "null\0byte"])
def test_the_error_for_an_unwritable_path(tmp_path: Path, name: str) -> None:
    """A missing folder, a folder in place of the file, and an invalid name: RecordingErrors."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(RecordingError, match=ONE_LINE):
        write_drawings(tmp_path / name, [Drawing(())])
    assert [entry.name for entry in tmp_path.rglob("*")] == ["folder"]


def unwritable(_patch: pytest.MonkeyPatch) -> Iterator[Drawing]:
    yield Drawing((), answer={"model": object()})


def interrupted(_patch: pytest.MonkeyPatch) -> Iterator[Drawing]:
    yield Drawing(())
    raise KeyboardInterrupt


def too_large_for_the_disk(patch: pytest.MonkeyPatch) -> Iterator[Drawing]:
    patch.setattr("os.fsync", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
    yield Drawing(())


@pytest.mark.parametrize(
    ("drawings_", "error"),
    [
        (unwritable, RecordingError),
        (interrupted, KeyboardInterrupt),
        (too_large_for_the_disk, RecordingError),
    ],
)
def test_writing_is_all_or_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    drawings_: Callable[[pytest.MonkeyPatch], Iterator[Drawing]],
    error: type[BaseException],
) -> None:
    """Whatever stops the writing, the old file is unchanged and no other file is left behind."""
    path = tmp_path / "ink.ndjson"
    path.write_bytes(GOOD)
    with pytest.raises(error):
        write_drawings(path, drawings_(monkeypatch))
    assert path.read_bytes() == GOOD
    assert list(tmp_path.iterdir()) == [path]


def test_a_drawing_knows_where_it_was_read_from(tmp_path: Path) -> None:
    """File and line, counting empty lines; they do not affect equality."""
    file = tmp_path / "mine.ndjson"
    file.write_bytes(GOOD + b"\n" + GOOD)
    first, second = read_drawings(file)
    assert [str(drawing.place) for drawing in (first, second)] == [f"{file}:1", f"{file}:3"]
    assert first == second == parse_drawing(GOOD)
    assert "place" not in dump_drawing(first)
