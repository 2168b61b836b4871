"""InkML that is damaged, incomplete or hostile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digitbench.formats.inkml.reader import read_inkml
from digitnet import Drawing, RecordingError
from digitnet.recordings import dump_drawing, parse_drawing

if TYPE_CHECKING:
    from tests.digitbench.conftest import ReadInkml

TRUTH = '<annotation type="truth">{}</annotation>'
SEVEN = TRUTH.format(7)


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ("<traceGroup><trace>0 0</trace></traceGroup>", "there is no label"),
        (f"<traceGroup>{TRUTH.format('a7')}<trace>0 0</trace></traceGroup>", "'a7' is neither"),
        (f"<traceGroup>{SEVEN}</traceGroup>", "there is no ink"),
        (f"<traceGroup>{SEVEN}<trace>0 zero</trace></traceGroup>", "trace of line 2 is damaged"),
        (f"<traceGroup>{SEVEN}<trace>0 1e20</trace></traceGroup>", "too large for any tablet"),
        (f"<traceView traceDataRef='#gone'>{SEVEN}</traceView>", "there is no trace '#gone' here"),
        (f"<traceView traceDataRef='x#a'>{SEVEN}</traceView>", "there is no trace 'x#a' here"),
        (f"<traceView traceDataRef='#g' from='0'>{SEVEN}</traceView>", "'0' is not a position"),
        (f"<traceView xml:id='v' traceDataRef='#v'>{SEVEN}</traceView>", "a view refers to itself"),
    ],
)
def test_unreadable_ink_is_skipped(inkml: ReadInkml, sample: str, reason: str) -> None:
    """Other ink is read; the message names file and line."""
    good = f'<traceGroup xml:id="g">{TRUTH.format(1)}<trace>0 0</trace></traceGroup>'
    drawings, messages = inkml(sample + "\n" + good)
    assert [drawing.word for drawing in drawings] == ["1"]
    [message] = messages
    assert "ink.inkml:2: " in message
    assert reason in message


def test_ink_with_a_damaged_recording_is_skipped(inkml: ReadInkml) -> None:
    """The message names the line."""
    recording = '<d:recording xmlns:d="urn:digitbench:recording">{"key_id":</d:recording>'
    sample = f"{SEVEN}<annotationXML>{recording}</annotationXML><trace>0 0 0</trace>"
    drawings, [message] = inkml(f"<traceGroup>{sample}</traceGroup>")
    assert drawings == []
    assert "ink.inkml:2: is not JSON" in message


def test_nested_views_are_limited(inkml: ReadInkml) -> None:
    """Forty views that each show the next one twice would show a trillion traces."""
    views = "".join(
        f'<traceView xml:id="v{n}"><traceView traceDataRef="#v{n + 1}"/>'
        f'<traceView traceDataRef="#v{n + 1}"/></traceView>'
        for n in range(40)
    )
    drawings, [message] = inkml(
        f'<definitions>{views}<trace xml:id="v40">0 0</trace></definitions>'
        f'<traceView traceDataRef="#v0">{SEVEN}</traceView>'
    )
    assert drawings == []
    assert "more than a drawing can hold" in message


BOMB = """<?xml version="1.0"?>
<!DOCTYPE ink [
<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
]>
<ink><annotation type="truth">&b;</annotation><trace>0 0</trace></ink>"""


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (BOMB, 3, "declares an entity"),
        (BOMB.replace('a "aaaaaaaaaa"', 'a SYSTEM "file:///etc/passwd"'), 3, "declares an entity"),
        ("<ink>" * 1000, 1, "nested too deeply"),
        ("<ink>\n<trace>", 2, "is not XML"),
        ("", 1, "is not XML"),
        ("\n<svg/>", 2, "is not InkML but <svg>"),
        ("<?xml version='1.0' encoding='klingon'?><ink/>", 1, "cannot be read"),
    ],
)
def test_an_invalid_document_is_an_error(
    tmp_path: Path, content: str, line: int, reason: str
) -> None:
    """Entity declarations are too; the message names file and line."""
    file = tmp_path / "ink.inkml"
    file.write_text(content)
    with pytest.raises(RecordingError) as error:
        list(read_inkml(file))
    assert str(error.value).startswith(f"{file}:{line}: ")
    assert reason in str(error.value)


TAGS = st.sampled_from(
    [
        "<traceGroup xml:id='g'>",
        "</traceGroup>",
        "<trace xml:id='t'>",
        "</trace>",
        SEVEN,
        "<traceView traceDataRef='#g' from='1:2'/>",
        "<traceView traceDataRef='#t' to='1'>",
        "</traceView>",
        "<context contextRef='#c' xml:id='c'/>",
        "<traceFormat>",
        "</traceFormat>",
        "<channel name='X' units='m'/>",
        "<channel name='Y'/>",
        "<channel name='T'/>",
        "<annotationXML>",
        "</annotationXML>",
        "<definitions>",
        "</definitions>",
        "1 2,",
        "'3\"4 ,",
        "*?",
        "1e300 -1e300,",
        "T F,",
        "9",
    ]
)


def drawings_or_error(file: Path, content: bytes, split: str | None) -> list[Drawing] | str:
    """Read a file with this content; any other exception fails the test."""
    file.write_bytes(content)
    try:
        return list(read_inkml(file, split=split))
    except RecordingError as error:
        return str(error)


@settings(max_examples=300)
@given(
    content=st.lists(TAGS, max_size=12).map("".join).map("<ink>{}</ink>".format).map(str.encode)
    | st.binary(max_size=100).map(lambda some: b"<ink>" + SEVEN.encode() + some),
    split=st.sampled_from([None, "line", "number", "digit"]),
)
@example(content=f"<ink>{SEVEN}<trace>0 0<trace>1 1</trace></trace></ink>".encode(), split=None)
def test_any_document_gives_drawings_or_an_error(
    tmp_path: Path, content: bytes, split: str | None
) -> None:
    """The drawings survive being written and read as recordings."""
    found = drawings_or_error(tmp_path / "any.inkml", content, split)
    if isinstance(found, str):
        assert "any.inkml" in found
        assert "\n" not in found
    else:
        assert [parse_drawing(dump_drawing(drawing)) for drawing in found] == found
