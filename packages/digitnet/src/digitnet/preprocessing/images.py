"""Any picture to an ink mask: how much ink there is at each pixel, 0 to 1.

Light on dark or dark on light is found out, not asked: the paper is what the picture's border
mostly shows, and the ink is what differs from it. Photos, whose paper has no single grey, are told
from other pictures and left to `paper`.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np
from PIL import Image, ImageOps

from digitnet.errors import PictureError
from digitnet.ink import Box
from digitnet.preprocessing.paper import ink_on_paper, is_photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

PictureSource: TypeAlias = "str | Path | bytes | IO[bytes] | Image.Image | NDArray[Any]"

MAX_PIXELS = 64_000_000
"""Larger pictures are refused before they are decoded; a phone's photo has 12 to 50 million."""

MAX_BYTES = 256 * 2**20
"""Larger files are refused before they are read."""

# Differences from the paper below this, of the full range of greys, are noise: a blank picture.
_FAINTEST_INK = 0.08

# Larger pictures are read at a smaller scale, about this large: digits need no more.
_READ_PIXELS = 1_500_000

# Only formats that are decoded by Pillow itself; others start programs or read further files.
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM", "TGA", "ICO")


def ink_mask(source: PictureSource) -> NDArray[np.float32]:
    """Read a picture's ink.

    Args:
        source: a path, a file's bytes, a binary file object, a PIL image, or an array (height,
            width), (height, width, 3) or (height, width, 4): uint16 goes from 0 to 65535, other
            integers to 255, floats and bools to 1.

    Returns:
        float32 (height, width), 0 for paper to 1 for ink; all 0 for a picture without ink.

    Raises:
        PictureError: it is no picture, damaged, too large, or the array is of another kind.
    """
    return _separate(_floats(_grey_of(source)))


@dataclass(frozen=True)
class Ink:
    """A picture's ink.

    Attributes:
        mask: float32 (height, width), 0 for paper to 1 for ink.
        size: of the source, (width, height) in pixels.
        scale: how many of the source's pixels one of the mask's has on a side.
        is_photo: whether the paper has light, noise or lines, which were taken away.
    """

    mask: NDArray[np.float32]
    size: tuple[int, int]
    scale: int
    is_photo: bool

    def in_source(self, box: Box) -> Box:
        """Give the source's pixels for a box in the mask's."""
        left, top, width, height = (side * self.scale for side in box)
        # The last pixels of the mask may stand for less than a whole one of the source.
        return left, top, min(width, self.size[0] - left), min(height, self.size[1] - top)


def read_ink(source: PictureSource) -> Ink:
    """Read the ink of any picture, photos of paper included; large ones at a smaller scale.

    Args:
        source: as `ink_mask` takes it.

    Raises:
        PictureError: as `ink_mask`.
    """
    image = _grey_of(source)
    scale = max(1, round((image.width * image.height / _READ_PIXELS) ** 0.5))
    grey = _floats(image.reduce(scale) if scale > 1 else image)
    is_on_paper = is_photo(grey)
    mask = ink_on_paper(grey) if is_on_paper else _separate(grey)
    return Ink(mask, image.size, scale, is_photo=is_on_paper)


def _grey_of(source: PictureSource) -> Image.Image:
    """Decode a picture; gives an image of mode L, or of mode F from 0 to 1."""
    return _grey_of_array(source) if isinstance(source, np.ndarray) else _grey_of_file(source)


def _floats(grey: Image.Image) -> NDArray[np.float32]:
    values = np.asarray(grey).astype(np.float32)
    if grey.mode == "L":
        values /= np.float32(255)
    return values


def _separate(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    difference = grey - np.median(border)
    lighter, darker = np.maximum(difference, 0), np.maximum(-difference, 0)
    ink = lighter if lighter.sum() > darker.sum() else darker
    strongest = float(ink.max())
    if strongest < _FAINTEST_INK:
        return np.zeros_like(grey)
    mask: NDArray[np.float32] = ink / np.float32(strongest)
    return mask


def _grey_of_array(array: NDArray[Any]) -> Image.Image:
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))) or not array.size:
        raise PictureError(
            f"an array of shape {array.shape} is no picture; "
            "give (height, width), or (height, width, 3 or 4)"
        )
    height, width = array.shape[:2]
    _check_size(width, height, "array")
    if array.dtype.kind not in "buif":
        raise PictureError(f"an array of {array.dtype} is no picture; give bools, ints or floats")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise PictureError("the array holds NaN or infinity; give finite greys from 0 to 1")
    if array.dtype == np.uint8:
        return _grey_of_image(Image.fromarray(array))
    scale = 255.0 if array.dtype.kind in "iu" else 1.0
    if array.dtype == np.uint16:
        scale = 65535.0
    values = (np.clip(array.astype(np.float64), 0, scale) / scale).astype(np.float32)
    if values.ndim == 2:
        return Image.fromarray(values)
    return _grey_of_image(Image.fromarray(np.rint(values * 255).astype(np.uint8)))


def _grey_of_file(source: Any) -> Image.Image:
    if isinstance(source, Image.Image):
        _check_size(*source.size, "picture")
        return _decode(source, "picture")
    name = str(source) if isinstance(source, (str, Path)) else getattr(source, "name", "picture")
    data = _read(source, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes, which are checked here, and of odd headers
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise PictureError(f"{name}: too many pixels; the limit is {MAX_PIXELS:,}") from None
    except Exception as error:  # decoders raise nearly anything for damaged bytes
        raise PictureError(f"{name}: is no picture that can be read ({_reason(error)})") from None
    _check_size(*image.size, name)
    return _decode(image, name)


def _read(source: Any, name: str) -> bytes:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    try:
        if not isinstance(source, (str, Path)):
            data = source.read(MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except AttributeError:
        kind = type(source).__name__
        raise PictureError(
            f"a {kind} is no source; give a Drawing, picture, path, bytes or file object"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PictureError(f"{name}: cannot be read: {reason}; check the path") from None
    if not isinstance(data, bytes):
        raise PictureError(f"{name}: gives text, not bytes; open it in binary mode")
    if len(data) > MAX_BYTES:
        raise PictureError(f"{name}: is larger than {MAX_BYTES // 2**20} MB; make it smaller")
    return data


def _decode(image: Image.Image, name: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _grey_of_image(ImageOps.exif_transpose(image))
    except Exception as error:  # as above
        raise PictureError(
            f"{name}: is damaged and cannot be decoded ({_reason(error)}); get the file anew"
        ) from None


def _grey_of_image(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        return Image.fromarray(np.asarray(image).astype(np.float32) / np.float32(65535))
    if image.mode in ("I", "F"):
        # Pillow does not say what such pictures' white is; their own range has to do.
        # In float64, since the range of the widest floats is no float32.
        values = np.nan_to_num(np.asarray(image, dtype=np.float32)).astype(np.float64)
        low, high = float(values.min()), float(values.max())
        return Image.fromarray(((values - low) / ((high - low) or 1.0)).astype(np.float32))
    if image.has_transparency_data:
        image = _on_paper(image.convert("RGBA"))
    return image.convert("L")


def _on_paper(image: Image.Image) -> Image.Image:
    """Lay a transparent picture on white paper if its ink is dark, on black if it is light."""
    grey = np.asarray(image.convert("L"), dtype=np.float64)
    opacity = np.asarray(image.getchannel("A"), dtype=np.float64)
    ink_is_dark = float((grey * opacity).sum()) <= 127.5 * float(opacity.sum())
    paper = Image.new("RGBA", image.size, "white" if ink_is_dark else "black")
    return Image.alpha_composite(paper, image)


def _check_size(width: int, height: int, name: str) -> None:
    if width < 1 or height < 1:
        raise PictureError(f"{name}: has no pixels ({width}x{height}); give at least 1x1")
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{name}: {width}x{height} pixels are over the limit of {MAX_PIXELS:,}; scale it down"
        )


def _reason(error: Exception) -> str:
    text = (str(error) or type(error).__name__).splitlines()[0]
    # Pillow names the BytesIO it was given, which tells nobody anything.
    return "unknown format" if text.startswith("cannot identify image file") else text
