"""Files of Xournal++ and of $1 and $N that are damaged or hostile."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitbench.formats import xml
from digitbench.formats.detection import choose_importer
from digitbench.formats.dollar import read_dollar
from digitbench.formats.inkml.reader import read_inkml
from digitbench.formats.registry import IMPORTERS
from digitbench.formats.skipped import Skipped
from digitbench.formats.xopp import read_xopp
from digitnet import Drawing, RecordingError
from digitnet.recordings import dump_drawing, parse_drawing

T = TypeVar("T")

Read = Callable[..., Iterator[Drawing]]

READERS = pytest.mark.parametrize(
    ("read", "root"), [(read_inkml, "ink"), (read_xopp, "xournal"), (read_dollar, "Gesture")]
)

BOMB = """<?xml version="1.0"?>
<!DOCTYPE {root} [
<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
]>
<{root} Name="&b;">&b;</{root}>"""


@READERS
@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (BOMB, 3, "declares an entity"),
        (BOMB.replace('a "aaaaaaaaaa"', 'a SYSTEM "file:///etc/passwd"'), 3, "declares an entity"),
        ("<{root}>" * 1000, 1, "nested too deeply"),
        ("<{root}>\n<page>", 2, "is not XML"),
        ("<{root}>" + "<x/>" * 60 + "</{root}>", 1, "has over 50 elements; split it"),
        ("<?xml version='1.0' encoding='klingon'?><{root}/>", 1, "cannot be read"),
    ],
    ids=["entities", "outside", "deep", "truncated", "many", "encoding"],
)
def test_an_invalid_document_is_an_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    read: Read,
    root: str,
    content: str,
    line: int,
    reason: str,
) -> None:
    """The message names file and line; the format is found, so that its reader can tell."""
    monkeypatch.setattr(xml, "_MOST", 1000 if "deeply" in reason else 50)
    file = tmp_path / "ink"
    file.write_text(content.replace("{root}", root))
    choose_importer(file, None, IMPORTERS)
    with pytest.raises(RecordingError) as error:
        list(read(file))
    assert str(error.value).startswith(f"{file}:{line}: ")
    assert reason in str(error.value)


PAGE = """<?xml version="1.0" standalone="no"?>
<xournal creator="x" fileversion="4"><title>t</title>
<page width="595.27" height="841.89"><background type="solid"/><layer>
<stroke tool="pen" ts="4ll" color="#000000ff" width="1.41 0.9">10.5 20 30 40.25 50 60</stroke>
<stroke tool="eraser" width="8">1 2 3 4</stroke><text x="1" y="2">seven</text>
</layer></page></xournal>"""

GESTURES = """<?xml version="1.0" encoding="utf-8"?>
<Gestures><Gesture Name="701" Subject="3" Speed="fast" Number="1" NumPts="2">
<Point X="10" Y="20" T="4150"/><Point X="30" Y="40" T="4160"/></Gesture>
<Gesture Name="4~2"><Stroke index="1"><Point X="1" Y="2" T="3"/></Stroke>
<Stroke index="2"><Point X="10" Y="20" T="9" pressure="5"/></Stroke></Gesture></Gestures>"""

PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            "/",
            '"',
            "&",
            "nan",
            "-",
            "1e308",
            "-1e16",
            "  ",
            "\0",
            "9" * 400,
            "é",
            "٣",
            "",
        ),
        *(
            "<page>",
            "</stroke>",
            "</layer>",
            "<stroke>",
            "<Stroke/>",
            "<Gesture>",
            "X=",
            'width="0"',
        ),
    ]
)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """A document of which some parts are replaced, doubled or cut out, packed or not."""
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(start + 40, len(text))))
        middle = draw(PIECES | st.just(text[start:end] * 2))
        text = text[:start] + middle + text[end:]
    content = text.encode()
    if draw(st.booleans()):
        content = gzip.compress(content)
        cut = draw(st.integers(0, 20))
        content = content[: len(content) - cut] if cut < 10 else content
    return content


def read_any(file: Path, content: bytes, read: Read, **options: Any) -> None:
    """Read a file with this content, which must give drawings or an error of one line."""
    file.write_bytes(content)
    messages: list[str] = []
    found = result_or_error(lambda: list(read(file, Skipped(messages.append), **options)))
    if isinstance(found, str):
        messages.append(found)
    else:
        # The drawings survive being written and read as recordings.
        assert [parse_drawing(dump_drawing(drawing)) for drawing in found] == found
    assert all(file.name in message and "\n" not in message for message in messages)


def result_or_error(call: Callable[[], T]) -> T | str:
    """Return what a call returns, or the message of a RecordingError."""
    try:
        return call()
    except RecordingError as error:
        return str(error)


@settings(max_examples=300)
@given(
    content=mutated(PAGE) | st.binary(max_size=60),
    split=st.none() | st.sampled_from(["line", "number", "digit"]),
    word=st.sampled_from([{}, {"": "7"}, {"": ""}]),
)
def test_any_page_gives_drawings_or_an_error(
    tmp_path: Path, content: bytes, split: str | None, word: dict[str, str]
) -> None:
    """Of Xournal++."""
    read_any(tmp_path / "any.xopp", content, read_xopp, split=split, words=word)


@settings(max_examples=300)
@given(content=mutated(GESTURES) | st.binary(max_size=60))
def test_any_log_gives_drawings_or_an_error(tmp_path: Path, content: bytes) -> None:
    """Of $1 or $N."""
    read_any(tmp_path / "any.xml", content, read_dollar)


@settings(max_examples=300)
@given(content=st.binary(max_size=60) | mutated(PAGE) | mutated(GESTURES))
def test_any_file_has_a_format_or_an_error(tmp_path: Path, content: bytes) -> None:
    """Whatever it holds."""
    file = tmp_path / "any"
    file.write_bytes(content)
    found = result_or_error(lambda: choose_importer(file, None, IMPORTERS))
    if isinstance(found, str):
        assert found.startswith(f"{file}: ")
        assert "\n" not in found
    else:
        assert found in IMPORTERS
