"""Which files a command line means by files, folders and patterns: the one place that decides.

Files are found as they are needed, a folder at a time. Hidden files and folders, whose names start
with a dot, are never taken from a folder; like a shell, a pattern matches them only where it spells
out the dot. A hidden file that is named is read like any other.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from digitnet.errors import DigitnetError, RecordingError, reason_of

STDIN = "-"

RECORDING_SUFFIX = ".ndjson"


@dataclass(frozen=True)
class FileType:
    """The files to take from a folder.

    Attributes:
        name: for the message about a folder that holds none, such as "images".
        suffixes: in lower case, with the dot; files match in any case. Empty for all files.
        error: the class of the errors.
    """

    name: str
    suffixes: Collection[str]
    error: type[DigitnetError] = RecordingError


RECORDINGS = FileType(f"{RECORDING_SUFFIX} files", {RECORDING_SUFFIX})


def find_recordings(paths: Iterable[Path]) -> list[Path]:
    """Return the recordings files that files, folders and patterns stand for, each once.

    Raises:
        RecordingError: a path does not exist, a pattern matches nothing, or a folder cannot be read
            or holds no recordings.
    """
    return list_files(paths, RECORDINGS)


def list_files(paths: Iterable[Path], wanted: FileType) -> list[Path]:
    """Return all files that `find_files` finds.

    Raises:
        DigitnetError: of the type `wanted.error`, at the first error and the first missing file.
    """
    files = []
    for file in find_files(map(str, paths), wanted):
        if isinstance(file, DigitnetError):
            raise file
        if not os.path.lexists(file):
            raise wanted.error(f"{file}: there is no such file or folder; check the path")
        files.append(Path(file))
    return files


def find_files(names: Iterable[str], wanted: FileType) -> Iterator[str | DigitnetError]:
    """Find files, in the order of the names; those of a folder or pattern are sorted.

    Args:
        names: files, whether they exist or not, of any type; folders, for the wanted files at any
            depth; patterns (``*``, ``?``, ``[…]``, and ``**`` for any depth), unless a file of that
            very name exists; "-" for standard input.
        wanted: the type of files to take from folders.

    Yields:
        each path and "-" once; an error for a folder or pattern that leads to nothing, and for a
        folder that cannot be read.
    """
    seen: set[str] = set()
    for name in names:
        for found in _expand(name, wanted):
            if isinstance(found, str):
                # The same name in the same folder is the same file, however it was reached.
                folder, base = os.path.split(found)
                key = os.path.join(os.path.realpath(folder), base)  # noqa: PTH118
                if key in seen:
                    continue
                seen.add(key)
            yield found


def _expand(name: str, wanted: FileType) -> Iterator[str | DigitnetError]:
    if name == STDIN:
        yield name
    elif _is_folder(name):
        found = _in_folder(name, wanted)
        yield from _or_error(
            found, wanted.error(f"{name}: holds no {wanted.name}; choose another folder")
        )
    elif glob.has_magic(name) and not os.path.lexists(name):
        missing = wanted.error(f"{name}: matches no file or folder; check the pattern")
        yield from _or_error(_matching(name, wanted), missing)
    else:
        yield name


def _or_error(
    found: Iterator[str | DigitnetError], error: DigitnetError
) -> Iterator[str | DigitnetError]:
    """Yield what was found, or the error if that is nothing."""
    yield next(found, error)
    yield from found


def _matching(pattern: str, wanted: FileType) -> Iterator[str | DigitnetError]:
    # Strings, because a Path would drop the "./" that a name may start with.
    for match in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207
        if _is_folder(match):
            yield from _in_folder(match, wanted)
        else:
            yield match


def _in_folder(folder: str, wanted: FileType) -> Iterator[str | DigitnetError]:
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path != folder and not _is_real_folder(path):
            yield path
            continue
        try:
            waiting += sorted(_entries(path, wanted), reverse=True)
        except OSError as error:
            yield wanted.error(f"{path}: cannot be read: {reason_of(error)}; check its permissions")


def _entries(folder: str, wanted: FileType) -> Iterator[str]:
    """Yield the paths of the folders and wanted files in a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122
            # Links to folders are not followed, as they may lead back; a broken link is yielded, to
            # be reported when it is read.
            if entry.is_dir(follow_symlinks=False) or (
                (suffix in wanted.suffixes or not wanted.suffixes)
                and (entry.is_file() or (entry.is_symlink() and not entry.is_dir()))
            ):
                yield entry.path


def _is_real_folder(path: str) -> bool:
    return _is_folder(path) and not os.path.islink(path)  # noqa: PTH114


def _is_folder(path: str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - unlike Path.is_dir, never raises
