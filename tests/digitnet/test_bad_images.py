"""Anything that is not an image, or is damaged, raises a one-line error and nothing else."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from PIL import Image, features

from digitnet import PictureError
from digitnet.preprocessing.images import ink_mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMATS = ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM", "TGA"]
FORMATS += ["AVIF"] if "avif" in features.modules and features.check_module("avif") else []
LONG_TEXT = b"name\0\0" + zlib.compress(bytes(50_000_000))
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"BM", b"GIF89a", b"II*\0", b"P5\n")


def encode(format_: str) -> bytes:
    """Return the bytes of a small image with some ink."""
    file = io.BytesIO()
    Image.radial_gradient("L").resize((16, 16)).save(file, format_)
    return file.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def png_that_claims(width: int, height: int, *chunks: bytes) -> bytes:
    """Return a PNG file of a few bytes whose header claims that many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"0" * 1000))
    return SIGNATURES[0] + chunk(b"IHDR", header) + b"".join(chunks) + data


def gif_that_claims(screen: tuple[int, int], frame: tuple[int, int]) -> bytes:
    """Return a GIF file of a few bytes with a screen and one frame of those sizes."""
    header = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    return header + b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02\x44\x01\x00;"


def tiff_that_claims(width: int, height: int) -> bytes:
    """Return a TIFF file of a few bytes whose header claims that many 1-bit pixels."""
    tags = [(256, width), (257, height), (258, 1), (259, 1), (262, 1), (273, 8), (278, height)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in (*tags, (279, 1)))
    return b"II*\0" + struct.pack("<IH", 8, len(tags) + 1) + entries + bytes(4)


def assert_refused(source: Any, named: str) -> None:
    with pytest.raises(PictureError, match=rf"\A.*{re.escape(named)}.*\Z"):
        ink_mask(source)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"7", id="one byte"),
        pytest.param(b"the digit seven" * 100, id="text"),
        pytest.param(b"%PDF-1.4\n", id="PDF"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="EPS"),
        pytest.param(SIGNATURES[0], id="a signature alone"),
        pytest.param(encode("PNG")[:-40], id="half a PNG"),
        pytest.param(encode("JPEG")[:-40], id="half a JPEG"),
        pytest.param(encode("BMP")[:-40], id="half a BMP"),
        pytest.param(png_that_claims(60_000, 60_000), id="a bomb"),
        pytest.param(png_that_claims(8_001, 8_000), id="just too large"),
        pytest.param(png_that_claims(0, 5), id="no pixels"),
        pytest.param(gif_that_claims((65_000, 65_000), (1, 1)), id="a GIF's bomb"),
        pytest.param(gif_that_claims((1, 1), (65_000, 65_000)), id="a bomb in a GIF's frame"),
        pytest.param(tiff_that_claims(100_000, 100_000), id="a TIFF's bomb"),
        pytest.param(png_that_claims(9, 9, chunk(b"zTXt", LONG_TEXT)), id="a bomb of text"),
        pytest.param(png_that_claims(9, 9, chunk(b"iCCP", LONG_TEXT)), id="a bomb of colours"),
        pytest.param(b"P5 8001 8000 255\n" + bytes(99), id="a PGM's bomb"),
    ],
)
def test_unreadable_images_are_refused(tmp_path: Path, content: bytes) -> None:
    """The error is one line with the file's path, or "image" for bytes."""
    path = tmp_path / "digit.png"
    path.write_bytes(content)
    assert_refused(path, named=str(path))
    assert_refused(str(path), named=str(path))
    with path.open("rb") as file:
        assert_refused(file, named=str(path))
    assert_refused(content, named="image")


@pytest.mark.parametrize("name", ["missing.png", ".", "null\0byte.png"])
def test_paths_that_cannot_be_opened_are_refused(tmp_path: Path, name: str) -> None:
    """For a missing file, a folder and an invalid name, the error is one line with the path."""
    assert_refused(tmp_path / name, named=str(tmp_path / name))


def test_files_in_text_mode_are_refused(tmp_path: Path) -> None:
    """The error is one line, whether the bytes are text or not."""
    for content in (b"the digit seven", encode("PNG")):
        path = tmp_path / "digit.png"
        path.write_bytes(content)
        with path.open(encoding="utf-8") as file:
            assert_refused(file, named=str(path))


def test_closed_files_are_refused() -> None:
    """The error is one line."""
    file = io.BytesIO(encode("PNG"))
    file.close()
    assert_refused(file, named="image")


def test_files_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are too large are refused before decoding."""
    monkeypatch.setattr("digitnet.preprocessing.decode.MAX_BYTES", 50)
    assert_refused(io.BytesIO(encode("PNG")), named="image")


@pytest.mark.parametrize("source", [None, 7, 3.5, [[0, 1], [1, 0]], object()])
def test_other_types_are_refused(source: object) -> None:
    """The error is one line that names the type."""
    assert_refused(source, named=type(source).__name__)


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(np.array(5), id="no dimension"),
        pytest.param(np.zeros(28), id="one dimension"),
        pytest.param(np.zeros((28, 28, 2)), id="two channels"),
        pytest.param(np.zeros((2, 28, 28)), id="a batch"),
        pytest.param(np.zeros((2, 28, 28, 3)), id="a batch in colour"),
        pytest.param(np.zeros((0, 28)), id="no rows"),
        pytest.param(np.zeros((28, 0, 3)), id="no columns"),
        pytest.param(np.zeros((28, 28), complex), id="complex numbers"),
        pytest.param(np.zeros((28, 28), object), id="objects"),
        pytest.param(np.full((28, 28), "7"), id="texts"),
        pytest.param(np.zeros((28, 28), "datetime64[s]"), id="times"),
        pytest.param(np.full((28, 28), np.nan), id="NaN"),
        pytest.param(np.pad(np.ones((8, 8)), 1, constant_values=np.inf), id="infinity"),
        pytest.param(np.broadcast_to(np.uint8(0), (60_000, 60_000)), id="too many pixels"),
    ],
)
def test_unsupported_arrays_are_refused(array: Any) -> None:
    """Other shapes or dtypes, no pixels or NaN: the error is one line."""
    assert_refused(array, named="array")


def test_images_without_pixels_are_refused() -> None:
    """Pillow can create images of size 0."""
    assert_refused(Image.new("L", (0, 0)), named="image")


def test_damaged_images_opened_by_pillow_are_refused() -> None:
    """Damage that shows only on decoding is a one-line error, too."""
    assert_refused(Image.open(io.BytesIO(encode("PNG")[:-40])), named="image")


def assert_ink_or_error(content: bytes) -> None:
    answer = mask_or_error(content)
    if isinstance(answer, PictureError):
        assert re.fullmatch(r"image: .+", str(answer))
    else:
        assert answer.ndim == 2
        assert answer.dtype == np.float32
        assert 0 <= answer.min() <= answer.max() <= 1


def mask_or_error(content: bytes) -> NDArray[np.float32] | PictureError:
    try:
        return ink_mask(content)
    except PictureError as error:
        return error


@given(content=st.builds(bytes.__add__, st.sampled_from([b"", *SIGNATURES]), st.binary()))
def test_any_bytes_give_ink_or_an_error(content: bytes) -> None:
    """Any bytes, even those that start like an image, give a mask or a PictureError."""
    assert_ink_or_error(content)


@pytest.mark.parametrize("format_", FORMATS)
@given(draw=st.data())
def test_a_damaged_image_gives_ink_or_an_error(
    damaged: Callable[[bytes], SearchStrategy[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    format_: str,
    draw: st.DataObject,
) -> None:
    """Whatever the damage, the result is a mask or a PictureError."""
    # Damaged sizes may claim a hundred megabytes of pixels, which tests need not decode.
    monkeypatch.setattr("digitnet.preprocessing.decode.MAX_PIXELS", 50_000)
    assert_ink_or_error(draw.draw(damaged(encode(format_))))


def test_decoding_in_threads_restores_the_warning_filters() -> None:
    """Warnings are silenced until the last thread has decoded its image, and not after."""
    odd = encode("TIFF") + b"odd"
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        masks = list(pool.map(ink_mask, [odd] * 200))
    assert len(masks) == 200
    assert warnings.filters == before
