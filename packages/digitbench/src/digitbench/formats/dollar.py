"""Gestures of the $1 and $N recognizers to drawings.

Their logs are XML (J. O. Wobbrock, A. D. Wilson, Y. Li: "Gestures without libraries, toolkits or
training: a $1 recognizer for user interface prototypes", UIST 2007; L. Anthony, J. O. Wobbrock: "A
lightweight multistroke recognizer for user interface prototypes", Graphics Interface 2010):
``<Gesture Name="seven01" Subject="3" Number="1">`` with points, ``<Point X="9" Y="7" T="4150"/>``,
directly in it or in strokes. A file holds one gesture, or several within another element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from digitbench.formats.canvas_fit import (
    LARGEST,
    Trace,
    canvas_of,
    even_times,
    from_zero,
)
from digitbench.formats.files import read_bytes, stem_of
from digitbench.formats.format import Importer
from digitbench.formats.labels import advice, check_belongs, meaning_of
from digitbench.formats.skipped import Skipped, SkippedError
from digitbench.formats.xml import Element, has_root, parse_xml
from digitnet import Drawing
from digitnet.errors import InkError, RecordingError
from digitnet.ink import EVEN_TIMES
from digitnet.recordings.finder import FileType

_SAMPLE = re.compile(r"(.+)~\d+", re.DOTALL)


def read_dollar(
    path: Path, skipped: Skipped | None = None, *, words: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Drawing]:
    """Read the gestures of a $1 or $N log.

    The label is the gesture's name, without the number of the sample that these logs append to it:
    ``~1``, or the attribute `Number` in two digits. So "701" with the number 1 is a seven. A speed
    becomes a tag. Each gesture has a canvas to itself. Without times, or with all the same, points
    follow each other at an even pace, and the drawing is tagged `even-times`.

    Args:
        path: the file.
        skipped: counts what cannot be imported; None to ignore it.
        words: the user's mapping from labels to words; see `digitbench.formats.labels`.

    Yields:
        drawings in the order of the file, named after it and their number.

    Raises:
        RecordingError: the file cannot be read or holds no gestures; the message names file and
            line.
    """
    skipped = skipped if skipped is not None else Skipped()
    root = parse_xml(read_bytes(path), str(path))
    gestures = [element for element in root.within() if element.name == "Gesture"]
    if not gestures:
        raise RecordingError(
            f"{path}:{root.line}: holds no <Gesture> but <{root.name}>; use a log of $1 or $N"
        )
    for number, gesture in enumerate(gestures):
        place = f"{path}:{gesture.line}"
        label = _label(gesture)
        meaning = meaning_of(label, words)
        if meaning is None:
            skipped.skip(place, "with unclear labels", advice(label))
            continue
        try:
            traces, are_even = _traces(gesture)
            fit, canvas = canvas_of(traces, y_up=False)
            speed = gesture.attributes.get("Speed", "").strip().lower()
            drawing = Drawing(
                tuple(from_zero([fit(trace) for trace in traces])),
                word=meaning.word,
                key_id=f"{stem_of(path)}-{number:05d}",
                canvas=canvas,
                source=path.name,
                writer=gesture.attributes.get("Subject", "").strip(),
                tags=(*meaning.tags, *filter(None, [speed]), *([EVEN_TIMES] if are_even else [])),
            )
            check_belongs(drawing, 0)
        except SkippedError as error:
            skipped.skip(place, error.reason, f"{error}; the gesture is skipped")
        except InkError as error:
            skipped.skip(place, "with invalid ink", f"{error}; the gesture is skipped")
        else:
            yield drawing


DOLLAR_IMPORTER = Importer(
    "dollar",
    FileType(".xml files", {".xml"}),
    read_dollar,
    title="$1 or $N XML",
    recognizes=lambda head: has_root(head, "Gesture") or b"<Gesture " in head,
)


def _label(gesture: Element) -> str:
    """Return the name of a gesture without the number of its sample."""
    name = gesture.attributes.get("Name", "").strip()
    if match := _SAMPLE.fullmatch(name):
        return match[1].strip()
    number = gesture.attributes.get("Number", "").strip()
    if number.isdecimal() and name.endswith(number.zfill(2)):
        return name.removesuffix(number.zfill(2)).strip() or name
    return name


def _traces(gesture: Element) -> tuple[list[Trace], bool]:
    """Return the strokes of a gesture, and whether their times are made up.

    Raises:
        SkippedError: there is no ink, or a point is damaged.
    """
    strokes = list(gesture.all("Stroke")) or [gesture]
    rows = [[_point(point) for point in stroke.all("Point")] for stroke in strokes]
    rows = [row for row in rows if row]
    if not rows:
        raise SkippedError("without ink", "the gesture has no points")
    times = [t for row in rows for _, _, t in row]
    known = [t for t in times if t is not None]
    if len(known) == len(times) and (len(times) == 1 or min(known) < max(known)):
        return [[(x, y, t or 0.0) for x, y, t in row] for row in rows], False
    clocks = even_times(map(len, rows))
    return [
        [(x, y, t) for (x, y, _), t in zip(row, clock, strict=True)]
        for row, clock in zip(rows, clocks, strict=True)
    ], True


def _point(point: Element) -> tuple[float, float, float | None]:
    x, y, t = (_number(point, name) for name in "XYT")
    if x is None or y is None:
        raise SkippedError("with damaged points", f"the point of line {point.line} lacks X or Y")
    return x, y, t


def _number(point: Element, name: str) -> float | None:
    try:
        number = float(point.attributes[name])
    except (KeyError, ValueError):
        return None
    return number if abs(number) <= LARGEST else None
