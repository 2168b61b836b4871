"""UNIPEN to recordings: delineations, times, places, and files that are damaged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digitbench.formats.skipped import Skipped
from digitbench.formats.unipen.reader import read_unipen
from digitnet import Drawing, RecordingError
from digitnet.recordings import dump_drawing, parse_drawing

if TYPE_CHECKING:
    from tests.digitbench.conftest import Unipen

FOUR_TRACES = """\
.VERSION 1.0
.COORD X Y T P
.POINTS_PER_SECOND 100
.PEN_DOWN
0 0 1000 50
10 0 1010 60
20 0 1020 60
.PEN_UP
20 5 1030 0
.PEN_DOWN
30 10 1040 50
40 10 1050 50
.PEN_DOWN
50 20 1060 50
60 20 1070 50
70 20 1080 50
"""
"""Components 0, 2 and 3 are ink, 1 is the pen's way through the air."""


def points(drawing: Drawing) -> list[list[tuple[float, float]]]:
    """Places relative to the first point, y pointing up again as in UNIPEN."""
    x0, y0, _ = drawing.strokes[0].points[0]
    return [
        [(round(x - x0, 2), round(y0 - y, 2)) for x, y, _ in stroke.points]
        for stroke in drawing.strokes
    ]


@pytest.mark.parametrize(
    ("delineation", "expected"),
    [
        ("0", [[(0, 0), (10, 0), (20, 0)]]),
        ("0-2", [[(0, 0), (10, 0), (20, 0)], [(30, 10), (40, 10)]]),
        ("2-3", [[(0, 0), (10, 0)], [(20, 10), (30, 10), (40, 10)]]),
        ("0:1", [[(0, 0), (10, 0)]]),
        ("0:1-2:0", [[(0, 0), (10, 0)], [(20, 10)]]),
        ("0:1-0:2", [[(0, 0), (10, 0)]]),
        ("0:2-3:1", [[(0, 0)], [(10, 10), (20, 10)], [(30, 20), (40, 20)]]),
        ("0,3", [[(0, 0), (10, 0), (20, 0)], [(50, 20), (60, 20), (70, 20)]]),
        ("0:0-0:0, 2:1, 3:1-3:2", [[(0, 0)], [(40, 10)], [(60, 20), (70, 20)]]),
    ],
)
def test_a_segment_is_the_traces_that_its_delineation_names(
    unipen: Unipen,
    delineation: str,
    expected: list[list[tuple[float, float]]],
) -> None:
    """Components, ranges of them, from point to point, and lists; only what is ink."""
    [drawing] = unipen.read(f'{FOUR_TRACES}.SEGMENT DIGIT {delineation} ? "7"\n')
    assert points(drawing) == expected
    assert drawing.word == "7"
    assert unipen.warnings == []


def test_a_drawing_knows_where_it_is_from(unipen: Unipen) -> None:
    """File, writer, device, and a name by the file and the segment's number."""
    text = f'.WRITER_ID ada\n{FOUR_TRACES}.SEGMENT DIGIT 0 ? "1"\n.SEGMENT DIGIT 2 ? "2"\n'
    one, two = unipen.read(text)
    assert (one.key_id, two.key_id) == ("ink-00000", "ink-00001")
    assert (two.word, two.source, two.writer, two.device) == ("2", "ink.dat", "ada", "pen")


def test_y_is_turned_and_all_segments_share_a_canvas(unipen: Unipen) -> None:
    """UNIPEN's y points up; each segment stays where its writer put it, and on the canvas."""
    low, high = unipen.read(f'{FOUR_TRACES}.SEGMENT DIGIT 0 ? "1"\n.SEGMENT DIGIT 3 ? "1"\n')
    assert low.canvas == high.canvas
    assert high.strokes[0].points[0].x == pytest.approx(low.strokes[0].points[0].x + 50)
    assert high.strokes[0].points[0].y == pytest.approx(low.strokes[0].points[0].y - 20)
    assert low.canvas is not None
    for drawing in (low, high):
        left, top, width, height = drawing.bounds or (0, 0, 0, 0)
        assert 0 < left < left + width < low.canvas[0]
        assert 0 < top <= top + height < low.canvas[1]


@pytest.mark.parametrize(
    ("head", "times"),
    [
        (".COORD X Y T\n", [0, 7, 30]),
        (".COORD T Y X\n", [0, 0, 10]),
        (".COORD X Y Z\n.POINTS_PER_SECOND 50\n", [0, 20, 40]),
        (".COORD X Y Z\n", [0, 10, 20]),
    ],
    ids=["T", "T first", "rate", "neither"],
)
def test_times_are_in_milliseconds_from_the_first_point(
    unipen: Unipen, head: str, times: list[float]
) -> None:
    """From the file's own times, or else from its rate, which is 100 a second if not given."""
    [drawing] = unipen.read(f'{head}.PEN_DOWN\n5 5 500\n5 6 507\n15 7 530\n.SEGMENT D 0 ? "1"\n')
    assert [point.t for point in drawing.strokes[0].points] == times


def test_a_pause_is_time_that_passes(unipen: Unipen) -> None:
    """`.DT` says for how many milliseconds the pen was up."""
    [drawing] = unipen.read(
        '.PEN_DOWN\n0 0\n.PEN_UP\n.DT 250\n.PEN_DOWN\n9 9\n.SEGMENT D 0-1 ? "1"\n'
    )
    assert [stroke.points[0].t for stroke in drawing.strokes] == [0, 260]


def test_columns_that_are_not_coordinates_are_passed_over(unipen: Unipen) -> None:
    """Pressure and the like may hold anything."""
    [drawing] = unipen.read('.COORD P X Y\n.PEN_DOWN\nhigh 0 0\nlow 5 0\n.SEGMENT D 0 ? "1"\n')
    assert points(drawing) == [[(0, 0), (5, 0)]]


@pytest.mark.parametrize(
    ("segment", "reason"),
    [
        ('.SEGMENT D 4 ? "7"', "component 4 is missing"),
        ('.SEGMENT D 0-9 ? "7"', "component 0-9 is missing"),
        ('.SEGMENT D 1 ? "7"', "holds no ink"),
        ('.SEGMENT D 0:9 ? "7"', "some points of 0:9 are missing"),
        ('.SEGMENT D 0:1-2:9 ? "7"', "some points of 0:1-2:9 are missing"),
        ('.SEGMENT D 0--1 ? "7"', "'0--1' does not name components"),
        (f'.SEGMENT D {"9" * 5000} ? "7"', "does not name components"),
        ('.SEGMENT D x ? "7"', "without parts or label"),
        ('.SEGMENT D 3-0 ? "7"', "holds no ink"),
        (".SEGMENT D", "without parts or label"),
    ],
)
def test_a_segment_without_ink_is_warned_of_and_left_out(
    unipen: Unipen, segment: str, reason: str
) -> None:
    """The others are read; the warning names file and line."""
    [drawing] = unipen.read(f'{FOUR_TRACES}{segment}\n.SEGMENT D 0 ? "1"\n')
    assert drawing.word == "1"
    [warning] = unipen.warnings
    assert "ink.dat:17" in warning
    assert reason in warning


@pytest.mark.parametrize(
    ("trace", "line"),
    [
        (".PEN_DOWN\n1 2\n3 four\n", 3),
        (".PEN_DOWN\n1 2\n3\n", 3),
        (".PEN_DOWN\n1 2\n\n3 nan\n", 4),
        (".PEN_DOWN\n1 inf\n", 2),
        (".PEN_DOWN\n1 1e999\n", 2),
        (".COORD X Z\n.PEN_DOWN\n1 2\n", 1),
        (".COORD\n.PEN_DOWN\n1 2\n", 1),
    ],
)
def test_a_damaged_component_costs_only_its_segments(unipen: Unipen, trace: str, line: int) -> None:
    """The segment is left out, counted, and told with the line that is damaged."""
    good = '.COORD X Y\n.PEN_DOWN\n0 0\n.SEGMENT D 0 ? "7"\n.SEGMENT D 1 ? "1"\n'
    [drawing] = unipen.read(f"{trace}{good}")
    assert drawing.word == "1"
    [warning] = unipen.warnings
    assert f"ink.dat:{line}" in warning
    assert "component 0 is damaged" in warning
    assert "\n" not in warning
    assert unipen.skipped.drawings.total() == 1


@pytest.mark.parametrize("statement", [".POINTS_PER_SECOND many", ".POINTS_PER_SECOND", ".DT soon"])
def test_a_rate_or_pause_that_is_no_number_is_passed_over(unipen: Unipen, statement: str) -> None:
    """The ink is read, at the rate that held before, and the line is told."""
    [drawing] = unipen.read(f'{statement}\n.PEN_DOWN\n0 0\n9 9\n.SEGMENT D 0 ? "7"\n')
    assert [point.t for point in drawing.strokes[0].points] == [0, 10]
    [warning] = unipen.warnings
    assert "ink.dat:1: " in warning


def test_statements_go_on_until_the_next_keyword(unipen: Unipen) -> None:
    """Arguments may stand on lines of their own, and within labels line ends are spaces."""
    text = '.COORD\nX\nY\n.PEN_DOWN 1 2\n3 4\n.SEGMENT\nWORD 0 OK\n"seven\nor \\"7\\""\n'
    [drawing] = unipen.read(text, words={'seven or "7"': "7"})
    assert points(drawing) == [[(0, 0), (2, 2)]]
    assert (drawing.word, drawing.tags) == ("7", ("word", 'seven or "7"'))


def test_each_level_of_the_hierarchy_is_read(unipen: Unipen) -> None:
    """A number and its digits are drawings, with their levels as tags; levels can be chosen."""
    text = f"""{FOUR_TRACES}
.SEGMENT NUMBER 0-3 OK "42"
.SEGMENT DIGIT 0-2 OK "4"
.SEGMENT DIGIT 3 OK "2"
"""
    assert [(d.word, d.tags) for d in unipen.read(text)] == [
        ("42", ("number",)),
        ("4", ("digit",)),
        ("2", ("digit",)),
    ]
    assert [d.word for d in unipen.read(text, levels=["digit"])] == ["4", "2"]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("2026", ("2026", ("d",))),
        ("a", ("", ("d", "a"))),
        ("room 12", None),
        ("³", None),
        ("", None),
    ],
)
def test_a_label_that_is_no_number_is_a_tag_or_unclear(
    unipen: Unipen, label: str, expected: tuple[str, tuple[str, ...]] | None
) -> None:
    """A letter is no digit; ink of which nobody can tell whether it holds digits is left out."""
    found = unipen.read(f'{FOUR_TRACES}.SEGMENT D 0 ? "{label}"\n')
    assert [(drawing.word, drawing.tags) for drawing in found] == ([expected] if expected else [])
    assert [("--word" in warning) for warning in unipen.warnings] == [True] * (not expected)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(RecordingError, match=r"gone\.dat: cannot be read"):
        list(read_unipen(tmp_path / "gone.dat"))


NUMBERS = st.one_of(
    st.integers(-500, 500).map(str),
    st.floats().map(str),
    st.sampled_from(["1e6", "-9999999", "1e999", "0x1", "", "٣", "x"]),
)
ROWS = st.lists(NUMBERS, max_size=4).map(" ".join)
PARTS = st.from_regex(r"[0-9]{1,2}(:[0-9])?(-[0-9]{1,2}(:[0-9])?)?(,[0-9])?", fullmatch=True)
LINES = st.one_of(
    st.sampled_from([".PEN_DOWN", ".PEN_UP", ".COORD X Y", ".COORD Y X T", ".COORD", "."]),
    st.tuples(st.integers(-50, 50), st.integers(-50, 50)).map(lambda xy: f"{xy[0]} {xy[1]}"),
    ROWS,
    st.tuples(
        st.sampled_from([".POINTS_PER_SECOND", ".DT", ".COMMENT 7", ".INCLUDE", ".WRITER_ID"]), ROWS
    ).map(" ".join),
    PARTS.map('.SEGMENT DIGIT {} ? "7"'.format),
    ROWS.map('.SEGMENT DIGIT {} ? "7"'.format),
)


def drawings_or_error(file: Path, content: bytes) -> list[Drawing] | str:
    """Read a file that holds this; any other exception fails the test."""
    file.write_bytes(content)
    try:
        return list(read_unipen(file, skipped=Skipped()))
    except RecordingError as error:
        return str(error)


@settings(max_examples=300)
@given(lines=st.lists(LINES, max_size=20))
@example(lines=[".PEN_DOWN", "0 0", "5000000 0", '.SEGMENT DIGIT 0 ? "7"'])
def test_any_lines_are_drawings_or_an_error(tmp_path: Path, lines: list[str]) -> None:
    """No file does anything else; and what is read can be written and read as a recording."""
    found = drawings_or_error(tmp_path / "any.dat", "\n".join(lines).encode())
    if isinstance(found, str):
        assert "any.dat" in found
        assert "\n" not in found
    else:
        assert [parse_drawing(dump_drawing(drawing)) for drawing in found] == found


@given(content=st.binary(max_size=200), cut=st.integers(0, len(FOUR_TRACES)))
def test_damaged_files_are_drawings_or_an_error(tmp_path: Path, content: bytes, cut: int) -> None:
    """Truncated, or binary from some point on."""
    whole = f'{FOUR_TRACES}.SEGMENT DIGIT 0 ? "7"\n'.encode()
    found = drawings_or_error(tmp_path / "damaged.dat", whole[:cut] + content)
    assert isinstance(found, list) or "damaged.dat" in found
