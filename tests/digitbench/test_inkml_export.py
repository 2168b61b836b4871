"""Recordings to InkML: what others find in it, and that it is read back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digitbench.formats.inkml.reader import read_inkml
from digitbench.formats.inkml.writer import as_inkml
from digitbench.formats.skipped import Skipped
from digitbench.run import suite
from digitbench.strategies import drawings
from digitnet import Drawing, RecordingError, Stroke

NAMES = {"": "http://www.w3.org/2003/InkML"}

FRACTIONS = Stroke([(0.1, 1e-7, 5), (123456.789, -2.5, 1e-9), (1e7, 3, 0.1 + 0.2)])
"""Places and times that are easily lost: small, large, backwards, and not of few decimals."""

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])) | st.sampled_from(
    ["", "7", " 7\r\n\t", "<&>\"']]>", "٣"]
)


def there_and_back(folder: Path, exported: list[Drawing]) -> list[Drawing]:
    file, told = folder / "ink.inkml", list[str]()
    file.write_text(as_inkml(exported), encoding="utf-8", newline="")
    back = list(read_inkml(file, Skipped(told.append)))
    assert told == []
    return back


@given(
    exported=st.lists(
        st.builds(
            lambda drawing, texts, extra: replace(
                drawing, key_id=texts[0], writer=texts[1], tags=tuple(texts), extra={"x-": extra}
            ),
            drawings(min_strokes=0, word=TEXTS),
            st.lists(TEXTS, min_size=2, max_size=4),
            st.text(),
        ),
        max_size=3,
    )
)
@example(exported=[Drawing((FRACTIONS,), word="7", canvas=(400, 300.5), events=((5, "undo"),))])
@example(exported=[Drawing((FRACTIONS, FRACTIONS), answer={"text": "7"}, pen=0.05)])
def test_what_is_exported_is_read_back_as_it_was(tmp_path: Path, exported: list[Drawing]) -> None:
    """Strokes, times, word, key_id, canvas, pen and all else, whatever they hold."""
    assert there_and_back(tmp_path, exported) == exported


def test_the_bundled_recordings_are_read_back_as_they_were(tmp_path: Path) -> None:
    """All in one document."""
    bundled = suite.read_all(suite.bundled_recordings())
    assert there_and_back(tmp_path, bundled) == bundled


def test_other_readers_find_ink_label_writer_and_pen(seven: Drawing) -> None:
    """Where InkML has them: traces of X, Y and T, annotations, a brush of the pen's width."""
    document = ElementTree.fromstring(as_inkml([replace(seven, writer="ada")]))  # noqa: S314
    [group] = document.findall("traceGroup", NAMES)
    found = {note.get("type"): note.text for note in group.findall("annotation", NAMES)}
    assert found == {"truth": "7", "writer": "ada"}
    [trace] = group.findall("trace", NAMES)
    assert (trace.text or "").startswith("200 120 0, 300 120 20, ")
    [width] = document.findall("definitions/brush/brushProperty", NAMES)
    assert (width.get("name"), float(width.get("value", ""))) == ("width", 30)
    channels = document.findall("definitions/context/traceFormat/channel", NAMES)
    assert [channel.get("name") for channel in channels] == ["X", "Y", "T"]


def test_a_word_that_xml_cannot_hold_is_told() -> None:
    """In one line that names the drawing."""
    with pytest.raises(RecordingError, match=r"\Aseven: the truth holds '\\x00', .+\Z"):
        as_inkml([Drawing((), word="7\0", key_id="seven")])
