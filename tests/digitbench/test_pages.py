"""Pages of ink: refused, or split into recordings of their parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitbench.formats.pages import split_page
from digitbench.run.suite import bundled_recordings, judge, read_all
from digitbench.strategies import drawings
from digitnet import Drawing, Stroke, read_drawings
from digitnet.ink import EVEN_TIMES, UNLABELLED

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench, ReadInkml

    from digitbench.replay.replayer import Replayer

SIZE, STEP, LINE = 20, 26, 60
LINES = [["66", "20", "3"], ["597", "1"], ["0123", "4567"], ["89"]]


def on_a_page(lines: list[list[str]]) -> list[list[tuple[float, float]]]:
    """Return the strokes of numbers written in lines with the bundled digits, in pixels."""
    digits = {each.word: each for each in read_all(bundled_recordings()) if len(each.word) == 1}
    strokes = []
    for row, numbers in enumerate(lines):
        x = 40.0
        for number in numbers:
            for digit in number:
                left, top, width, height = digits[digit].bounds or (0, 0, 0, 0)
                scale = SIZE / max(width, height)
                strokes += [
                    [
                        (round(x + (px - left) * scale, 3), 40 + row * LINE + (py - top) * scale)
                        for px, py, _ in stroke.points
                    ]
                    for stroke in digits[digit].strokes
                ]
                x += max(STEP, width * scale + 4)
            x += 2 * SIZE
    return strokes


@pytest.fixture(scope="module")
def traces() -> str:
    """The traces of the page `LINES` in InkML."""
    return "".join(
        f"<trace>{', '.join(f'{x} {y}' for x, y in stroke)}</trace>\n"
        for stroke in on_a_page(LINES)
    )


TRUTH = '<annotation type="truth">{}</annotation>'


@pytest.mark.parametrize(
    ("label", "words", "reason"),
    [
        ("", {}, "there is no label"),
        ("7", {}, "the label '7' cannot belong to as many as"),
        ("", {"": "7"}, "the label '7' cannot belong"),
        ("Notes", {}, "a label of 5 characters cannot belong"),
        ("7 or 8", {}, "'7 or 8' is neither a number"),
    ],
)
def test_a_page_is_refused(
    inkml: ReadInkml, traces: str, label: str, words: dict[str, str], reason: str
) -> None:
    """In one line that says how to split it."""
    drawings, [message] = inkml(TRUTH.format(label) + traces, words=words)
    assert drawings == []
    assert "ink.inkml:1: " in message
    assert reason in message
    assert "--split number, line or digit" in message


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("line", ["".join(line) for line in LINES]),
        ("number", [number for line in LINES for number in line]),
        ("digit", [digit for line in LINES for number in line for digit in number]),
    ],
)
def test_a_page_is_split_into_unlabelled_recordings(
    inkml: ReadInkml, traces: str, unit: str, expected: list[str]
) -> None:
    """Their words are only what they are read as; they fill a canvas and keep their order."""
    parts, messages = inkml(traces, split=unit)
    assert messages == []
    assert [part.word for part in parts] == expected
    assert len({part.key_id for part in parts}) == len(parts)
    for part in parts:
        assert part.tags == (UNLABELLED, EVEN_TIMES)
        _, _, width, height = part.bounds or (0, 0, 0, 0)
        assert part.canvas is not None
        assert width < part.canvas[0] <= 3 * width + 1000
        assert height > 0.3 * part.canvas[1]
        assert part.strokes[0].points[0].t == 0


def test_the_label_of_a_page_that_is_split_is_counted(bench: Bench, tmp_path: Path) -> None:
    """It belongs to no part: all stay unlabelled."""
    page, out = tmp_path / "page.inkml", tmp_path / "out.ndjson"
    strokes = on_a_page([["777", "77"]])
    page.write_text(
        f"<ink>{TRUTH.format(7)}"
        + "".join(f"<trace>{', '.join(f'{x} {y}' for x, y in s)}</trace>" for s in strokes)
        + "</ink>"
    )
    done = bench("import", "inkml", page, "--split", "digit", "--out", out)
    assert (done.code, done.out) == (0, f"{out}: 5 recordings\n")
    assert "the label '7' belongs to no part of the page; it is left out" in done.err
    assert done.err.endswith("5 imported, 0 skipped; also skipped: labels of pages (1)\n")
    assert all(UNLABELLED in part.tags for part in read_drawings(out))
    # Unless the user says that it holds for each.
    done = bench(
        "import", "inkml", page, "--split", "digit", "--word", "7=7", "--out", out, "--force"
    )
    assert (done.code, done.err) == (0, "")
    assert [(part.word, part.tags) for part in read_drawings(out)] == [("7", (EVEN_TIMES,))] * 5


def test_the_users_word_holds_for_parts_of_as_many_digits(inkml: ReadInkml, traces: str) -> None:
    """Others stay unlabelled, as the user cannot have meant them."""
    parts, _ = inkml(traces, split="number", words={"": "7"})
    labelled = [part for part in parts if UNLABELLED not in part.tags]
    assert [part.word for part in labelled] == ["7", "7"]
    assert len(parts) == sum(map(len, LINES))
    parts, _ = inkml(traces, split="number", words={"": ""})
    assert {part.word for part in parts} == {""}


def test_what_is_labelled_is_not_split(inkml: ReadInkml) -> None:
    """Only a group without a label is; ink outside of all groups is counted."""
    seven, one = (
        "".join(f"<trace>{', '.join(f'{x} {y}' for x, y in s)}</trace>" for s in on_a_page([[n]]))
        for n in ("77", "11")
    )
    parts, [message] = inkml(
        f"<traceGroup>{TRUTH.format(77)}{seven}</traceGroup><traceGroup>{one}</traceGroup>"
        "\n<trace>0 0, 9 9</trace>",
        split="digit",
    )
    assert [(part.word, UNLABELLED in part.tags) for part in parts] == [
        ("77", False),
        ("1", True),
        ("1", True),
    ]
    assert "ink.inkml:3: the trace is in none of the groups" in message


def test_what_is_beside_labelled_ink_is_counted(inkml: ReadInkml) -> None:
    """Groups without a label, and traces in an outer group, at any depth."""
    trace = "<trace>0 0, 5 50</trace>"
    inner = f"<traceGroup>{TRUTH.format(1)}{trace}</traceGroup>\n<traceGroup>{trace}</traceGroup>"
    for document in (
        f"<traceGroup>{inner}\n{trace}</traceGroup>",
        f"{TRUTH.format('Notes')}<traceGroup>{inner}\n{trace}</traceGroup>",
        f"{inner}\n{trace}",
    ):
        drawings, messages = inkml(document)
        assert [drawing.word for drawing in drawings] == ["1"]
        loose, unlabelled = messages
        assert "ink.inkml:4: the trace is in none of the groups" in loose
        assert "ink.inkml:3: there is no label" in unlabelled


def test_parts_are_replayed_and_read(inkml: ReadInkml, traces: str, replayer: Replayer) -> None:
    """As they were read when the page was split."""
    parts, _ = inkml(traces, split="number")
    results = [judge(part, replayer.replay(part)) for part in parts]
    assert [result.answer for result in results] == [number for line in LINES for number in line]


@settings(max_examples=50)
@given(
    pages=st.lists(
        st.tuples(drawings(side=60), st.integers(0, 2000), st.integers(0, 2000)), max_size=12
    ),
    unit=st.sampled_from(["line", "number", "digit"]),
)
def test_each_stroke_is_in_one_part(pages: list[tuple[Drawing, int, int]], unit: str) -> None:
    """With as many points as it had."""
    strokes = tuple(
        Stroke((x + right, y + down, t) for x, y, t in stroke.points)
        for drawing, right, down in pages
        for stroke in drawing.strokes
    )
    parts = list(split_page(Drawing(strokes, canvas=(2100, 2100)), unit))
    assert all(part.strokes for part in parts)
    assert sorted(len(stroke.points) for part in parts for stroke in part.strokes) == sorted(
        len(stroke.points) for stroke in strokes
    )
