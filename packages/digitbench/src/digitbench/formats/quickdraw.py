"""Quick, Draw! files to drawings: raw ones, which have times, and simplified ones, which have none.

Both hold one drawing a line. The raw layout is that of our recordings; in the simplified one each
stroke is ``[[x, …], [y, …]]`` on a square of 256 pixels. See "The Quick, Draw! Dataset",
github.com/googlecreativelab/quickdraw-dataset.

None of its 345 things is a digit, though a line may look like a one and a circle like a zero. So
the word of each is "", which means no digit, and the thing is a tag, unless the user says otherwise
(``--word circle=0``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from digitbench.formats.canvas_fit import EVEN_TIMES, even_times
from digitbench.formats.labels import advice, understand
from digitbench.formats.skipped import Losses
from digitnet import Drawing
from digitnet.errors import RecordingError
from digitnet.recordings import parse_record, read_lines
from digitnet.recordings.schema import to_drawing

SIDE = 256
"""Both sides, in pixels, of what simplified drawings are scaled to."""


def read_quickdraw(
    path: Path, losses: Losses | None = None, *, words: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Drawing]:
    """Read a Quick, Draw! file, raw or simplified.

    Keys that only it has (countrycode, timestamp, recognized) are kept in `Drawing.extra`.
    Simplified strokes follow each other with made-up, even times, and the drawing is tagged
    `even-times`. A line that is no drawing is left out and counted; the others are read.

    Args:
        path: the file.
        losses: where what is left out is counted; None to pass over it.
        words: what labels mean; see `digitbench.formats.labels`.

    Yields:
        each line's drawing.

    Raises:
        RecordingError: the file cannot be read.
    """
    losses = losses if losses is not None else Losses()
    for number, line in read_lines(path):
        place = f"{path}:{number}"
        try:
            record = parse_record(line)
            is_simplified = _add_times(record)
            drawing = to_drawing(record)
        except RecordingError as error:
            losses.skip(place, "damaged", f"{error}; the line is left out")
            continue
        meaning = understand(drawing.word, words)
        if meaning is None:
            losses.skip(place, "with unclear labels", advice(drawing.word))
            continue
        tags = (*meaning.tags, EVEN_TIMES) if is_simplified else meaning.tags
        yield replace(
            drawing,
            word=meaning.word,
            canvas=drawing.canvas or ((SIDE, SIDE) if is_simplified else _canvas(drawing)),
            key_id=drawing.key_id or f"{path.stem}-{number:06d}",
            source=drawing.source or path.name,
            tags=(*drawing.tags, *tags),
        )


def _add_times(record: dict[str, Any]) -> bool:
    """Give strokes of two lists a third; tell whether any were needed."""
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
    """Give the smallest canvas that holds ink of a screen of unknown size; None if none does."""
    left, top, width, height = drawing.bounds or (-1.0, 0.0, 0.0, 0.0)
    return None if min(left, top) < 0 else (int(left + width) + 1, int(top + height) + 1)
