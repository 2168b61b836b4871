"""InkML to drawings (Ink Markup Language, W3C Recommendation of 20 September 2011).

A labelled group or view of traces becomes a drawing. Of nested groups the inner ones do, and an
outer one only if its label is a number, such as 2026 over four digits. In a document without
groups, all traces together are a page; see `digitbench.formats.pages`.

Labels are annotations of type `truth`, `label`, `transcription` or `word`, or elements with these
names in an ``annotationXML``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from digitbench.formats.canvas_fit import canvas_of, from_zero
from digitbench.formats.files import read_bytes, stem_of
from digitbench.formats.format import Importer
from digitbench.formats.inkml.document import InkDocument
from digitbench.formats.pages import SPLIT_OPTION, read_page
from digitbench.formats.skipped import Skipped, SkippedError
from digitbench.formats.xml import Element, has_root, parse_xml
from digitbench.text import WORD
from digitnet import Drawing, Stroke
from digitnet.errors import InkError, RecordingError
from digitnet.ink import EVEN_TIMES
from digitnet.recordings import parse_record
from digitnet.recordings.finder import FileType
from digitnet.recordings.schema import to_drawing

RECORDING = "urn:digitbench:recording"
"""The namespace of what `digitbench export inkml` stores about a recording besides its ink."""

_LABELS = ("truth", "label", "transcription", "word")


@dataclass
class _Sample:
    element: Element
    label: str
    writer: str

    @property
    def is_labelled(self) -> bool:
        """Whether the meaning of the ink is known; that of an exported recording always is."""
        return bool(self.label) or _exported(self.element) is not None


def read_inkml(
    path: Path,
    skipped: Skipped | None = None,
    *,
    words: Mapping[str, str] = MappingProxyType({}),
    split: str | None = None,
) -> Iterator[Drawing]:
    """Read the labelled ink of an InkML document.

    Each drawing stands at the position where it was written, on a canvas that all ink of the
    document shares. Strokes without times follow each other at an even pace, and the drawing is
    tagged `even-times`. What `digitbench export inkml` wrote is restored exactly: positions,
    canvas, times and names.

    Args:
        path: the file.
        skipped: counts what cannot be imported; None to ignore it.
        words: the user's mapping from labels to words; see `digitbench.formats.labels`.
        split: whether the parts of a page, or of a group without a label, are recordings; see
            `digitbench.formats.pages`.

    Yields:
        drawings in the order of the document, named after the file and their number.

    Raises:
        RecordingError: the file cannot be read or is not InkML; the message names file and line.
    """
    skipped = skipped if skipped is not None else Skipped()
    root = parse_xml(read_bytes(path), str(path))
    if root.name != "ink":
        raise RecordingError(
            f"{path}:{root.line}: is not InkML but <{root.name}>; use an InkML file"
        )
    samples = _samples(root)
    for trace in _loose(root, samples):
        message = "the trace is in none of the groups that are drawings; it is skipped"
        skipped.skip_other(f"{path}:{trace.line}", "traces outside of groups", message)
    document = InkDocument(root)
    fit, canvas = canvas_of(document.all_points(), y_up=False)
    for number, sample in enumerate(samples):
        place = f"{path}:{sample.element.line}"
        try:
            exported = _exported(sample.element)
            if exported is not None:
                word = words.get(sample.label, sample.label)
                record = {**parse_record(exported.text), "word": word, "drawing": []}
                strokes = tuple(Stroke(trace.points) for trace in document.traces(sample.element))
                yield replace(to_drawing(record), strokes=strokes)
                continue
            traces, are_even = document.in_time(sample.element)
            page = Drawing(
                tuple(from_zero([fit(trace) for trace in traces])),
                key_id=f"{stem_of(path)}-{number:05d}",
                canvas=canvas,
                device="pen",
                source=path.name,
                writer=sample.writer,
                tags=(EVEN_TIMES,) if are_even else (),
            )
            yield from read_page(page, sample.label, words, split, skipped, place)
        except SkippedError as error:
            skipped.skip(place, error.reason, f"{error}; the ink is skipped")
        except (InkError, RecordingError) as error:
            skipped.skip(place, "with invalid ink", f"{error}; the ink is skipped")


INKML_IMPORTER = Importer(
    "inkml",
    FileType(".inkml or .xml files", {".inkml", ".xml"}),
    read_inkml,
    options=(SPLIT_OPTION,),
    title="InkML",
    recognizes=lambda head: has_root(head, "ink"),
)


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
    if labelled and not WORD.fullmatch(label):
        return groups
    return [_Sample(root, label, writer), *labelled]


def _loose(root: Element, samples: list[_Sample]) -> Iterator[Element]:
    """Yield the traces of a document that are in none of its samples, and shown by no view."""
    shown = {
        element.attributes.get("traceDataRef", "").removeprefix("#") for element in root.within()
    }
    whole = [sample.element for sample in samples]
    whole += [each for each in root.within() if each.attributes.get("id") in shown]
    held = {id(element) for each in whole for element in each.within()}
    for child in root.all("trace", "traceGroup"):
        for trace in child.within():
            is_ink = trace.name == "trace" and trace.attributes.get("type") != "penUp"
            if is_ink and id(trace) not in held:
                yield trace


def _grouped(element: Element, writer: str) -> list[_Sample]:
    """Return the samples of a group: those within it if any is labelled, or itself, or both."""
    writer = _annotation(element, "writer").strip() or writer
    inner = [
        sample
        for child in element.all("traceGroup", "traceView")
        for sample in _grouped(child, writer)
    ]
    labelled = [sample for sample in inner if sample.is_labelled]
    label = _label(element)
    if labelled and not WORD.fullmatch(label):
        return inner
    return [_Sample(element, label, writer), *labelled]


def _label(element: Element) -> str:
    if _exported(element) is not None:
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


def _exported(element: Element) -> Element | None:
    """Return what `digitbench export inkml` stored about a recording, or None."""
    for annotation in element.all("annotationXML"):
        if (exported := annotation.first(f"{RECORDING}}}recording")) is not None:
            return exported
    return None
