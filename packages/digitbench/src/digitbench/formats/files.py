"""Reading the files of an import, packed by gzip or not."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path

from digitnet.errors import RecordingError, reason_of

PACKED = ".gz"
"""The suffix of a file packed by gzip; what is read as packed is decided by its first bytes."""

MAX_UNPACKED = 64 * 2**20
"""Packed files with more bytes are refused: a small one could fill all memory."""

_HEAD = 2**16
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib's code for a gzip header and its largest window


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, unpacked.

    Raises:
        RecordingError: it cannot be read, is damaged, or is too large when unpacked.
    """
    content = _read(path)
    return _unpack(content, path, MAX_UNPACKED) if content.startswith(_GZIP) else content


def read_head(path: Path) -> bytes:
    """Return the first 64 KiB of a file, unpacked; raises as `read_bytes` does."""
    content = _read(path, _HEAD)
    return _unpack_start(content, path, _HEAD) if content.startswith(_GZIP) else content


def open_lines(path: Path) -> Path | BytesIO:
    """Return what `digitnet.recordings.read_lines` reads line by line; raises as `read_bytes`."""
    is_packed = _read(path, len(_GZIP)) == _GZIP
    return BytesIO(read_bytes(path)) if is_packed else path


def stem_of(path: Path) -> str:
    """Return the name of a file without its suffix, and without that of gzip."""
    return Path(path.stem).stem if path.suffix.lower() == PACKED else path.stem


def suffix_of(path: Path) -> str:
    """Return the suffix of a file, in lower case, and of a packed one the suffix before .gz."""
    return Path(path.stem if path.suffix.lower() == PACKED else path).suffix.lower()


def _read(path: Path, size: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        reason = reason_of(error)
        raise RecordingError(f"{path}: cannot be read: {reason}; check the path") from None
    except ValueError as error:  # a path with a null byte
        raise RecordingError(f"{str(path)!r}: is not a path: {error}; check the name") from None


def _unpack(packed: bytes, path: Path, most: int) -> bytes:
    """Unpack all members of a gzip file."""
    parts, size = [], 0
    while packed:
        member = zlib.decompressobj(wbits=_GZIP_WINDOW)
        part = _next(member, packed, path, most + 1 - size)
        size += len(part)
        if size > most:
            raise RecordingError(
                f"{path}: unpacks to more than {most // 2**20} MB; unpack it, and import the file"
            )
        if not member.eof:
            raise RecordingError(f"{path}: ends before its packed content does; copy it again")
        parts.append(part)
        packed = member.unused_data.lstrip(b"\0")  # some tools pad members
    return b"".join(parts)


def _unpack_start(packed: bytes, path: Path, most: int) -> bytes:
    return _next(zlib.decompressobj(wbits=_GZIP_WINDOW), packed, path, most)


def _next(member: zlib._Decompress, packed: bytes, path: Path, most: int) -> bytes:
    try:
        return member.decompress(packed, most)
    except zlib.error:
        raise RecordingError(f"{path}: its packed content is damaged; copy it again") from None
