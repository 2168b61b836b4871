"""Writes files atomically, and devices and pipes directly."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

_STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_OPEN_FILE = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,9})")
_LONGEST_NAME = 40  # characters, each of which takes up to four of the usual 255 bytes


def write_atomically(path: Path, content: bytes, *, overwrite: bool = True) -> None:
    """Write a file so that neither a reader nor a crash can leave or see part of it.

    A link stays, and the file that it leads to is written. A new file has the permissions that the
    umask leaves, and an existing one keeps its own. Streams (see `is_stream`) cannot be replaced,
    and are written directly.

    Args:
        path: the file; its folder must exist.
        content: its whole content.
        overwrite: replace an existing file; otherwise raise.

    Raises:
        FileExistsError: the file exists and `overwrite` is False.
        OSError: the folder is missing, not writable or full; the file is unchanged.
    """
    if not overwrite:
        _write_new(path, content)
    elif is_stream(path):
        _write_directly(path, content)
    else:
        _replace(Path(os.path.realpath(path)), content)


def is_stream(path: Path) -> bool:
    """Whether a path names no regular file or folder, but a device, a pipe or an open file.

    Examples are /dev/null, /dev/stdout, a named pipe, and what a shell passes for ``>(command)``.
    """
    if _descriptor(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _descriptor(path: Path) -> int | None:
    """Return which open file of this process a path stands for."""
    name = os.fspath(path)
    match = _OPEN_FILE.fullmatch(name)
    return int(match[1]) if match else _STANDARD.get(name)


def _write_directly(path: Path, content: bytes) -> None:
    descriptor = _descriptor(path)
    # Opening /dev/stdout again would start at the beginning of the file that it was redirected to.
    with path.open("wb") if descriptor is None else os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(content)


def _replace(path: Path, content: bytes) -> None:
    with _part_of(path, content) as part:
        with contextlib.suppress(FileNotFoundError):
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        part.replace(path)


def _write_new(path: Path, content: bytes) -> None:
    exists = FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    if os.path.lexists(path):
        raise exists
    with _part_of(path, content) as part:
        try:
            path.hardlink_to(part)  # fails atomically if the file exists
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if os.path.lexists(path):
                raise exists from None
            part.replace(path)


@contextlib.contextmanager
def _part_of(path: Path, content: bytes) -> Iterator[Path]:
    """Write a hidden file next to another; it is removed afterwards unless it was moved."""
    # The name of the other may be as long as the file system allows.
    part = path.with_name(f".{path.name[:_LONGEST_NAME]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield part
    finally:
        part.unlink(missing_ok=True)
