"""UNIPEN to drawings: each labelled segment is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from digitbench.formats.canvas_fit import Trace, canvas_of, from_zero
from digitbench.formats.labels import advice, understand
from digitbench.formats.skipped import Losses
from digitbench.formats.unipen.parser import Component, Reader, Segment, read_text
from digitnet import Drawing
from digitnet.errors import InkError, RecordingError
from digitnet.recordings.finder import FileType, list_files

_CANDIDATES = FileType("file with a .SEGMENT", ())


def read_unipen(
    path: Path,
    include: Sequence[Path] = (),
    losses: Losses | None = None,
    *,
    words: Mapping[str, str] = MappingProxyType({}),
    levels: Sequence[str] = (),
) -> Iterator[Drawing]:
    """Read the labelled segments of a UNIPEN file.

    Each segment becomes a drawing where its writer put it, on a canvas that all segments of the
    file share; y is turned to point down. Its level of the file's hierarchy is a tag. A segment
    whose ink is missing or damaged is left out and counted; the others are read.

    Args:
        path: the file.
        include: folders in which included files are looked for, after the file's own.
        losses: where what is left out is counted; None to pass over it.
        words: what labels mean; see `digitbench.formats.labels`.
        levels: of the hierarchy that are read, such as "DIGIT"; none for all.

    Yields:
        drawings in the order of their segments, named after the file and their number.

    Raises:
        RecordingError: the file, or one that it includes, cannot be read.
    """
    losses = losses if losses is not None else Losses()
    reader = Reader(include, losses)
    reader.read(path)
    place_on_canvas, canvas = canvas_of(
        (part.points for part in reader.components if part.is_down), y_up=True
    )
    chosen = {level.casefold() for level in levels}
    for number, segment in enumerate(reader.segments):
        if chosen and segment.level.casefold() not in chosen:
            continue
        meaning = understand(segment.label, words)
        if meaning is None:
            losses.skip(segment.place, "with unclear labels", advice(segment.label))
            continue
        try:
            traces = [place_on_canvas(points) for points in _traces(segment, reader.components)]
            yield Drawing(
                tuple(from_zero(traces)),
                word=meaning.word,
                key_id=f"{path.stem}-{number:05d}",
                canvas=canvas,
                device="pen",
                source=path.name,
                writer=segment.writer,
                tags=(segment.level.lower(), *meaning.tags),
            )
        except _LeftOutError as error:
            losses.skip(segment.place, error.reason, f"{error}; the segment is left out")
        except InkError as error:
            losses.skip(segment.place, "with impossible ink", f"{error}; it is left out")


def find_unipen(folder: Path) -> list[Path]:
    """List the files of a folder, and of those within, that hold segments.

    Files without any are there to be included.

    Raises:
        RecordingError: there is none.
    """
    files = [path for path in list_files([folder], _CANDIDATES) if _has_segments(path)]
    if not files:
        raise RecordingError(f"{folder}: holds no file with a .SEGMENT; give another folder")
    return files


def _has_segments(path: Path) -> bool:
    try:
        return "\n.SEGMENT" in "\n" + read_text(path)
    except RecordingError:
        return True  # so that whoever reads it tells why it cannot be read


class _LeftOutError(Exception):
    """A segment cannot be read, for a reason under which it is counted."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def _traces(segment: Segment, components: Sequence[Component]) -> list[Trace]:
    """Give the pen-down points that a delineation names: ``3``, ``3-5`` or ``3:10-4:20,6``.

    Raises:
        _LeftOutError: a component or a point is not there or damaged, or nothing is ink.
    """
    traces = []
    for part in segment.parts.split(","):
        first, _, last = part.partition("-")
        begin, begin_point = _split(first)
        end, end_point = _split(last) if last else (begin, None)
        if max(begin, end) >= len(components):
            raise _LeftOutError("with missing components", f"component {part} is not there")
        for index in range(begin, end + 1):
            component = components[index]
            start = begin_point if index == begin else None
            stop = end_point if index == end else None
            if component.damage:
                message = f"component {index} is damaged: {component.damage}"
                raise _LeftOutError("with damaged components", message)
            if max(start or 0, stop or 0) >= max(len(component.points), 1):
                raise _LeftOutError("with missing points", f"not all points of {part} are there")
            if component.is_down:
                traces.append(component.points[start : None if stop is None else stop + 1])
    traces = [points for points in traces if points]
    if not traces:
        raise _LeftOutError("without ink", f"{segment.parts} holds no ink")
    return traces


def _split(text: str) -> tuple[int, int | None]:
    component, _, point = text.partition(":")
    return int(component), int(point) if point else None
