"""Quick, Draw! files to drawings: raw files, which have times, and simplified ones without.

Both hold one drawing a line. The raw layout is that of our recordings; in the simplified one each
stroke is ``[[x, …], [y, …]]`` on a square of 256 pixels. See "The Quick, Draw! Dataset",
github.com/googlecreativelab/quickdraw-dataset.

None of its 345 categories is a digit, although a line may look like a one and a circle like a zero.
So every drawing gets the word "", which means that it is not a digit, and its category as a tag,
unless the user maps the category to a word (``--word circle=0``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from digitbench.formats.canvas_fit import even_times
from digitbench.formats.files import open_lines, stem_of
from digitbench.formats.format import Importer
from digitbench.formats.labels import advice, check_belongs, meaning_of
from digitbench.formats.skipped import Skipped, SkippedError
from digitbench.formats.xml import is_xml
from digitnet import Drawing
from digitnet.errors import RecordingError
from digitnet.ink import EVEN_TIMES
from digitnet.recordings import parse_record, read_lines
from digitnet.recordings.finder import RECORDINGS
from digitnet.recordings.schema import to_drawing

SIDE = 256
"""The side of the square that simplified drawings are scaled to, in pixels."""


def read_quickdraw(
    path: Path, skipped: Skipped | None = None, *, words: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Drawing]:
    """Read a Quick, Draw! file, raw or simplified.

    Keys of this format only (countrycode, timestamp, recognized) are kept in `Drawing.extra`.
    Simplified strokes follow each other at made-up, even times, and the drawing is tagged
    `even-times`. A line that does not hold a drawing is skipped and counted.

    Args:
        path: the file.
        skipped: counts what cannot be imported; None to ignore it.
        words: the user's mapping from labels to words; see `digitbench.formats.labels`.

    Yields:
        the drawing of each line.

    Raises:
        RecordingError: the file cannot be read.
    """
    skipped = skipped if skipped is not None else Skipped()
    for number, line in read_lines(open_lines(path)):
        place = f"{path}:{number}"
        try:
            record = parse_record(line)
            is_simplified = _add_times(record)
            drawing = to_drawing(record)
        except RecordingError as error:
            skipped.skip(place, "damaged", f"{error}; the line is skipped")
            continue
        meaning = meaning_of(drawing.word, words)
        if meaning is None:
            skipped.skip(place, "with unclear labels", advice(drawing.word))
            continue
        tags = (*meaning.tags, EVEN_TIMES) if is_simplified else meaning.tags
        imported = replace(
            drawing,
            word=meaning.word,
            canvas=drawing.canvas or ((SIDE, SIDE) if is_simplified else _canvas(drawing)),
            key_id=drawing.key_id or f"{stem_of(path)}-{number:06d}",
            source=drawing.source or path.name,
            tags=(*drawing.tags, *tags),
        )
        try:
            check_belongs(imported, 0)
        except SkippedError as error:
            skipped.skip(place, error.reason, f"{error}; the line is skipped")
            continue
        yield imported


QUICKDRAW_IMPORTER = Importer(
    "quickdraw",
    RECORDINGS,
    read_quickdraw,
    title="Quick, Draw!",
    recognizes=lambda head: (
        not is_xml(head) and any(line.lstrip().startswith(b"{") for line in head.splitlines())
    ),
)


def _add_times(record: dict[str, Any]) -> bool:
    """Add times to strokes that have only x and y; return whether they did."""
    strokes = record.get("drawing")
    if not (isinstance(strokes, list) and strokes and all(map(_has_no_times, strokes))):
        return False
    times = even_times(len(stroke[0]) for stroke in strokes)
    record["drawing"] = [[*stroke, list(t)] for stroke, t in zip(strokes, times, strict=True)]
    return True


def _has_no_times(stroke: object) -> bool:
    return (
        isinstance(stroke, list)
        and len(stroke) == 2
        and all(isinstance(axis, list) for axis in stroke)
    )


def _canvas(drawing: Drawing) -> tuple[int, int] | None:
    """Return the smallest canvas for ink of an unknown screen; None for negative coordinates."""
    left, top, width, height = drawing.bounds or (-1.0, 0.0, 0.0, 0.0)
    return None if min(left, top) < 0 else (int(left + width) + 1, int(top + height) + 1)
