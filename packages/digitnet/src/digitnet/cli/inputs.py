"""Images and recordings from files, folders, patterns and standard input, read as needed."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from digitnet.errors import DigitnetError, PictureError, reason_of
from digitnet.ink import Drawing
from digitnet.preprocessing.sources import Source
from digitnet.recordings import read_drawings
from digitnet.recordings.finder import RECORDING_SUFFIX, STDIN, FileType, find_files

_IMAGES = {".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".pbm", ".pgm", ".png", ".ppm", ".tga", ".tif"}
_IMAGES |= {".tiff", ".webp"}
_READABLE = FileType(
    f"images or {RECORDING_SUFFIX} files", _IMAGES | {RECORDING_SUFFIX}, PictureError
)


@dataclass(frozen=True, eq=False)
class NamedSource:
    """One drawing or image, and its name in the output."""

    name: str
    source: Source


def find_inputs(names: Iterable[str]) -> Iterator[str | DigitnetError]:
    """Find images and recordings as `find_files` does."""
    return find_files(names, _READABLE)


def read_inputs(file: str) -> Iterator[NamedSource]:
    """Read a file's content: an image, or recordings.

    Raises:
        PictureError: there is no standard input.
        RecordingError: a line of recordings cannot be read; earlier lines have been yielded.
    """
    if file == STDIN:
        if not sys.stdin:  # closed before the program started
            raise PictureError(f"{STDIN}: there is no standard input; pipe a file into it")
        try:
            stream = sys.stdin.buffer
            holds_recordings = _holds_recordings(stream)
        except (OSError, ValueError) as error:
            raise PictureError(
                f"{STDIN}: cannot be read: {reason_of(error)}; pipe a file into it"
            ) from None
        if holds_recordings:
            yield from _drawings(stream, STDIN)
        else:
            yield NamedSource(STDIN, stream)
    elif _is_recordings(file):
        yield from _drawings(file, file)
    else:
        yield NamedSource(file, file)


def count_inputs(names: Iterable[str]) -> int:
    """Return roughly how many inputs there are: lines of recordings, and 1 for standard input."""
    return sum(_count(file) for file in find_inputs(names) if isinstance(file, str))


def _count(file: str) -> int:
    if file == STDIN or not _is_recordings(file):
        return 1
    try:
        with Path(file).open("rb") as lines:
            return sum(1 for _ in lines)
    except (OSError, ValueError):  # reported when it is read
        return 1


def _is_recordings(file: str) -> bool:
    return file.lower().endswith(RECORDING_SUFFIX)


def _holds_recordings(stream: BinaryIO) -> bool:
    """Whether a buffered stream starts like a line of JSON rather than an image."""
    start: bytes = stream.peek(1) if isinstance(stream, io.BufferedReader) else b""
    return bool(start) and start.lstrip()[:1] in (b"{", b"")


def _drawings(source: str | IO[bytes], name: str) -> Iterator[NamedSource]:
    for drawing in read_drawings(source):
        yield NamedSource(_name_of(drawing, name), drawing)


def _name_of(drawing: Drawing, file: str) -> str:
    return drawing.key_id or (f"{file}:{drawing.place.line}" if drawing.place else file)
