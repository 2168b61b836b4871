"""The files that an import reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from digitnet.errors import RecordingError


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        RecordingError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise RecordingError(f"{path}: cannot be read: {reason}; check the path") from None
    except ValueError as error:  # a path with a null byte
        raise RecordingError(f"{str(path)!r}: is no path: {error}; check the name") from None


def find_files(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """List the files with one of these suffixes in a folder and in those within.

    Raises:
        RecordingError: there is none.
    """
    files = [path for path in folder.rglob("*") if path.suffix.lower() in suffixes]
    if not files:
        names = " or ".join(suffixes)
        raise RecordingError(f"{folder}: holds no {names} file; give another folder")
    return sorted(path for path in files if path.is_file())
