"""Images as they come: their names in errors, data: URIs, and formats that cannot be decoded."""

from __future__ import annotations

import base64
import contextlib
import os
from typing import Any
from urllib.parse import unquote_to_bytes

from PIL import features

from digitnet.errors import PictureError

# Only formats that Pillow decodes itself, as others start programs or read further files, and
# whose size is known before decoding, as that of an icon's images is not.
FORMATS = ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM", "TGA"]

# Pillow can decode it from 11.3 on, but not in every build.
if "avif" in features.modules and features.check_module("avif"):
    FORMATS.append("AVIF")

# What the bytes from the fifth on say about images of cameras and browsers.
_SIGNATURES = {
    b"ftypavif": "AVIF", b"ftypavis": "AVIF", b"ftypheic": "HEIC", b"ftypheix": "HEIC",
    b"ftyphevc": "HEIC", b"ftypmif1": "HEIC",
}  # fmt: skip

_DATA = "data:"

# Characters of a path's ends that an error shows.
_SHOWN = 120


def name_of(source: Any) -> str:
    """Return what to call a source in an error: its path, shortened if it is long, or "image"."""
    if is_data_uri(source):
        return "data: URI"
    if isinstance(source, (str, os.PathLike)):
        name = os.fsdecode(source)
        # A path that long is often an image's content; the file's name is at the end.
        return name if len(name) <= 4 * _SHOWN else f"{name[:_SHOWN]}…{name[-_SHOWN:]}"
    given = getattr(source, "name", None)  # an int for pipes, None for others
    return given if isinstance(given, str) else "image"


def is_data_uri(source: Any) -> bool:
    """Whether a source is a data: URI."""
    return isinstance(source, str) and source[: len(_DATA)].lower() == _DATA


def read_data_uri(source: str, limit: int) -> bytes | None:
    """Return the bytes of a data: URI such as "data:image/png;base64,iVBORw0…".

    Args:
        source: the URI.
        limit: maximum number of bytes.

    Returns:
        the bytes, or None if there are more.

    Raises:
        PictureError: it is not in base64.
    """
    head, _, content = source.partition(",")
    # Before it is decoded; each byte is at most four characters of base64, escaped.
    if len(content) > 4 * limit + 1000:
        return None
    data: bytes | None = None
    if head.lower().endswith(";base64"):
        with contextlib.suppress(ValueError):  # other characters, or not a multiple of four
            plain = unquote_to_bytes(content) if "%" in content else content.encode("ascii")
            data = base64.b64decode(b"".join(plain.split()), validate=True)
    if data is None:
        raise PictureError(
            'data: URI: is not in base64; pass one like "data:image/png;base64,…", complete'
        )
    return data if len(data) <= limit else None


def check_format(data: bytes, name: str) -> None:
    """Refuse an image in a known format that is not decoded, with what to do.

    Raises:
        PictureError: it is such an image.
    """
    format_ = _SIGNATURES.get(data[4:12])
    if format_ and format_ not in FORMATS:
        raise PictureError(f"{name}: {format_} is not supported; convert it to PNG or JPEG")
