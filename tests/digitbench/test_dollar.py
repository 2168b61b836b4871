"""Gestures of the $1 and $N recognizers to recordings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from digitbench.formats.dollar import read_dollar
from digitbench.formats.skipped import Skipped
from digitbench.run.suite import judge
from digitbench.strategies import drawings
from digitnet import Drawing, RecordingError, read_drawings
from digitnet.ink import EVEN_TIMES

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

    from digitbench.replay.replayer import Replayer

HEAD = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
POINTS = (
    '<Point X="100" Y="60" T="4150" />\n<Point X="180" Y="60" T="4170" />\n'
    '<Point X="140" Y="170" T="4195" />\n'
)
BAR = '<Point X="120" Y="110" T="4500" pressure="9"/><Point X="160" Y="110" T="4520"/>'


def one(name: str, points: str = POINTS, number: str = "", more: str = "") -> str:
    """Return a gesture."""
    number = f' Number="{number}"' if number else ""
    return f'<Gesture Name="{name}" Subject="3"{number} NumPts="3" {more}>\n{points}</Gesture>'


def read(folder: Path, content: str, **words: str) -> tuple[list[Drawing], list[str]]:
    """Read a log; return its drawings, and messages about the rest."""
    file, messages = folder / "log.xml", list[str]()
    file.write_text(HEAD + content)
    return list(read_dollar(file, Skipped(messages.append), words=words)), messages


def points(drawing: Drawing) -> list[list[tuple[float, float, float]]]:
    """Return the points relative to the first one."""
    x0, y0, _ = drawing.strokes[0].points[0]
    return [
        [(round(x - x0, 2), round(y - y0, 2), t) for x, y, t in stroke.points]
        for stroke in drawing.strokes
    ]


def test_a_gesture_of_the_one_dollar_recognizer(tmp_path: Path) -> None:
    """Its points are one stroke, its subject the writer, its speed a tag; times start at 0."""
    [drawing], messages = read(tmp_path, one("7", more='Speed="Fast"'))
    assert messages == []
    assert points(drawing) == [[(0, 0, 0), (80, 0, 20), (40, 110, 45)]]
    assert (drawing.word, drawing.writer, drawing.tags) == ("7", "3", ("fast",))
    assert (drawing.key_id, drawing.source) == ("log-00000", "log.xml")
    left, top, width, height = drawing.bounds or (0, 0, 0, 0)
    assert drawing.canvas is not None
    assert left + width < drawing.canvas[0]
    assert top + height < drawing.canvas[1]


def test_a_gesture_of_the_n_dollar_recognizer(tmp_path: Path) -> None:
    """It has several strokes, and a file may hold several gestures."""
    strokes = f'<Stroke index="1">{POINTS}</Stroke><Stroke index="2">{BAR}</Stroke>'
    found, messages = read(tmp_path, f"<Gestures>{one('7', strokes)}{one('1')}</Gestures>")
    assert messages == []
    assert [drawing.word for drawing in found] == ["7", "1"]
    assert points(found[0])[1] == [(20, 50, 350), (60, 50, 370)]


@pytest.mark.parametrize(
    ("name", "number", "word", "tags"),
    [
        ("7", "", "7", ()),
        ("701", "1", "7", ()),
        ("710", "10", "7", ()),
        ("7~03", "", "7", ()),
        ("701", "2", "701", ()),
        ("71", "1", "71", ()),
        ("701", "", "701", ()),
        ("01", "1", "01", ()),
        ("seven01", "1", "", ("seven",)),
        ("five-point star~1", "1", "", ("five-point star",)),
    ],
)
def test_the_number_of_the_sample_is_no_part_of_the_label(
    tmp_path: Path, name: str, number: str, word: str, tags: tuple[str, ...]
) -> None:
    """Logs append it in two digits, or after a tilde."""
    [drawing], _ = read(tmp_path, one(name, number=number))
    assert (drawing.word, drawing.tags) == (word, tags)


def test_labels_can_be_mapped(tmp_path: Path) -> None:
    """Those without the number of the sample."""
    [drawing], _ = read(tmp_path, one("seven01", number="1"), seven="7")
    assert (drawing.word, drawing.tags) == ("7", ("seven",))


@pytest.mark.parametrize("times", [("", ""), ('T="0"', 'T="0"'), ('T="0"', ""), ('T="x"', 'T="9"')])
def test_made_up_times_are_tagged(tmp_path: Path, times: tuple[str, str]) -> None:
    """If a point has none, or all have the same."""
    rows = "".join(f'<Point X="{i}" Y="{9 * i}" {time}/>' for i, time in enumerate(times))
    [drawing], messages = read(tmp_path, one("1", rows))
    assert messages == []
    assert [point.t for point in drawing.strokes[0].points] == [0, 10]
    assert drawing.tags == (EVEN_TIMES,)


@pytest.mark.parametrize(
    ("gesture", "reason"),
    [
        (one("7", ""), "has no points"),
        (one("7", "<Point X='1'/>"), "the point of line 3 lacks X or Y"),
        (one("7", "<Point X='1' Y='nan'/>"), "the point of line 3 lacks X or Y"),
        (one("7", "<Point X='1' Y='1e99'/>"), "the point of line 3 lacks X or Y"),
        (one("a7"), "'a7' is neither a number"),
        (one(""), "there is no label"),
        (one("7", f"<Stroke>{BAR}</Stroke>" * 20), "'7' cannot belong to as many as 20 strokes"),
    ],
)
def test_unreadable_gestures_are_skipped(tmp_path: Path, gesture: str, reason: str) -> None:
    """Others are read; the message names file and line."""
    [drawing], [message] = read(tmp_path, f"<Gestures>{gesture}\n{one('1')}</Gestures>")
    assert drawing.word == "1"
    assert message.startswith(f"{tmp_path / 'log.xml'}:2: ")
    assert reason in message


def test_other_xml_is_an_error(tmp_path: Path) -> None:
    """Which names the line and the root."""
    with pytest.raises(RecordingError, match=r"log\.xml:2: holds no <Gesture> but <svg>"):
        read(tmp_path, "<svg/>")


def test_an_imported_gesture_is_replayed_and_read(
    bench: Bench, tmp_path: Path, replayer: Replayer
) -> None:
    """By a file a gesture, as the logs have it; other XML in the folder is counted."""
    ink, out = tmp_path / "ink", tmp_path / "out.ndjson"
    ink.mkdir()
    for number in ("1", "2"):
        (ink / f"7{number}.xml").write_text(HEAD + one(f"70{number}", number=number))
    (ink / "settings.xml").write_text("<settings/>")
    done = bench("import", "dollar", ink, "--out", out)
    assert (done.code, done.out) == (0, f"{out}: 2 recordings\n")
    assert "settings.xml: is XML with the root <settings>, not $1 or $N XML" in done.err
    for drawing in read_drawings(out):
        assert judge(drawing, replayer.replay(drawing)).answer == "7"


@given(drawing=drawings(min_points=2))
def test_strokes_survive(tmp_path: Path, drawing: Drawing) -> None:
    """With their places relative to each other, and their times."""
    strokes = "".join(
        "<Stroke>"
        + "".join(f'<Point X="{x}" Y="{y}" T="{t}"/>' for x, y, t in stroke.points)
        + "</Stroke>"
        for stroke in drawing.strokes
    )
    [back], messages = read(tmp_path, one("circle", strokes))
    assert (messages, back.tags) == ([], ("circle",))
    assert points(back) == points(drawing)
