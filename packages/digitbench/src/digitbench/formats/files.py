"""The files that an import reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from digitnet.errors import RecordingError, reason_of
from digitnet.recordings import finder
from digitnet.recordings.finder import FileType


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        RecordingError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise RecordingError(
            f"{path}: cannot be read: {reason_of(error)}; check the path"
        ) from None
    except ValueError as error:  # a path with a null byte
        raise RecordingError(f"{str(path)!r}: is no path: {error}; check the name") from None


def find_files(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """List the files with one of these suffixes in a folder and in those within.

    Raises:
        RecordingError: there is none.
    """
    return finder.list_files([folder], FileType(f"{' or '.join(suffixes)} files", suffixes))
