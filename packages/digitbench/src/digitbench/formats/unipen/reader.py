"""UNIPEN to drawings: each labelled segment is one drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import click

from digitbench.formats.canvas_fit import Trace, canvas_of, from_zero
from digitbench.formats.files import stem_of
from digitbench.formats.format import Importer
from digitbench.formats.labels import advice, check_belongs, meaning_of
from digitbench.formats.skipped import Skipped, SkippedError
from digitbench.formats.unipen.parser import Component, Parser, Segment, read_text
from digitbench.formats.xml import is_xml
from digitnet import Drawing
from digitnet.errors import InkError, RecordingError
from digitnet.recordings.finder import FileType

_KEYWORD = re.compile(rb"(?:\A|[\r\n])\.[A-Z][A-Z_]+[ \t\r\n]")


def read_unipen(
    path: Path,
    skipped: Skipped | None = None,
    *,
    words: Mapping[str, str] = MappingProxyType({}),
    include: Sequence[Path] = (),
    levels: Sequence[str] = (),
) -> Iterator[Drawing]:
    """Read the labelled segments of a UNIPEN file.

    Each segment becomes a drawing at the position where it was written, on a canvas that all
    segments of the file share; y is flipped to point down. The level of the segment in the file's
    hierarchy becomes a tag. A segment whose ink is missing or damaged is skipped and counted.

    Args:
        path: the file.
        skipped: counts what cannot be imported; None to ignore it.
        words: the user's mapping from labels to words; see `digitbench.formats.labels`.
        include: folders to search for included files, after the file's own folder.
        levels: the levels of the hierarchy to read, such as "DIGIT"; empty for all.

    Yields:
        drawings in the order of their segments, named after the file and their number.

    Raises:
        RecordingError: the file, or one that it includes, cannot be read, or there are no segments.
    """
    skipped = skipped if skipped is not None else Skipped()
    before = skipped.drawings.total()
    parser = Parser(include, skipped)
    parser.read(path)
    if not parser.segments and skipped.drawings.total() == before:
        raise RecordingError(f"{path}: holds no .SEGMENT; import the file that labels its ink")
    fit, canvas = canvas_of(
        (component.points for component in parser.components if component.is_down), y_up=True
    )
    chosen = {level.casefold() for level in levels}
    for number, segment in enumerate(parser.segments):
        if chosen and segment.level.casefold() not in chosen:
            continue
        meaning = meaning_of(segment.label, words)
        if meaning is None:
            skipped.skip(segment.place, "with unclear labels", advice(segment.label))
            continue
        try:
            traces = [fit(points) for points in _traces(segment, parser.components)]
            drawing = Drawing(
                tuple(from_zero(traces)),
                word=meaning.word,
                key_id=f"{stem_of(path)}-{number:05d}",
                canvas=canvas,
                device="pen",
                source=path.name,
                writer=segment.writer,
                tags=(segment.level.lower(), *meaning.tags),
            )
            check_belongs(drawing, meaning.characters)
            yield drawing
        except SkippedError as error:
            skipped.skip(segment.place, error.reason, f"{error}; the segment is skipped")
        except InkError as error:
            skipped.skip(segment.place, "with invalid ink", f"{error}; the segment is skipped")


def has_segments(path: Path) -> bool:
    """Whether a file holds segments; one without is only there to be included by others."""
    try:
        return "\n.SEGMENT" in "\n" + read_text(path)
    except RecordingError:
        return True  # so that reading it reports why it cannot be read


UNIPEN_IMPORTER = Importer(
    "unipen",
    FileType("files with a .SEGMENT", ()),
    read_unipen,
    accepts=has_segments,
    options=(
        click.Option(
            ["--include"],
            multiple=True,
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="unipen: folder to search for included files; may be repeated.",
        ),
        click.Option(
            ["--level", "levels"],
            multiple=True,
            help="unipen: read only segments of this level, such as DIGIT; may be repeated.",
        ),
    ),
    title="UNIPEN",
    recognizes=lambda head: not is_xml(head) and _KEYWORD.search(head) is not None,
)


def _traces(segment: Segment, components: Sequence[Component]) -> list[Trace]:
    """Return the pen-down points of a delineation such as ``3``, ``3-5`` or ``3:10-4:20,6``.

    Raises:
        SkippedError: a component or a point is missing or damaged, or there is no ink.
    """
    traces = []
    for part in segment.parts.split(","):
        first, _, last = part.partition("-")
        begin, begin_point = _split(first)
        end, end_point = _split(last) if last else (begin, None)
        if max(begin, end) >= len(components):
            raise SkippedError("with missing components", f"component {part} is missing")
        for index in range(begin, end + 1):
            component = components[index]
            start = begin_point if index == begin else None
            stop = end_point if index == end else None
            if component.damage:
                message = f"component {index} is damaged: {component.damage}"
                raise SkippedError("with damaged components", message)
            if max(start or 0, stop or 0) >= max(len(component.points), 1):
                raise SkippedError("with missing points", f"some points of {part} are missing")
            if component.is_down:
                traces.append(component.points[start : None if stop is None else stop + 1])
    traces = [points for points in traces if points]
    if not traces:
        raise SkippedError("without ink", f"{segment.parts} holds no ink")
    return traces


def _split(text: str) -> tuple[int, int | None]:
    component, _, point = text.partition(":")
    return int(component), int(point) if point else None
