"""What a command line names, as sources: files, folders, patterns, and standard input.

All is found as it is needed, a folder at a time, so millions of files need no more memory than the
names of the largest folder.
"""

from __future__ import annotations

import glob
import io
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from digitnet.errors import DigitnetError, PictureError
from digitnet.ink import Drawing
from digitnet.preprocessing.sources import Source
from digitnet.recordings import read_drawings

STDIN = "-"

_RECORDINGS = ".ndjson"

# What is looked for in folders; a file that is named itself may be called anything.
_PICTURES = {".bmp", ".gif", ".jpeg", ".jpg", ".pbm", ".pgm", ".png", ".ppm", ".tga", ".tif"}
_PICTURES |= {".tiff", ".webp"}


@dataclass(frozen=True, eq=False)
class Input:
    """One drawing or picture, and what to call it."""

    name: str
    source: Source


def find_files(names: Iterable[str]) -> Iterator[str | DigitnetError]:
    """Find the files that are meant, in the order of the names; those of a folder are sorted.

    Args:
        names: files; folders, of which all pictures and recordings count that are not hidden;
            patterns, for shells that do not expand these; "-" for standard input.

    Yields:
        paths and "-"; an error for a folder or pattern that leads to nothing, or cannot be read.
    """
    for name in names:
        if name != STDIN and _is_pattern(name):
            yield from _matching(name)
        elif name != STDIN and _is_folder(name):
            yield from _in_folder(name)
        else:
            yield name


def read_inputs(file: str) -> Iterator[Input]:
    """Read what a file holds: a picture, or recordings.

    Raises:
        PictureError: there is no standard input.
        RecordingError: a line of recordings cannot be read; those before it were given.
    """
    if file == STDIN:
        if not sys.stdin:  # closed before the program began
            raise PictureError(f"{STDIN}: there is no standard input; pipe a file into it")
        try:
            stream = sys.stdin.buffer
            holds_recordings = _holds_recordings(stream)
        except (OSError, ValueError) as error:
            raise PictureError(f"{STDIN}: cannot be read: {error}; pipe a file into it") from None
        if holds_recordings:
            yield from _drawings(stream, STDIN)
        else:
            yield Input(STDIN, stream)
    elif _is_recordings(file):
        yield from _drawings(file, file)
    else:
        yield Input(file, file)


def count_inputs(names: Iterable[str]) -> int:
    """Count roughly what the names lead to; recordings by their lines, standard input as one."""
    return sum(_count(file) for file in find_files(names) if isinstance(file, str))


def _count(file: str) -> int:
    if file == STDIN or not _is_recordings(file):
        return 1
    try:
        with Path(file).open("rb") as lines:
            return sum(1 for _ in lines)
    except (OSError, ValueError):  # told when it is read
        return 1


def _is_pattern(name: str) -> bool:
    return glob.has_magic(name) and not os.path.lexists(name)


def _is_folder(name: str) -> bool:
    return os.path.isdir(name)  # noqa: PTH112 - a Path's method raises where nothing may be asked


def _matching(pattern: str) -> Iterator[str | DigitnetError]:
    # Not as paths: these would drop a leading "./" of what they are called.
    matches = sorted(glob.iglob(pattern, recursive=True))  # noqa: PTH207
    if not matches:
        yield PictureError(f"{pattern}: matches no file and no folder; check the pattern")
    for match in matches:
        if not _is_folder(match):
            yield match
        elif "**" not in pattern:  # which matches what is in the folder, too
            yield from _in_folder(match)


def _in_folder(folder: str) -> Iterator[str | DigitnetError]:
    is_empty = True
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path != folder and not _is_folder(path):
            is_empty = False
            yield path
            continue
        try:
            found = sorted(_readable(path), reverse=True)
        except OSError as error:
            is_empty = False
            yield PictureError(f"{path}: cannot be read: {error.strerror}; check its permissions")
        else:
            waiting += found
    if is_empty:
        yield PictureError(f"{folder}: holds no picture and no recordings ({_RECORDINGS})")


def _readable(folder: str) -> Iterator[str]:
    """Give the pictures, recordings and folders in a folder; links to folders may lead back."""
    with os.scandir(folder) as entries:
        for entry in entries:
            suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122
            is_meant = suffix in _PICTURES or suffix == _RECORDINGS
            if not entry.name.startswith(".") and (
                entry.is_dir(follow_symlinks=False) or (is_meant and entry.is_file())
            ):
                yield entry.path


def _is_recordings(file: str) -> bool:
    return file.lower().endswith(_RECORDINGS)


def _holds_recordings(stream: BinaryIO) -> bool:
    """Say whether a buffered stream begins as a line of JSON does, and no picture."""
    start: bytes = stream.peek(1) if isinstance(stream, io.BufferedReader) else b""
    return bool(start) and start.lstrip()[:1] in (b"{", b"")


def _drawings(source: str | IO[bytes], name: str) -> Iterator[Input]:
    for drawing in read_drawings(source):
        yield Input(_name(drawing, name), drawing)


def _name(drawing: Drawing, file: str) -> str:
    return drawing.key_id or (f"{file}:{drawing.place.line}" if drawing.place else file)
