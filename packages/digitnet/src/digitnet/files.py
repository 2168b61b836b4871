"""Files that are either wholly there or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes, *, overwrite: bool = True) -> None:
    """Write `content` to `path` so that no reader and no crash ever meets half of it.

    Args:
        path: the file; its folder must exist.
        content: all of it.
        overwrite: replace an older file of that name, or else leave it and raise.

    Raises:
        FileExistsError: the file is there and `overwrite` is False.
        OSError: the folder is missing, not writable or full; `path` is then as it was.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that only their owner can read; ours are as readable as any other.
        part.chmod(0o644)
        if overwrite:
            part.replace(path)
        else:
            _move_to_new(part, path)
    finally:
        part.unlink(missing_ok=True)


def _move_to_new(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)  # fails, in one step, where the file is there already
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        part.replace(path)
