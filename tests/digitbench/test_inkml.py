"""InkML to recordings: formats, groups, views, times, and what is damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digitbench.formats.canvas_fit import EVEN_TIMES
from digitbench.formats.inkml.reader import read_inkml
from digitbench.formats.skipped import Skipped
from digitnet import Drawing, RecordingError
from digitnet.recordings import dump_drawing, parse_drawing

Read: TypeAlias = Callable[..., tuple[list[Drawing], list[str]]]

TRUTH = '<annotation type="truth">{}</annotation>'
SEVEN = TRUTH.format(7)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a document of this content; give its drawings and what was told."""

    def read_(content: str, **options: Any) -> tuple[list[Drawing], list[str]]:
        file, told = tmp_path / "ink.inkml", list[str]()
        file.write_text(f'<ink xmlns="http://www.w3.org/2003/InkML">\n{content}\n</ink>')
        return list(read_inkml(file, Skipped(told.append), **options)), told

    return read_


def points(drawing: Drawing) -> list[list[tuple[float, float]]]:
    """Places relative to the first point."""
    x0, y0, _ = drawing.strokes[0].points[0]
    return [
        [(round(x - x0, 2), round(y - y0, 2)) for x, y, _ in stroke.points]
        for stroke in drawing.strokes
    ]


def times(drawing: Drawing) -> list[list[float]]:
    return [[t for _, _, t in stroke.points] for stroke in drawing.strokes]


def test_a_document_of_traces_is_a_drawing(read: Read, tmp_path: Path) -> None:
    """Its label the word, y pointing down as ours, all on the canvas, made-up times marked."""
    [drawing], told = read(SEVEN + "<trace>0 0, 50 0, 20 90</trace><trace>10 40, 40 40</trace>")
    assert told == []
    assert points(drawing) == [[(0, 0), (50, 0), (20, 90)], [(10, 40), (40, 40)]]
    assert times(drawing) == [[0, 10, 20], [120, 130]]
    assert (drawing.word, drawing.key_id, drawing.tags) == ("7", "ink-00000", (EVEN_TIMES,))
    left, top, width, height = drawing.bounds or (0, 0, 0, 0)
    assert drawing.canvas is not None
    assert 0 < left < left + width < drawing.canvas[0]
    assert 0 < top < top + height < drawing.canvas[1]


@pytest.mark.parametrize(
    ("context", "trace", "places", "clock"),
    [
        ('<channel name="X"/><channel name="Y"/><channel name="T"/>', "0 1 5, 2 4 9", (2, 3), 4),
        ('<channel name="T"/><channel name="Y"/><channel name="X"/>', "5 1 0, 9 4 2", (2, 3), 4),
        (
            (
                '<channel name="X"/><channel name="F"/><channel name="Y"/>'
                '<channel name="T" units="s"/>'
            ),
            "0 9 1 1.5, 2 9 4 1.75",
            (2, 3),
            250,
        ),
        (
            '<channel name="X" units="in"/><channel name="Y" units="cm" orientation="-ve"/>',
            "0 2.54, 1 0",
            (96, 96),
            10,
        ),
        (
            (
                '<channel name="X"/><channel name="Y"/><intermittentChannels><channel name="S"/>'
                "</intermittentChannels>"
            ),
            "0 1 T, 2 4",
            (2, 3),
            10,
        ),
    ],
    ids=["X Y T", "T Y X", "others and seconds", "units and orientation", "intermittent"],
)
def test_the_trace_format_says_what_values_are(
    read: Read, context: str, trace: str, places: tuple[float, float], clock: float
) -> None:
    """Channels in any order, in units of length and time, and such as are not always there."""
    [drawing], told = read(
        f'<definitions><context xml:id="c"><traceFormat>{context}</traceFormat></context>'
        f'</definitions>{SEVEN}<trace contextRef="#c">{trace}</trace>'
    )
    assert told == []
    assert points(drawing) == [[(0, 0), places]]
    assert times(drawing) == [[0, clock]]


@pytest.mark.parametrize(
    "content",
    [
        "<context><traceFormat>{}</traceFormat></context>{}<trace>{}</trace>",
        "<traceFormat>{}</traceFormat>{}<trace>{}</trace>",
        (
            '<definitions><traceFormat xml:id="f">{}</traceFormat><context xml:id="c" '
            'traceFormatRef="#f"/></definitions>{}<traceGroup contextRef="#c">'
            "<trace>{}</trace></traceGroup>"
        ),
        (
            '<definitions><inkSource xml:id="i"><traceFormat>{}</traceFormat></inkSource>'
            '<context xml:id="b" inkSourceRef="#i"/><context xml:id="c" contextRef="#b"/>'
            '</definitions>{}<trace contextRef="#c">{}</trace>'
        ),
    ],
    ids=["last context", "bare format", "of a group", "by references"],
)
def test_a_trace_finds_its_format(read: Read, content: str) -> None:
    """The last that stood before it, its group's, or by references; and none that is not meant."""
    channels = '<channel name="Y"/><channel name="X"/>'
    [drawing], told = read(content.format(channels, SEVEN, "0 0, 9 1"))
    assert (points(drawing), told) == ([[(0, 0), (1, 9)]], [])


@pytest.mark.parametrize(
    ("first", "second", "expected", "tags"),
    [
        ('timeOffset="100"', 'timeOffset="500"', [[0, 10], [400, 410]], [EVEN_TIMES]),
        (
            'timeOffset="100" duration="80"',
            'timeOffset="500" duration="4"',
            [[0, 80], [400, 404]],
            [],
        ),
        ('duration="80"', 'duration="40"', [[0, 80], [180, 220]], []),
        ('timeOffset="500" duration="9"', 'timeOffset="0" duration="9"', [[0, 9], [109, 118]], []),
        ('duration="-5"', 'timeOffset="x"', [[0, 10], [110, 120]], [EVEN_TIMES]),
    ],
)
def test_traces_without_times_begin_and_last_as_they_say(
    read: Read, first: str, second: str, expected: list[list[float]], tags: list[str]
) -> None:
    """Evenly in between; a stroke that would begin before another has ended comes after it."""
    trace = "<trace {}>0 0, 9 9</trace>"
    [drawing], _ = read(SEVEN + trace.format(first) + trace.format(second))
    assert times(drawing) == expected
    assert list(drawing.tags) == tags


def test_a_sample_rate_gives_times(read: Read) -> None:
    """Which are not made up."""
    [drawing], _ = read(
        '<context><inkSource><sampleRate value="50"/></inkSource></context>'
        f"{SEVEN}<trace>0 0, 9 9</trace>"
    )
    assert (times(drawing), drawing.tags) == ([[0, 20]], ())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"<traceGroup>{SEVEN}<trace>0 0</trace></traceGroup>" * 2, ["7", "7"]),
        (
            (
                f"<traceGroup>{TRUTH.format('12')}<traceGroup>{TRUTH.format('1')}<trace>0 0</trace>"
                f"</traceGroup><traceGroup>{TRUTH.format('2')}<trace>9 9</trace></traceGroup>"
                "</traceGroup>"
            ),
            ["12", "1", "2"],
        ),
        (
            (
                f"{TRUTH.format('$x^2$')}<trace id='0'>0 0</trace><trace id='1'>9 9</trace>"
                f"<traceGroup>{TRUTH.format('Segmentation')}"
                f"<traceGroup>{TRUTH.format('x')}<traceView traceDataRef='0'/></traceGroup>"
                f"<traceGroup>{TRUTH.format('2')}<traceView traceDataRef='1'/></traceGroup>"
                "</traceGroup>"
            ),
            ["", "2"],
        ),
        (f"{SEVEN}<traceGroup><trace>0 0</trace></traceGroup><trace>9 9</trace>", ["7"]),
        (
            (
                "<annotationXML><a:sample xmlns:a='urn:a'><a:Transcription> 7 </a:Transcription>"
                "</a:sample></annotationXML><trace>0 0</trace>"
            ),
            ["7"],
        ),
    ],
    ids=["groups", "a number and its digits", "an expression's symbols", "one label", "XML"],
)
def test_labelled_groups_are_drawings(read: Read, content: str, words: list[str]) -> None:
    """The inner ones, and an outer one whose label is a number; else the whole document."""
    drawings, told = read(content)
    assert ([drawing.word for drawing in drawings], told) == (words, [])


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ('traceDataRef="#a"', [[(0, 0), (1, 1), (2, 2)]]),
        ('traceDataRef="#a" from="2"', [[(0, 0), (1, 1)]]),
        ('traceDataRef="#a" from="2" to="2"', [[(0, 0)]]),
        ('traceDataRef="#g"', [[(0, 0), (1, 1), (2, 2)], [(5, 5), (6, 6)]]),
        ('traceDataRef="#g" from="2"', [[(0, 0), (1, 1)]]),
        ('traceDataRef="#g" from="1:2" to="2:1"', [[(0, 0), (1, 1)], [(4, 4)]]),
    ],
)
def test_a_view_shows_a_part(read: Read, view: str, expected: list[Any]) -> None:
    """Of a trace from point to point, of a group from trace to trace and point to point."""
    [drawing], told = read(
        '<definitions><traceGroup xml:id="g"><trace xml:id="a">0 0, 1 1, 2 2</trace>'
        f"<trace>5 5, 6 6</trace></traceGroup></definitions><traceView {view}>{SEVEN}</traceView>"
    )
    assert (points(drawing), told) == (expected, [])


def test_traces_that_go_on_are_one_stroke(read: Read) -> None:
    """And what the pen did in the air is none."""
    [drawing], _ = read(
        f'{SEVEN}<trace xml:id="a" continuation="begin">0 0</trace><trace type="penUp">8 8</trace>'
        '<trace xml:id="b" continuation="middle" priorRef="#a">1 1</trace>'
        '<trace continuation="end" priorRef="#b">2 2</trace><trace>3 3</trace>'
    )
    assert points(drawing) == [[(0, 0), (1, 1), (2, 2)], [(3, 3)]]


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
def test_ink_that_cannot_be_read_costs_only_its_own_drawing(
    read: Read, sample: str, reason: str
) -> None:
    """The others are read; what is left out is told with file and line."""
    good = f'<traceGroup xml:id="g">{TRUTH.format(1)}<trace>0 0</trace></traceGroup>'
    drawings, told = read(sample + "\n" + good)
    assert [drawing.word for drawing in drawings] == ["1"]
    [message] = told
    assert "ink.inkml:2: " in message
    assert reason in message


def test_ink_in_units_far_larger_than_pixels_is_enlarged(read: Read) -> None:
    """Fractions of a few units show it; its longer side has 500 pixels then."""
    [drawing], _ = read(f"{SEVEN}<trace>1.01 1, 1.21 1, 1.21 1.1</trace>")
    assert points(drawing) == [[(0, 0), (500, 0), (500, 250)]]


def test_what_was_kept_of_a_recording_may_be_damaged(read: Read) -> None:
    """Then its ink is left out, and told with its line."""
    kept = '<d:recording xmlns:d="urn:digitbench:recording">{"key_id":</d:recording>'
    sample = f"{SEVEN}<annotationXML>{kept}</annotationXML><trace>0 0 0</trace>"
    drawings, [message] = read(f"<traceGroup>{sample}</traceGroup>")
    assert drawings == []
    assert "ink.inkml:2: is not JSON" in message


def test_views_of_views_do_not_grow_without_end(read: Read) -> None:
    """Forty views, each of which shows the next one twice, would show a million million traces."""
    views = "".join(
        f'<traceView xml:id="v{n}"><traceView traceDataRef="#v{n + 1}"/>'
        f'<traceView traceDataRef="#v{n + 1}"/></traceView>'
        for n in range(40)
    )
    drawings, [message] = read(
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
def test_a_document_that_is_none_is_told(
    tmp_path: Path, content: str, line: int, reason: str
) -> None:
    """Entities are refused where they are declared; each message names file and line."""
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


def drawings_or_error(file: Path, content: bytes) -> list[Drawing] | str:
    """Read a file that holds this; any other exception fails the test."""
    file.write_bytes(content)
    try:
        return list(read_inkml(file))
    except RecordingError as error:
        return str(error)


@settings(max_examples=300)
@given(
    content=st.lists(TAGS, max_size=12).map("".join).map("<ink>{}</ink>".format).map(str.encode)
    | st.binary(max_size=100).map(lambda some: b"<ink>" + SEVEN.encode() + some)
)
@example(content=f"<ink>{SEVEN}<trace>0 0<trace>1 1</trace></trace></ink>".encode())
def test_any_document_is_drawings_or_an_error(tmp_path: Path, content: bytes) -> None:
    """No file does anything else; and what is read can be written and read as a recording."""
    found = drawings_or_error(tmp_path / "any.inkml", content)
    if isinstance(found, str):
        assert "any.inkml" in found
        assert "\n" not in found
    else:
        assert [parse_drawing(dump_drawing(drawing)) for drawing in found] == found
