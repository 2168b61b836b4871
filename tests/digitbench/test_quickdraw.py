"""Quick, Draw! to recordings: raw, simplified, and damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.formats.canvas_fit import EVEN_TIMES
from digitbench.formats.quickdraw import read_quickdraw
from digitbench.formats.skipped import Skipped
from digitnet import Drawing, RecordingError
from digitnet.recordings import dump_drawing, parse_drawing

SIMPLIFIED = {
    "word": "line",
    "countrycode": "DE",
    "timestamp": "2017-03-01 20:41:36.70725 UTC",
    "recognized": True,
    "key_id": "5891796615823360",
    "drawing": [[[0, 128, 255], [7, 8, 9]], [[5], [6]]],
}
RAW = SIMPLIFIED | {"word": "circle", "drawing": [[[10.5, 99], [20, 8], [0, 17]]]}


def read(folder: Path, content: str | bytes, **words: str) -> tuple[list[Drawing], list[str]]:
    """Read a file of this content; give its drawings and what was told."""
    file, told = folder / "things.ndjson", list[str]()
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_quickdraw(file, Skipped(told.append), words=words)), told


def test_a_simplified_drawing_gets_even_times(tmp_path: Path) -> None:
    """Its square is the canvas; made-up times are marked; what only Quick, Draw! knows is kept."""
    [drawing], told = read(tmp_path, json.dumps(SIMPLIFIED))
    assert told == []
    assert [stroke.points for stroke in drawing.strokes] == [
        ((0, 7, 0), (128, 8, 10), (255, 9, 20)),
        ((5, 6, 120),),
    ]
    assert (drawing.word, drawing.tags) == ("", ("line", EVEN_TIMES))
    assert (drawing.canvas, drawing.key_id) == ((256, 256), "5891796615823360")
    assert dict(drawing.extra) == {
        key: SIMPLIFIED[key] for key in ("countrycode", "timestamp", "recognized")
    }


def test_a_raw_drawing_keeps_its_times(tmp_path: Path) -> None:
    """On the smallest canvas that holds it, as nothing tells how large the screen was."""
    [drawing], told = read(tmp_path, json.dumps(RAW))
    assert told == []
    assert [stroke.points for stroke in drawing.strokes] == [((10.5, 20, 0), (99, 8, 17))]
    assert (drawing.word, drawing.tags, drawing.canvas) == ("", ("circle",), (100, 21))


def test_a_thing_may_be_said_to_be_a_digit(tmp_path: Path) -> None:
    """The others remain none."""
    drawings, _ = read(tmp_path, f"{json.dumps(RAW)}\n{json.dumps(SIMPLIFIED)}", circle="0")
    assert [drawing.word for drawing in drawings] == ["0", ""]
    assert [drawing.tags[0] for drawing in drawings] == ["circle", "line"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("half a li", "is not JSON"),
        ('{"word":"line"}', "lacks the key 'drawing'"),
        ('{"word":"line","drawing":[[[1,2],[1]]]}', "equal lengths"),
        ('{"word":"line","drawing":[[[],[]]]}', "no points"),
        ('{"word":"line","drawing":[[[1],[1],[1]],[[1],[1]]]}', "three lists"),
        ('{"word":"line","drawing":[[1,2]]}', "three lists"),
        ('{"word":"","drawing":[]}', "there is no label"),
    ],
)
def test_a_damaged_line_costs_only_its_own_drawing(tmp_path: Path, line: str, reason: str) -> None:
    """The others are read; what is left out is told with file and line."""
    drawings, [message] = read(tmp_path, f"{line}\n{json.dumps(SIMPLIFIED)}\n")
    assert len(drawings) == 1
    assert message.startswith(f"{tmp_path / 'things.ndjson'}:1: ")
    assert reason in message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(RecordingError, match=r"gone\.ndjson: cannot be read"):
        list(read_quickdraw(tmp_path / "gone.ndjson"))


VALUES = st.recursive(
    st.none() | st.integers(-9, 9) | st.sampled_from(["", "line", "7"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=12,
)
RECORDS = st.dictionaries(st.sampled_from(sorted(SIMPLIFIED)), VALUES)


@given(content=st.binary() | RECORDS.map(json.dumps).map(str.encode))
def test_any_lines_are_drawings_or_losses(tmp_path: Path, content: bytes) -> None:
    """No line does anything else; and what is read can be written and read as a recording."""
    found, _ = read(tmp_path, content)
    assert [parse_drawing(dump_drawing(drawing)) for drawing in found] == found
