"""InkML to drawings (Ink Markup Language, W3C Recommendation of 20 September 2011).

A labelled group of traces, or view of them, is a drawing. Of groups within each other the inner
ones are, and an outer one only where its label is a number, such as 2026 of four digits. In a
document without groups, all traces together are one drawing.

Labels are annotations of the type `truth`, `label`, `transcription` or `word`, or elements of
these names within an ``annotationXML``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from digitbench.formats.canvas_fit import EVEN_TIMES, canvas_of, from_zero
from digitbench.formats.files import read_bytes
from digitbench.formats.inkml.ink import Ink, LeftOutError
from digitbench.formats.inkml.xml import Element, parse_xml
from digitbench.formats.labels import advice, understand
from digitbench.formats.skipped import Losses
from digitbench.text import NUMBER
from digitnet import Drawing, Stroke
from digitnet.errors import InkError, RecordingError
from digitnet.recordings import parse_record
from digitnet.recordings.schema import to_drawing

RECORDING = "urn:digitbench:recording"
"""The namespace of what `digitbench export inkml` keeps of a recording besides its ink."""

_LABELS = ("truth", "label", "transcription", "word")


@dataclass
class _Sample:
    element: Element
    label: str
    writer: str

    @property
    def is_labelled(self) -> bool:
        """Whether it is known what the ink means; what was kept of a recording knows."""
        return bool(self.label) or _kept(self.element) is not None


def read_inkml(
    path: Path, losses: Losses | None = None, *, words: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Drawing]:
    """Read the labelled ink of an InkML document.

    Each drawing is where its writer put it, on a canvas that all ink of the document shares.
    Strokes without times follow each other evenly, and the drawing is tagged `even-times`. What
    `digitbench export inkml` wrote is read as it was: its places, canvas, times and names.

    Args:
        path: the file.
        losses: where what is left out is counted; None to pass over it.
        words: what labels mean; see `digitbench.formats.labels`.

    Yields:
        drawings in the order of the document, named after the file and their number.

    Raises:
        RecordingError: the file cannot be read or is no InkML; names file and line.
    """
    losses = losses if losses is not None else Losses()
    root = parse_xml(read_bytes(path), str(path))
    if root.name != "ink":
        raise RecordingError(f"{path}:{root.line}: is no InkML, but <{root.name}>; give InkML")
    ink = Ink(root)
    place_on_canvas, canvas = canvas_of(ink.all_points(), y_up=False)
    for number, sample in enumerate(_samples(root)):
        place = f"{path}:{sample.element.line}"
        try:
            kept = _kept(sample.element)
            if kept is not None:
                word = words.get(sample.label, sample.label)
                record = {**parse_record(kept.text), "word": word, "drawing": []}
                strokes = tuple(Stroke(trace.points) for trace in ink.traces(sample.element))
                yield replace(to_drawing(record), strokes=strokes)
                continue
            meaning = understand(sample.label, words)
            if meaning is None:
                losses.skip(place, "with unclear labels", advice(sample.label))
                continue
            points, are_even = ink.in_time(sample.element)
            tags = (*meaning.tags, EVEN_TIMES) if are_even else meaning.tags
            yield Drawing(
                tuple(from_zero([place_on_canvas(trace) for trace in points])),
                word=meaning.word,
                key_id=f"{path.stem}-{number:05d}",
                canvas=canvas,
                device="pen",
                source=path.name,
                writer=sample.writer,
                tags=tags,
            )
        except LeftOutError as error:
            losses.skip(place, error.reason, f"{error}; the ink is left out")
        except (InkError, RecordingError) as error:
            losses.skip(place, "with impossible ink", f"{error}; the ink is left out")


def _samples(root: Element) -> list[_Sample]:
    writer = _annotation(root, "writer").strip()
    groups = [
        sample
        for child in root.all("traceGroup", "traceView")
        for sample in _grouped(child, writer)
    ]
    label = _label(root)
    labelled = [sample for sample in groups if sample.is_labelled]
    if not label and (groups or root.first("trace") is None):
        return groups
    if labelled and not NUMBER.fullmatch(label):
        return labelled
    return [_Sample(root, label, writer), *labelled]


def _grouped(element: Element, writer: str) -> list[_Sample]:
    """List the samples of a group: those within it that are labelled, or itself, or both."""
    writer = _annotation(element, "writer").strip() or writer
    inner = [
        sample
        for child in element.all("traceGroup", "traceView")
        for sample in _grouped(child, writer)
        if sample.is_labelled
    ]
    label = _label(element)
    if inner and not NUMBER.fullmatch(label):
        return inner
    return [_Sample(element, label, writer), *inner]


def _label(element: Element) -> str:
    if _kept(element) is not None:
        return _annotation(element, "truth")
    for name in _LABELS:
        if label := _annotation(element, name).strip():
            return label
    for annotation in element.all("annotationXML"):
        for part in annotation.within():
            if part.name.rpartition("}")[2].casefold() in _LABELS and part.text.strip():
                return part.text.strip()
    return ""


def _annotation(element: Element, name: str) -> str:
    for annotation in element.all("annotation"):
        if annotation.attributes.get("type", "").casefold() == name:
            return annotation.text
    return ""


def _kept(element: Element) -> Element | None:
    """Find what `digitbench export inkml` kept of a recording."""
    for annotation in element.all("annotationXML"):
        if (kept := annotation.first(f"{RECORDING}}}recording")) is not None:
            return kept
    return None
