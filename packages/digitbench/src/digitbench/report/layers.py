"""Pictures of one window as layers: one whole picture, and what differs from it in each other one.

What does not differ is transparent, so a picture of the app while it is drawn on takes a kilobyte
or two, and any of them can be shown without those before it.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops

WIDEST = 960
"""The maximum width of a picture in pixels."""

# Of WebP's efforts, this one takes a third of the time of the default, for files as small.
_METHOD, _QUALITY = 1, 50


@dataclass(frozen=True)
class Shot:
    """A picture as layers.

    Attributes:
        whole: the index of the file that fills the picture.
        size: its (width, height) in pixels.
        patch: the index of the file to put on it; None if nothing differs.
        box: (left, top, width, height) of the patch, in percent of the picture.
    """

    whole: int
    size: tuple[int, int]
    patch: int | None = None
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


def as_layers(pictures: Sequence[Image.Image], first: int) -> tuple[list[bytes], list[Shot]]:
    """Return pictures as WebP files without loss, each file once, and how to put them together.

    Args:
        pictures: RGB; wider ones are shrunk to `WIDEST`.
        first: the index of the picture that is whole; of those of each other size, the first is.
    """
    files: dict[bytes, int] = {}
    wholes: dict[tuple[int, int], tuple[int, Image.Image]] = {}
    shots: dict[int, Shot] = {}
    for index in sorted(range(len(pictures)), key=lambda index: index != first):
        picture = _shrink(pictures[index])
        if picture.size not in wholes:
            wholes[picture.size] = files.setdefault(_webp(picture), len(files)), picture
        number, whole = wholes[picture.size]
        shots[index] = _shot(picture, whole, number, files)
    return list(files), [shots[index] for index in range(len(pictures))]


def webp_uri(content: bytes) -> str:
    """Return a WebP file as a data URI."""
    return "data:image/webp;base64," + base64.b64encode(content).decode()


def _shot(picture: Image.Image, whole: Image.Image, number: int, files: dict[bytes, int]) -> Shot:
    """Return a picture as what differs from a whole one, which is the file of that number."""
    red, green, blue = ImageChops.difference(picture, whole).split()
    differing = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    box = differing.getbbox()
    if box is None:
        return Shot(number, picture.size)
    patch = picture.crop(box)
    patch.putalpha(differing.crop(box).point(lambda value: 255 if value else 0))
    width, height = picture.size
    left, top, right, bottom = box
    place = (left / width, top / height, (right - left) / width, (bottom - top) / height)
    return Shot(
        number,
        picture.size,
        files.setdefault(_webp(patch), len(files)),
        (
            round(100 * place[0], 3),
            round(100 * place[1], 3),
            round(100 * place[2], 3),
            round(100 * place[3], 3),
        ),
    )


def _shrink(picture: Image.Image) -> Image.Image:
    if picture.width <= WIDEST:
        return picture
    height = max(1, round(picture.height * WIDEST / picture.width))
    return picture.resize((WIDEST, height), Image.Resampling.LANCZOS)


def _webp(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", lossless=True, method=_METHOD, quality=_QUALITY)
    return file.getvalue()
