"""UNIPEN files to components and segments.

The format is described in I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet: "UNIPEN
project of on-line data exchange and recognizer benchmarks", ICPR 1994. A statement starts with a
keyword, a dot and a word at the start of a line, and extends to the next keyword. This module
reads the keywords that hold ink and labels: ``.COORD``, ``.PEN_DOWN``, ``.PEN_UP``, ``.DT``,
``.POINTS_PER_SECOND``, ``.SEGMENT``, ``.WRITER_ID``, ``.COMMENT`` and ``.INCLUDE``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from digitbench.formats.canvas_fit import LARGEST, Trace
from digitbench.formats.files import read_bytes
from digitbench.formats.skipped import Skipped
from digitnet.errors import RecordingError
from digitnet.ink import MAX_POINTS

_DEFAULT_RATE = 100.0  # points per second, unless the file sets it
# Of one file. A few files that each include others twice would make billions.
_MOST_INCLUDES = 1000
_MOST_POINTS = 5_000_000  # of a file and all that it includes; they take about 700 MB

_PART = r"\d{1,9}(:\d{1,9})?(-\d{1,9}(:\d{1,9})?)?"
_DELINEATION = re.compile(rf"{_PART}(,{_PART})*")
_ESCAPES = {"n": " ", "t": " "}


@dataclass
class Component:
    """One movement of the pen, in the file's own units.

    Attributes:
        is_down: whether it is ink rather than a movement above the paper.
        points: those that can be read.
        damage: what is wrong with it and where; "" if it is intact.
    """

    is_down: bool
    points: Trace = field(default_factory=list)
    damage: str = ""


@dataclass
class Segment:
    """A label for a group of components.

    Attributes:
        level: in the file's hierarchy, such as WORD or DIGIT.
        parts: the delineation: components and points, such as ``3``, ``3-5`` or ``3:10-4:20,6``.
        label: what the ink means.
        place: file and line number.
        writer: who wrote it, or "".
    """

    level: str
    parts: str
    label: str
    place: str
    writer: str


class Parser:
    """Parses a file, and the files that it includes, into components and segments.

    Args:
        include: folders to search for included files, after the folders of the files being read.
        skipped: counts what cannot be imported.

    Attributes:
        components: in the order in which segments count them; a pen-up without coordinates does
            not count.
        segments: in the order of the file.
    """

    def __init__(self, include: Sequence[Path], skipped: Skipped) -> None:
        self.components: list[Component] = []
        self.segments: list[Segment] = []
        self._include = include
        self._skipped = skipped
        self._columns, self._columns_place = ["X", "Y"], ""
        self._rate = _DEFAULT_RATE
        self._clock = 0.0
        self._writer = ""
        self._open_files: list[Path] = []
        self._includes = 0
        self._points = 0

    def read(self, path: Path) -> None:
        """Read a file.

        Raises:
            RecordingError: it cannot be read, or holds too many points.
        """
        self._open_files.append(path)
        for keyword, number, lines in _statements(read_text(path)):
            place = f"{path}:{number}"
            if keyword in ("PEN_DOWN", "PEN_UP"):
                self._add_component(lines, path, is_down=keyword == "PEN_DOWN")
            elif keyword == "INCLUDE":
                self._read_included(_joined(lines).strip('"'), place)
            else:
                self._apply(keyword, lines, place)
        self._open_files.pop()

    def _apply(self, keyword: str, lines: Sequence[tuple[int, str]], place: str) -> None:
        if keyword == "SEGMENT":
            self._add_segment(_joined(lines), place)
        elif keyword == "COMMENT" and self.segments:
            self._read_comment(_joined(lines).split())
        elif keyword == "COORD":
            self._columns, self._columns_place = _joined(lines).split(), place
        elif keyword == "WRITER_ID":
            self._writer = _joined(lines)
        elif keyword in ("POINTS_PER_SECOND", "DT"):
            number = _number(_joined(lines).partition(" ")[0])
            if number is None:
                message = f".{keyword} {_joined(lines)[:40]!r} is not a number; it is ignored"
                self._skipped.skip_other(place, "rates and pauses that are not numbers", message)
            elif keyword == "DT":
                self._clock += number
            else:
                self._rate = max(number, 1e-3)

    def _add_component(
        self, lines: Sequence[tuple[int, str]], path: Path, *, is_down: bool
    ) -> None:
        component = Component(is_down)
        wanted = [self._columns.index(name) for name in "XYT" if name in self._columns]
        if not {"X", "Y"} <= set(self._columns):
            component.damage = f"its .COORD, {self._columns_place}, lacks X or Y"
            lines = ()
        for number, line in lines:
            values = line.split()
            if len(values) < len(self._columns):
                component.damage = (
                    f"{path}:{number} holds {len(values)} numbers, but .COORD names "
                    f"{len(self._columns)}"
                )
                break
            point = [_number(values[index]) for index in wanted]
            if None in point:
                component.damage = f"{path}:{number} holds {line.strip()[:40]!r}, not numbers"
                break
            x, y, *times = (value for value in point if value is not None)
            self._clock = times[0] if times else self._clock + 1000 / self._rate
            component.points.append((x, y, self._clock))
        self._points += len(component.points)
        if self._points > _MOST_POINTS:
            raise RecordingError(
                f"{path}:{lines[-1][0]}: is the end of over {_MOST_POINTS:,} points; split the file"
            )
        if component.is_down or component.points or component.damage:
            self.components.append(component)

    def _add_segment(self, text: str, place: str) -> None:
        """Parse ``LEVEL PARTS QUALITY "LABEL"``; parts may hold spaces, quality is optional."""
        head, quote, label = text.partition('"')
        level, *words = head.split() or [""]
        parts = ""
        while words and not set(words[0]) - set("0123456789:,-"):
            parts += words.pop(0)
        if not (parts and quote):
            message = "a .SEGMENT without parts or label is skipped"
            self._skipped.skip(place, "without parts or label", message)
        elif not _DELINEATION.fullmatch(parts):
            message = f"{parts[:40]!r} does not name components; use 3, 3-5 or 3:0-5:9"
            self._skipped.skip(place, "with damaged delineations", message)
        else:
            label = _unescaped(label.rpartition('"')[0] if '"' in label else label)
            self.segments.append(Segment(level, parts, label, place, self._writer))

    def _read_comment(self, words: list[str]) -> None:
        """Read the writer from a comment of pendigits: label, writer and number after a segment."""
        segment = self.segments[-1]
        if len(words) == 3 and words[0] == segment.label and all(map(str.isdigit, words)):
            segment.writer = words[1]

    def _read_included(self, name: str, place: str) -> None:
        self._includes += 1
        if self._includes > _MOST_INCLUDES:
            message = f"{name} is skipped, because {_MOST_INCLUDES:,} files were included already"
            self._skipped.skip_other(place, "included files beyond the limit", message)
            return
        for folder in (*(path.parent for path in reversed(self._open_files)), *self._include):
            # Path.is_file raises an error if a name is too long.
            if os.path.isfile(folder / name):  # noqa: PTH113
                self._read_open(folder / name, name, place)
                return
        message = f"{name} does not exist and is skipped; name its folder with --include DIR"
        self._skipped.skip_other(place, "missing included files", message)

    def _read_open(self, path: Path, name: str, place: str) -> None:
        if path.resolve() in [open_file.resolve() for open_file in self._open_files]:
            message = f"{name} includes itself; it is not read again"
            self._skipped.skip_other(place, "included files that include themselves", message)
        else:
            self.read(path)


def read_text(path: Path) -> str:
    """Read a file as Latin-1, with every line ending converted to a line feed.

    Raises:
        RecordingError: it cannot be read.
    """
    text = read_bytes(path).decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _statements(text: str) -> Iterator[tuple[str, int, list[tuple[int, str]]]]:
    """Split a file into statements: a keyword, its line number, and the numbered lines it holds.

    The rest of the keyword's own line counts as a line; blank lines are left out, and so are those
    beyond what makes a drawing too large.
    """
    keyword, start, lines = "", 0, list[tuple[int, str]]()
    # Not split at once, as a list of all lines takes several times as much memory as the file.
    for number, whole in enumerate(StringIO(text), start=1):
        rest = line = whole.rstrip("\n")
        if line.startswith("."):
            if keyword:
                yield keyword, start, lines
            keyword, *others = line[1:].split(maxsplit=1) or [""]
            rest, start, lines = others[0] if others else "", number, []
        if len(lines) <= MAX_POINTS and rest.strip():
            lines.append((number, rest))
    if keyword:
        yield keyword, start, lines


def _joined(lines: Sequence[tuple[int, str]]) -> str:
    return " ".join(" ".join(line.split()) for _, line in lines)


def _unescaped(label: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), label)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) <= LARGEST else None
