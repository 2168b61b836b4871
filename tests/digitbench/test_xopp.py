"""Xournal++ documents to recordings."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.formats.skipped import Skipped
from digitbench.formats.xopp import read_xopp
from digitbench.run.suite import judge
from digitbench.strategies import drawings
from digitnet import Drawing, RecordingError, read_drawings
from digitnet.ink import EVEN_TIMES, UNLABELLED

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

    from digitbench.replay.replayer import Replayer

STROKE = '<stroke tool="pen" color="#000000ff" width="2.5 1.1 0.9">{}</stroke>'
SEVEN = STROKE.format("100.5 60 180.25 60 140 170")


def document(*layers: str, size: str = 'width="500" height="800"') -> str:
    """Return a document of one page."""
    inner = "".join(f"<layer>{layer}</layer>" for layer in layers)
    return (
        '<?xml version="1.0" standalone="no"?>\n'
        '<xournal creator="Xournal++ 1.2.3" fileversion="4"><title>t</title>\n'
        f'<page {size}><background type="solid" color="#ffffffff" style="lined"/>{inner}</page>\n'
        "</xournal>"
    )


def read(folder: Path, content: str, **options: Any) -> tuple[list[Drawing], Skipped, list[str]]:
    """Read a document; return its drawings, and what was skipped, with messages."""
    file, messages = folder / "notes.xopp", list[str]()
    file.write_bytes(gzip.compress(content.encode()))
    skipped = Skipped(messages.append)
    return list(read_xopp(file, skipped, **options)), skipped, messages


def test_a_page_becomes_a_drawing(tmp_path: Path) -> None:
    """Of its layers' strokes, on a canvas of its size, with the pen's width and made-up times."""
    second = STROKE.format("120 110 160 110")
    [drawing], _, messages = read(tmp_path, document(SEVEN, second), words={"": "7"})
    assert messages == []
    assert [stroke.points for stroke in drawing.strokes] == [
        ((100.5, 60, 0), (180.25, 60, 10), (140, 170, 20)),
        ((120, 110, 120), (160, 110, 130)),
    ]
    assert (drawing.word, drawing.tags, drawing.canvas) == ("7", (EVEN_TIMES,), (500, 800))
    assert (drawing.pen, drawing.key_id, drawing.source) == (0.005, "notes-00001", "notes.xopp")


def test_a_page_without_a_label_is_skipped_or_split(tmp_path: Path) -> None:
    """The format has no labels; the message says how to set one, and how to split."""
    drawings, skipped, [message] = read(tmp_path, document(SEVEN))
    assert (drawings, dict(skipped.drawings)) == ([], {"with unclear labels": 1})
    assert message.startswith(f"{tmp_path / 'notes.xopp'}:3: there is no label; --word =WORD")
    assert "--split number" in message
    [part], _, _ = read(tmp_path, document(SEVEN), split="digit")
    assert (part.word, part.tags) == ("7", (UNLABELLED, EVEN_TIMES))
    assert part.pen_pixels == pytest.approx(2.5 * 500 / 110)


def test_what_is_not_ink_is_counted(tmp_path: Path) -> None:
    """By kind, with its line: other tools, texts, images; and pages without any ink."""
    others = (
        '\n<stroke tool="eraser" width="9">1 2 3 4</stroke>'
        '\n<stroke tool="highlighter" width="9">1 2 3 4</stroke>'
        '\n<text x="1" y="2">7</text><image left="1">AAAA</image>'
    )
    [_], skipped, messages = read(tmp_path, document(SEVEN + others), words={"": "7"})
    assert dict(skipped.others) == {"strokes of other tools": 2, "texts": 1, "images": 1}
    assert messages[0].endswith("notes.xopp:4: a stroke of the eraser is not ink; it is skipped")
    drawings, skipped, _ = read(tmp_path, document(others))
    assert (drawings, dict(skipped.drawings)) == ([], {"without ink": 1})


@pytest.mark.parametrize("points", ["1 2 3", "", "1 x", "1 nan", "1 1e99"])
def test_a_page_with_a_damaged_stroke_is_skipped(tmp_path: Path, points: str) -> None:
    """Rather than read without it; other pages are read."""
    damaged = document(f"{SEVEN}\n{STROKE.format(points)}")
    both = damaged.replace("</xournal>", document(SEVEN).partition("</title>")[2])
    [drawing], skipped, [message] = read(tmp_path, both, words={"": "7"})
    assert drawing.key_id == "notes-00002"
    assert dict(skipped.drawings) == {"with damaged strokes": 1}
    assert "notes.xopp:3: the stroke of line 4 is not pairs of numbers" in message


@pytest.mark.parametrize("size", ["", 'width="0" height="9"', 'width="inf" height="9"'])
def test_a_page_without_a_size_has_no_canvas(tmp_path: Path, size: str) -> None:
    """Nor a pen, whose width is a share of it."""
    [drawing], _, _ = read(tmp_path, document(SEVEN, size=size), words={"": "7"})
    assert (drawing.canvas, drawing.pen) == (None, None)


def test_other_xml_is_an_error(tmp_path: Path) -> None:
    """Which names the line and the root."""
    with pytest.raises(RecordingError, match=r"notes\.xopp:2: is not .*Xournal\+\+.* but <svg>"):
        read(tmp_path, "\n<svg/>")


def test_an_imported_page_is_replayed_and_read(
    bench: Bench, tmp_path: Path, replayer: Replayer
) -> None:
    """Packed by gzip or not, from its folder, without naming the format."""
    ink, out = tmp_path / "ink", tmp_path / "out.ndjson"
    ink.mkdir()
    (ink / "packed.xopp").write_bytes(gzip.compress(document(SEVEN).encode()))
    (ink / "plain.xopp").write_text(document(SEVEN))
    assert bench("import", ink, "--word", "=7", "--out", out) == (0, f"{out}: 2 recordings\n", "")
    for drawing in read_drawings(out):
        assert judge(drawing, replayer.replay(drawing)).answer == "7"


@given(drawing=drawings(), split=st.none() | st.sampled_from(["line", "number", "digit"]))
def test_strokes_survive(tmp_path: Path, drawing: Drawing, split: str | None) -> None:
    """All of them, with all of their points; whole pages with their places too."""
    strokes = "".join(
        STROKE.format(" ".join(f"{x} {y}" for x, y, _ in stroke.points))
        for stroke in drawing.strokes
    )
    found, skipped, _ = read(tmp_path, document(strokes), words={"": ""}, split=split)
    assert not skipped
    if split is None:
        [page] = found
        assert [s.xy.tolist() for s in page.strokes] == [s.xy.tolist() for s in drawing.strokes]
    lengths = [len(stroke.points) for part in found for stroke in part.strokes]
    assert sorted(lengths) == sorted(len(stroke.points) for stroke in drawing.strokes)
