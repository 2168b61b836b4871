"""Drawings to InkML (Ink Markup Language, W3C Recommendation of 20 September 2011).

Each drawing is a group of traces with its word as the annotation `truth`, so that any InkML reader
finds ink and label. What InkML cannot express (canvas, pen, device, tags, events, …) is stored as
JSON in an element with its own namespace, from which `digitbench import inkml` restores the
recording exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from digitbench.formats.format import Exporter
from digitbench.formats.inkml.reader import RECORDING
from digitbench.formats.xml import INKML
from digitnet import Drawing, Stroke
from digitnet.errors import RecordingError
from digitnet.recordings import dump_drawing

# What XML 1.0 cannot hold, not even escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_FORMAT = """\
  <definitions>
    <context xml:id="pixels">
      <traceFormat>
        <channel name="X" type="decimal" units="dev"/>
        <channel name="Y" type="decimal" units="dev"/>
        <channel name="T" type="decimal" units="ms"/>
      </traceFormat>
    </context>
"""


def as_inkml(drawings: Iterable[Drawing]) -> str:
    """Return an InkML document.

    Args:
        drawings: in the order of the document.

    Returns:
        the document, with coordinates in canvas pixels and times in milliseconds.

    Raises:
        RecordingError: a word or a writer holds a character that XML cannot hold.
    """
    drawings = list(drawings)
    widths = sorted({_width(drawing) for drawing in drawings} - {0})
    pens = {width: f"pen-{number}" for number, width in enumerate(widths, start=1)}
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f'<ink xmlns="{INKML}" xmlns:digitbench="{RECORDING}">\n',
            _FORMAT,
            *(_brush(pen, width) for width, pen in pens.items()),
            "  </definitions>\n",
            *(line for drawing in drawings for line in _group(drawing, pens.get(_width(drawing)))),
            "</ink>\n",
        ]
    )


INKML_EXPORTER = Exporter("inkml", lambda drawings: as_inkml(drawings).encode())


def _width(drawing: Drawing) -> float:
    return round(drawing.pen_pixels, 3)


def _brush(pen: str, width: float) -> str:
    return (
        f'    <brush xml:id="{pen}">\n'
        f'      <brushProperty name="width" value="{_decimal(width)}" units="dev"/>\n'
        "    </brush>\n"
    )


def _group(drawing: Drawing, pen: str | None) -> Iterator[str]:
    brush = "" if pen is None else f' brushRef="#{pen}"'
    yield f'  <traceGroup contextRef="#pixels"{brush}>\n'
    yield _annotation("truth", drawing.word, drawing)
    if drawing.writer:
        yield _annotation("writer", drawing.writer, drawing)
    record = json.loads(dump_drawing(replace(drawing, strokes=(), word="")))
    del record["word"], record["drawing"]
    rest = escape(json.dumps(record, separators=(",", ":")))
    yield "    <annotationXML>\n"
    yield f"      <digitbench:recording>{rest}</digitbench:recording>\n"
    yield "    </annotationXML>\n"
    for stroke in drawing.strokes:
        yield f"    <trace>{_points(stroke)}</trace>\n"
    yield "  </traceGroup>\n"


def _annotation(kind: str, text: str, drawing: Drawing) -> str:
    if wrong := _IMPOSSIBLE.search(text):
        raise RecordingError(
            f"{drawing.place or drawing.key_id}: the {kind} holds {wrong[0]!r}, which XML cannot "
            "hold; remove it"
        )
    # An unescaped carriage return would be read back as a line feed.
    return (
        f"    <annotation type={quoteattr(kind)}>{escape(text, {chr(13): '&#13;'})}</annotation>\n"
    )


def _points(stroke: Stroke) -> str:
    return ", ".join(" ".join(map(_decimal, point)) for point in stroke.points)


def _decimal(number: float) -> str:
    """Return a number without an exponent, exactly as precise as it is."""
    return str(number) if isinstance(number, int) else f"{Decimal(repr(number)):f}"
