"""What a file is, by its first bytes: which format of ink, or what else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from digitbench.formats.files import read_head
from digitbench.formats.format import Importer
from digitbench.formats.xml import is_xml, root_name
from digitnet.errors import RecordingError

_KINDS = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "packed by gzip twice"),
)

_TEXT = frozenset(range(32, 256)) | frozenset(b"\t\n\r\f\x1a\x1b")


def choose_importer(path: Path, wanted: Importer | None, importers: Iterable[Importer]) -> Importer:
    """Return the importer that reads a file.

    Args:
        path: the file.
        wanted: the importer that the user named, or None to find one.
        importers: all of them.

    Raises:
        RecordingError: the file cannot be read, is of another format than the one wanted, or of
            none.
    """
    if wanted is not None and wanted.recognizes is None:
        return wanted
    head = read_head(path)
    if wanted is not None and wanted.recognizes is not None and wanted.recognizes(head):
        return wanted
    found = next((each for each in importers if each.recognizes and each.recognizes(head)), None)
    if wanted is None:
        if found is not None:
            return found
        titles = ", ".join(importer.title for importer in importers if importer.recognizes)
        raise RecordingError(f"{path}: is {_describe(head)}; use one of these formats: {titles}")
    if found is not None:
        raise RecordingError(
            f"{path}: is {found.title}, not {wanted.title}; use digitbench import {found.name}"
        )
    raise RecordingError(f"{path}: is {_describe(head)}, not {wanted.title}; choose another file")


def _describe(head: bytes) -> str:
    for start, kind in _KINDS:
        if head.startswith(start):
            return kind
    if not head.strip():
        return "an empty file"
    if root := root_name(head):
        return f"XML with the root <{root[:40]}>"
    if not set(head) <= _TEXT:
        return "a binary file"
    if head.lstrip()[:1] in (b"{", b"["):
        return "JSON"
    return "XML" if is_xml(head) else "text without ink"
