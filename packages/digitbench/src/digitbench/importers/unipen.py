"""UNIPEN to drawings.

The format is the one of I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet: "UNIPEN
project of on-line data exchange and recognizer benchmarks", ICPR 1994: keywords begin with a dot
at the start of a line, and numbers follow. Of its keywords, those that hold ink and labels are
read: ``.COORD``, ``.PEN_DOWN``, ``.PEN_UP``, ``.DT``, ``.POINTS_PER_SECOND``, ``.SEGMENT``,
``.WRITER_ID``, ``.COMMENT`` and ``.INCLUDE``.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from digitnet import Drawing, Stroke
from digitnet.errors import InkError, RecordingError

_DEFAULT_RATE = 100.0  # points a second, where a file says nothing
_MARGIN = 0.02  # of the ink's longer side, left free around it on the canvas

_LARGEST = 1e15  # more than any tablet or clock counts to
_WIDEST = 1e6  # pixels; the widest canvas that a recording may have

_DELINEATION = re.compile(r"\d+(:\d+)?(-\d+(:\d+)?)?(,\d+(:\d+)?(-\d+(:\d+)?)?)*")
_SEGMENT = re.compile(
    r'(?P<level>\S+)\s+(?P<parts>[\d:,\-\s]+?)\s+(?P<quality>\S+)\s+"(?P<label>.*)"'
)

_Points: TypeAlias = list[tuple[float, float, float]]


@dataclass
class _Component:
    """One trace of the pen, in the file's own units."""

    is_down: bool
    points: _Points = field(default_factory=list)


@dataclass
class _Segment:
    parts: str
    label: str
    place: str
    writer: str


class _Reader:
    """Reads a file and all that it includes into components and segments."""

    def __init__(self, include: Sequence[Path], warn: Callable[[str], object]) -> None:
        self.components: list[_Component] = []
        self.segments: list[_Segment] = []
        self._include = include
        self._warn = warn
        self._columns: list[str] = ["X", "Y"]
        self._rate = _DEFAULT_RATE
        self._clock = 0.0
        self._writer = ""
        self._open_files: list[Path] = []

    def read(self, path: Path) -> None:
        """Read a file.

        Raises:
            RecordingError: it cannot be read, includes itself, or holds what UNIPEN does not allow.
        """
        if path.resolve() in self._open_files:
            raise RecordingError(f"{path}: includes itself; take the .INCLUDE out")
        try:
            text = path.read_text(encoding="latin-1")
        except OSError as error:
            reason = error.strerror or error
            raise RecordingError(f"{path}: cannot be read: {reason}; check the path") from None
        self._open_files.append(path.resolve())
        in_trace = False
        for number, line in enumerate(text.splitlines(), start=1):
            place = f"{path}:{number}"
            if line.startswith("."):
                keyword, _, rest = line[1:].strip().partition(" ")
                keyword, _, tabbed = keyword.partition("\t")
                in_trace = keyword in ("PEN_DOWN", "PEN_UP")
                self._take(keyword, f"{tabbed} {rest}".strip(), path, place)
            elif in_trace and line.strip():
                self._add_point(line, place)
        self._open_files.pop()

    def _take(self, keyword: str, rest: str, path: Path, place: str) -> None:
        if keyword in ("PEN_DOWN", "PEN_UP"):
            self.components.append(_Component(is_down=keyword == "PEN_DOWN"))
        elif keyword == "COORD":
            self._columns = rest.split()
            if not {"X", "Y"} <= set(self._columns):
                raise RecordingError(f"{place}: .COORD must name X and Y, not {rest!r}")
        elif keyword == "POINTS_PER_SECOND":
            self._rate = max(_number(rest, place), 1e-3)
        elif keyword == "DT":
            self._clock += _number(rest, place)
        elif keyword == "WRITER_ID":
            self._writer = rest
        elif keyword == "SEGMENT":
            self._add_segment(rest, place)
        elif keyword == "COMMENT" and self.segments:
            self._take_comment(rest.split())
        elif keyword == "INCLUDE":
            self._read_included(rest, path, place)

    def _read_included(self, name: str, path: Path, place: str) -> None:
        for folder in (path.parent, *self._include):
            # Path.is_file raises an error where a name is too long.
            if os.path.isfile(folder / name):  # noqa: PTH113
                self.read(folder / name)
                return
        self._warn(f"{place}: {name} is not there and left out; --include DIR names its folder")

    def _add_segment(self, rest: str, place: str) -> None:
        match = _SEGMENT.fullmatch(rest)
        if match is None:
            self._warn(f"{place}: a .SEGMENT without parts or label is left out")
            return
        parts = re.sub(r"\s", "", match["parts"])
        if not _DELINEATION.fullmatch(parts):
            raise RecordingError(f"{place}: {parts!r} names no components; use 3, 3-5 or 3:0-5:9")
        self.segments.append(_Segment(parts, match["label"], place, self._writer))

    def _take_comment(self, words: list[str]) -> None:
        """Take the writer from pendigits' comments: below a segment stand label, writer, number."""
        segment = self.segments[-1]
        if len(words) == 3 and words[0] == segment.label and all(map(str.isdigit, words)):
            segment.writer = words[1]

    def _add_point(self, line: str, place: str) -> None:
        values = line.split()
        if len(values) < len(self._columns):
            raise RecordingError(
                f"{place}: {len(values)} numbers where .COORD names {len(self._columns)}"
            )
        row = {
            name: _number(value, place)
            for name, value in zip(self._columns, values, strict=False)
            if name in ("X", "Y", "T")
        }
        self._clock = row.get("T", self._clock + 1000 / self._rate)
        self.components[-1].points.append((row["X"], row["Y"], self._clock))


def read_unipen(
    path: Path, include: Sequence[Path] = (), warn: Callable[[str], object] = lambda _message: None
) -> Iterator[Drawing]:
    """Read the labelled segments of a UNIPEN file.

    Each segment becomes a drawing where its writer put it, on a canvas that all segments of the
    file share; y is turned to point down.

    Args:
        path: the file.
        include: folders in which included files are looked for, after the file's own.
        warn: called with a line for each thing that is missing and was left out.

    Yields:
        drawings in the order of their segments, named after the file and their number.

    Raises:
        RecordingError: the file cannot be read; names file and line.
    """
    reader = _Reader(include, warn)
    reader.read(path)
    # A pen-up without coordinates is no component; where it has some, it is counted like any other.
    components = [part for part in reader.components if part.is_down or part.points]
    place_on_canvas, canvas = _canvas(components)
    for number, segment in enumerate(reader.segments):
        try:
            traces = _traces(segment.parts, components)
            strokes = [place_on_canvas(points) for points in traces if points]
            if not strokes:
                warn(f"{segment.place}: the segment holds no ink and is left out")
                continue
            yield Drawing(
                tuple(_from_zero(strokes)),
                word=segment.label,
                key_id=f"{path.stem}-{number:05d}",
                canvas=canvas,
                device="pen",
                source=path.name,
                writer=segment.writer,
            )
        except IndexError:
            warn(
                f"{segment.place}: component {segment.parts} is not there; the segment is left out"
            )
        except InkError as error:
            raise RecordingError(f"{segment.place}: {error}") from None


def _traces(parts: str, components: Sequence[_Component]) -> Iterator[_Points]:
    """Give the pen-down points that a delineation names: ``3``, ``3-5`` or ``3:10-4:20,6``."""
    for part in parts.split(","):
        first, _, last = part.partition("-")
        begin, begin_point = _split(first)
        end, end_point = _split(last) if last else (begin, None)
        for index in range(begin, end + 1):
            start = begin_point if index == begin else None
            stop = end_point + 1 if index == end and end_point is not None else None
            if components[index].is_down:
                yield components[index].points[start:stop]


def _split(text: str) -> tuple[int, int | None]:
    component, _, point = text.partition(":")
    return int(component), int(point) if point else None


def _canvas(
    components: Sequence[_Component],
) -> tuple[Callable[[_Points], _Points], tuple[int, int]]:
    """Find a canvas that holds all ink, and the way onto it."""
    points = [point for part in components if part.is_down for point in part.points]
    if not points:
        return lambda trace: trace, (1, 1)
    left, right = min(x for x, _, _ in points), max(x for x, _, _ in points)
    low, high = min(y for _, y, _ in points), max(y for _, y, _ in points)
    margin = _MARGIN * max(right - left, high - low, 1.0)
    width, height = right - left + 2 * margin, high - low + 2 * margin
    scale = min(1.0, (_WIDEST - 1) / max(width, height))
    canvas = (int(width * scale) + 1, int(height * scale) + 1)

    def place(trace: _Points) -> _Points:
        return [((x - left + margin) * scale, (high - y + margin) * scale, t) for x, y, t in trace]

    return place, canvas


def _from_zero(strokes: Sequence[_Points]) -> Iterator[Stroke]:
    start = strokes[0][0][2]
    for points in strokes:
        yield Stroke((round(x, 2), round(y, 2), round(t - start, 2)) for x, y, t in points)


def _number(text: str, place: str) -> float:
    try:
        number = float(text.split()[0])
    except (ValueError, IndexError):
        number = math.nan
    if not math.isfinite(number) or abs(number) > _LARGEST:
        raise RecordingError(f"{place}: {text!r} is no number")
    return number
