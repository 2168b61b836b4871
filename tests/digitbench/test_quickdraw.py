"""Quick, Draw! to recordings: raw, simplified, and damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.formats.quickdraw import read_quickdraw
from digitbench.formats.skipped import Skipped
from digitnet import Drawing, RecordingError
from digitnet.ink import EVEN_TIMES
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
    """Read a file with this content; return its drawings, and messages about the rest."""
    file, messages = folder / "things.ndjson", list[str]()
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_quickdraw(file, Skipped(messages.append), words=words)), messages


def test_a_simplified_drawing_gets_even_times(tmp_path: Path) -> None:
    """Its square is the canvas, made-up times are tagged, and other keys are kept."""
    [drawing], messages = read(tmp_path, json.dumps(SIMPLIFIED))
    assert messages == []
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
    """On the smallest canvas that holds it, because the size of the screen is unknown."""
    [drawing], messages = read(tmp_path, json.dumps(RAW))
    assert messages == []
    assert [stroke.points for stroke in drawing.strokes] == [((10.5, 20, 0), (99, 8, 17))]
    assert (drawing.word, drawing.tags, drawing.canvas) == ("", ("circle",), (100, 21))


def test_a_category_can_be_mapped_to_a_digit(tmp_path: Path) -> None:
    """Others still are not digits."""
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
def test_a_damaged_line_is_skipped(tmp_path: Path, line: str, reason: str) -> None:
    """Other lines are read; the message names file and line."""
    drawings, [message] = read(tmp_path, f"{line}\n{json.dumps(SIMPLIFIED)}\n")
    assert len(drawings) == 1
    assert message.startswith(f"{tmp_path / 'things.ndjson'}:1: ")
    assert reason in message


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """The message names it."""
    with pytest.raises(RecordingError, match=r"gone\.ndjson: cannot be read"):
        list(read_quickdraw(tmp_path / "gone.ndjson"))


VALUES = st.recursive(
    st.none() | st.integers(-9, 9) | st.sampled_from(["", "line", "7"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=12,
)
RECORDS = st.dictionaries(st.sampled_from(sorted(SIMPLIFIED)), VALUES)


@given(content=st.binary() | RECORDS.map(json.dumps).map(str.encode))
def test_any_line_gives_a_drawing_or_is_skipped(tmp_path: Path, content: bytes) -> None:
    """The drawings survive being written and read as recordings."""
    found, _ = read(tmp_path, content)
    assert [parse_drawing(dump_drawing(drawing)) for drawing in found] == found
