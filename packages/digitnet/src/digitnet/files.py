"""Writes files atomically."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes, *, overwrite: bool = True) -> None:
    """Write a file so that neither a reader nor a crash can leave or see part of it.

    Args:
        path: the file; its folder must exist.
        content: its whole content.
        overwrite: replace an existing file; otherwise raise.

    Raises:
        FileExistsError: the file exists and `overwrite` is False.
        OSError: the folder is missing, not writable or full; the file is unchanged.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp creates files that only their owner can read.
        part.chmod(0o644)
        if overwrite:
            part.replace(path)
        else:
            _move_to_new(part, path)
    finally:
        part.unlink(missing_ok=True)


def _move_to_new(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)  # fails atomically if the file exists
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        part.replace(path)
