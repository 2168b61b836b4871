"""Reading the files of an import."""

from __future__ import annotations

from pathlib import Path

from digitnet.errors import RecordingError, reason_of


def read_bytes(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        RecordingError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = reason_of(error)
        raise RecordingError(f"{path}: cannot be read: {reason}; check the path") from None
    except ValueError as error:  # a path with a null byte
        raise RecordingError(f"{str(path)!r}: is not a path: {error}; check the name") from None
