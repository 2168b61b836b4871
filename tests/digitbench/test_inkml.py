"""InkML to recordings: formats, groups, views and times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from digitnet import Drawing
from digitnet.ink import EVEN_TIMES

if TYPE_CHECKING:
    from tests.digitbench.conftest import ReadInkml

TRUTH = '<annotation type="truth">{}</annotation>'
SEVEN = TRUTH.format(7)


def points(drawing: Drawing) -> list[list[tuple[float, float]]]:
    """Return positions relative to the first point."""
    x0, y0, _ = drawing.strokes[0].points[0]
    return [
        [(round(x - x0, 2), round(y - y0, 2)) for x, y, _ in stroke.points]
        for stroke in drawing.strokes
    ]


def times(drawing: Drawing) -> list[list[float]]:
    return [[t for _, _, t in stroke.points] for stroke in drawing.strokes]


def test_the_traces_of_a_document_become_a_drawing(inkml: ReadInkml) -> None:
    """The label is the word, y points down, the ink is on the canvas, made-up times are tagged."""
    [drawing], messages = inkml(
        SEVEN + "<trace>0 0, 50 0, 20 90</trace><trace>10 40, 40 40</trace>"
    )
    assert messages == []
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
def test_the_trace_format_defines_what_values_mean(
    inkml: ReadInkml, context: str, trace: str, places: tuple[float, float], clock: float
) -> None:
    """Channels in any order, units of length and time, and optional channels."""
    [drawing], messages = inkml(
        f'<definitions><context xml:id="c"><traceFormat>{context}</traceFormat></context>'
        f'</definitions>{SEVEN}<trace contextRef="#c">{trace}</trace>'
    )
    assert messages == []
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
def test_a_trace_uses_the_right_format(inkml: ReadInkml, content: str) -> None:
    """The last one before it, that of its group, or one that it refers to."""
    channels = '<channel name="Y"/><channel name="X"/>'
    [drawing], messages = inkml(content.format(channels, SEVEN, "0 0, 9 1"))
    assert (points(drawing), messages) == ([[(0, 0), (1, 9)]], [])


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
def test_traces_without_times_use_their_offset_and_duration(
    inkml: ReadInkml, first: str, second: str, expected: list[list[float]], tags: list[str]
) -> None:
    """Points are evenly spaced in time; a stroke never starts before the previous one ends."""
    trace = "<trace {}>0 0, 9 9</trace>"
    [drawing], _ = inkml(SEVEN + trace.format(first) + trace.format(second))
    assert times(drawing) == expected
    assert list(drawing.tags) == tags


def test_a_sample_rate_gives_times(inkml: ReadInkml) -> None:
    """They are not tagged as made up."""
    [drawing], _ = inkml(
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
def test_labelled_groups_become_drawings(inkml: ReadInkml, content: str, words: list[str]) -> None:
    """The inner ones, and an outer one whose label is a number; otherwise the whole document."""
    drawings, messages = inkml(content)
    assert ([drawing.word for drawing in drawings], messages) == (words, [])


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
def test_a_view_selects_a_part(inkml: ReadInkml, view: str, expected: list[Any]) -> None:
    """A range of points in a trace, or of traces and points in a group."""
    [drawing], messages = inkml(
        '<definitions><traceGroup xml:id="g"><trace xml:id="a">0 0, 1 1, 2 2</trace>'
        "<trace>5 5, 6 6</trace></traceGroup></definitions>"
        f"<traceView {view}>{TRUTH.format(11)}</traceView>"
    )
    assert (points(drawing), messages) == (expected, [])


def test_continued_traces_are_one_stroke(inkml: ReadInkml) -> None:
    """Movements above the paper are not strokes."""
    [drawing], _ = inkml(
        f'{SEVEN}<trace xml:id="a" continuation="begin">0 0</trace><trace type="penUp">8 8</trace>'
        '<trace xml:id="b" continuation="middle" priorRef="#a">1 1</trace>'
        '<trace continuation="end" priorRef="#b">2 2</trace><trace>3 3</trace>'
    )
    assert points(drawing) == [[(0, 0), (1, 1), (2, 2)], [(3, 3)]]


def test_ink_in_units_much_larger_than_pixels_is_enlarged(inkml: ReadInkml) -> None:
    """Small fractional coordinates show this; its longer side then has 500 pixels."""
    [drawing], _ = inkml(f"{SEVEN}<trace>1.01 1, 1.21 1, 1.21 1.1</trace>")
    assert points(drawing) == [[(0, 0), (500, 0), (500, 250)]]
