"""Any image to grey levels: checks and decodes files, bytes, PIL images and arrays.

Images that are too large are refused before they are read or decoded, and anything wrong with an
image raises a `PictureError`.
"""

from __future__ import annotations

import io
import threading
import warnings
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeAlias

import numpy as np
from PIL import ExifTags, Image, ImageOps

from digitnet.arrays import as_array, as_image_shape, is_array_like
from digitnet.errors import PictureError, reason_of
from digitnet.preprocessing.encoded import (
    FORMATS,
    check_format,
    is_data_uri,
    name_of,
    read_data_uri,
)
from digitnet.preprocessing.framing import box_of
from digitnet.preprocessing.value_range import value_range

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

ImageSource: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes]"
    " | Image.Image | NDArray[Any]"
)

MAX_PIXELS = 64_000_000
"""Larger images are refused before they are decoded; a phone's photo has 12 to 50 million."""

MAX_BYTES = 256 * 2**20
"""Larger files are refused before they are read."""

# Number of values scaled at a time.
_CHUNK = 2**20

# Pixels of at least this opacity, of 255, are opaque; the shadow of a window is not.
_OPAQUE = 240

# A card has sides of at least so many pixels, its box covers the first share of the image, and it
# fills the second share of that.
_CARD_SIDE, _CARD, _FILLED = 16, 0.3, 0.8

# Grey levels of the ink on it differ by more than this from its paper's.
_OTHER_GREY = 50

_KINDS = "pass a Drawing, strokes, a PIL image, an array, a path, bytes or a file object"


def read_grey(source: ImageSource) -> Image.Image:
    """Decode an image.

    Args:
        source: as for `digitnet.preprocessing.images.ink_mask`.

    Returns:
        the image in grey, upright: of mode L, or of mode F from 0 for black to 1 for white.

    Raises:
        PictureError: it is not an image, is damaged or too large, or the array has an unsupported
            shape or dtype.
    """
    if isinstance(source, Image.Image):
        _check_size(*source.size, "image")
        return _decode(source, "image")
    if is_array_like(source):
        return _grey_of_array(as_image_shape(as_array(source)))
    name = name_of(source)
    data = _read(source, name)
    if not data:
        raise PictureError(f"{name}: is empty; pass an image's bytes, starting with the first")
    try:
        with _SILENCE:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise PictureError(f"{name}: too many pixels; the limit is {MAX_PIXELS:,}") from None
    except Exception as error:  # decoders raise almost anything for damaged bytes
        check_format(data, name)
        raise PictureError(f"{name}: is not a readable image ({_reason(error)})") from None
    with image:
        _check_size(*image.size, name)
        return _decode(image, name)


def _grey_of_array(array: NDArray[Any]) -> Image.Image:
    height, width = array.shape[:2]
    _check_size(width, height, "array")
    if array.dtype.kind not in "buif":
        raise PictureError(f"an array of {array.dtype} is not an image; pass bools, ints or floats")
    if np.ma.is_masked(array):
        raise PictureError("the array has masked pixels; fill them with its method filled")
    array = np.asarray(array)
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        with np.errstate(all="ignore"):  # what overflows float64 becomes infinite, and is refused
            array = array.astype(np.float64)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise PictureError("the array holds NaN or infinity; pass finite values from 0 to 1")
    values = value_range(array)
    if array.dtype == np.uint8 and values == (0.0, 255.0):
        return _grey_of_image(Image.fromarray(array))
    if array.ndim == 2:
        return Image.fromarray(_from_zero_to_one(array, values))
    colours = np.empty(array.shape, np.uint8)
    # One channel at a time: floats for all of them would take a gigabyte for a large image.
    for channel in range(array.shape[2]):
        greys = _from_zero_to_one(array[..., channel], values)
        colours[..., channel] = np.rint(greys * 255)
    return _grey_of_image(Image.fromarray(colours))


def _from_zero_to_one(array: NDArray[Any], values: tuple[float, float]) -> NDArray[np.float32]:
    low, high = values
    greys = array.astype(np.float32)
    np.clip(greys, low, high, out=greys)
    greys -= np.float32(low)
    greys /= np.float32(high - low)
    return greys


def _read(source: Any, name: str) -> bytes:
    is_path = isinstance(source, str) or hasattr(source, "__fspath__")
    is_bytes = isinstance(source, (bytes, bytearray, memoryview))
    if not (is_path or is_bytes or callable(getattr(source, "read", None))):
        raise PictureError(f"cannot read an object of type {type(source).__name__}; {_KINDS}")
    try:
        if is_bytes:
            if memoryview(source).nbytes > MAX_BYTES:
                _refuse_bytes(name)
            return bytes(source)
        if is_data_uri(source):
            data = read_data_uri(source, MAX_BYTES)
            return _refuse_bytes(name) if data is None else data
        if not is_path:
            return _read_all(source, name)
        with open(source, "rb") as file:  # noqa: PTH123 - a path may be any os.PathLike
            return _read_all(file, name)
    except PictureError:
        raise
    except Exception as error:  # file objects, such as those of archives, raise anything
        raise PictureError(
            f"{name}: cannot be read: {_reason(error)}; check that it exists and is open"
        ) from None


def _read_all(file: Any, name: str) -> bytes:
    """Read a file to its end, although pipes and sockets return less than asked for at a time."""
    parts: list[bytes] = []
    size = 0
    while part := file.read(MAX_BYTES + 1 - size):
        if not isinstance(part, (bytes, bytearray, memoryview)):
            raise PictureError(f"{name}: returns text, not bytes; open it in binary mode")
        parts.append(bytes(part))
        size += len(parts[-1])
        if size > MAX_BYTES:
            _refuse_bytes(name)
    return b"".join(parts)


def _refuse_bytes(name: str) -> NoReturn:
    raise PictureError(f"{name}: is larger than {MAX_BYTES // 2**20} MB; make it smaller")


def _check_size(width: int, height: int, name: str) -> None:
    if width < 1 or height < 1:
        raise PictureError(f"{name}: has no pixels ({width}x{height}); pass at least 1x1")
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{name}: {width}x{height} pixels exceed the limit of {MAX_PIXELS:,}; scale it down"
        )


def _decode(image: Image.Image, name: str) -> Image.Image:
    try:
        with _SILENCE:
            # Checked here, as Pillow would copy an image that is already upright.
            if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
                image = ImageOps.exif_transpose(image)
            return _grey_of_image(image)
    except Exception as error:  # as above
        raise PictureError(
            f"{name}: is damaged and cannot be decoded ({_reason(error)}); get the file again"
        ) from None


def _grey_of_image(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        greys = np.asarray(image)
        return Image.fromarray(_from_zero_to_one(greys, value_range(greys)))
    if image.mode in ("I", "F"):
        return Image.fromarray(_rescale(np.asarray(image)))
    if image.mode == "LAB":  # its lightness is the grey level; Pillow cannot convert it
        image = image.getchannel("L")
    if image.mode == "La":  # like RGBa, but Pillow can only convert it to LA
        image = image.convert("LA")
    if image.has_transparency_data:
        return _on_paper(image if image.mode == "RGBA" else image.convert("RGBA"))
    if image.mode == "L":  # converting it would copy it
        image.load()
        return image
    return image.convert("L")


def _rescale(values: NDArray[Any]) -> NDArray[np.float32]:
    """Scale a mode without a known white level from its darkest to its brightest value."""
    if values.dtype.kind == "f":
        values = np.nan_to_num(values)
    low, high = float(values.min()), float(values.max())
    greys = np.empty(values.size, np.float32)
    flat = values.reshape(-1)
    # In float64, as the range of the values may overflow float32; in chunks, to save memory.
    for start in range(0, values.size, _CHUNK):
        chunk = flat[start : start + _CHUNK].astype(np.float64)
        greys[start : start + _CHUNK] = (chunk - low) / ((high - low) or 1.0)
    return greys.reshape(values.shape)


def _on_paper(image: Image.Image) -> Image.Image:
    """Put transparent ink on white paper if it is dark, or on black if it is light.

    A window or card with ink on it has paper of its own, which continues around it.
    """
    grey, opacity = np.asarray(image.convert("L")), np.asarray(image.getchannel("A"))
    is_opaque = opacity >= _OPAQUE
    paper = _paper_of_card(grey, is_opaque)
    if paper is not None:
        return Image.fromarray(np.where(is_opaque, grey, paper))
    dark = np.multiply(255 - grey, opacity, dtype=np.uint16)
    if 2 * dark.sum(dtype=np.int64) >= 255 * opacity.sum(dtype=np.int64):
        return Image.fromarray((255 - (dark + 127) // 255).astype(np.uint8))
    light = np.multiply(grey, opacity, dtype=np.uint16)
    return Image.fromarray(((light + 127) // 255).astype(np.uint8))


def _paper_of_card(grey: NDArray[np.uint8], is_opaque: NDArray[np.bool_]) -> np.uint8 | None:
    """Return the paper's grey level if what is opaque is a large rectangle with ink on it."""
    _, _, width, height = box_of(is_opaque) or (0, 0, 0, 0)
    if min(width, height) < _CARD_SIDE or width * height < _CARD * grey.size:
        return None
    levels = grey[is_opaque]
    if len(levels) < _FILLED * width * height:
        return None
    paper = np.uint8(np.median(levels))
    ink = np.maximum(levels, paper) - np.minimum(levels, paper) > _OTHER_GREY
    return paper if ink.any() and 2 * np.count_nonzero(ink) < len(ink) else None


def _reason(error: Exception) -> str:
    text = reason_of(error)
    # Pillow names the BytesIO it was given, which is of no use to anybody.
    return "unknown format" if text.startswith("cannot identify image file") else text


class _Silence:
    """Silences Pillow's warnings about sizes and odd headers while images are decoded.

    Filters belong to the whole process, so threads that each restored what they found could leave
    another thread's filter in place: the first thread sets the filter, the last one removes it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads = 0
        self._filters = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            self._threads += 1
            if self._threads == 1:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL\.")

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._threads -= 1
            if self._threads == 0:
                self._filters.__exit__(None, None, None)


_SILENCE = _Silence()
