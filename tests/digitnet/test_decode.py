"""Decoding: how values of each type map to grey levels, and the errors for unreadable sources."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitnet import PictureError
from digitnet.preprocessing import decode
from digitnet.preprocessing.decode import read_grey

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray


def greys_of(source: Any) -> list[list[float]]:
    """Return an image's grey levels, 0 for black to 1 for white."""
    image = read_grey(source)
    assert image.mode in ("L", "F")
    values = np.asarray(image).astype(np.float64)
    rows: list[list[float]] = (values / (255 if image.mode == "L" else 1)).tolist()
    return rows


@pytest.mark.parametrize(
    ("dtype", "values", "expected"),
    [
        (np.uint8, [0, 51, 255], [0, 0.2, 1]),
        (np.uint8, [0, 51, 128], [0, 0.2, 128 / 255]),
        (np.uint8, [0, 1, 0], [0, 1, 0]),
        (np.uint16, [0, 13107, 65535], [0, 0.2, 1]),
        (">u2", [0, 13107, 65535], [0, 0.2, 1]),
        (np.uint16, [0, 51, 255], [0, 0.2, 1]),
        (np.uint16, [0, 819, 4000], [0, 0.2, 4000 / 4095]),
        (np.int16, [-7, 51, 255], [0, 0.2, 1]),
        (np.uint32, [0, 13107, 60_000], [0, 0.2, 60_000 / 65535]),
        (np.int64, [0, 51, 255], [0, 0.2, 1]),
        (np.bool_, [0, 0, 1], [0, 0, 1]),
        (np.float16, [-0.125, 0.25, 1.125], [0, 0.25, 1]),
        (np.float32, [0, 51, 255], [0, 0.2, 1]),
        (np.float32, [-20, 51, 270], [0, 0.2, 1]),
        (np.float64, [0, 13107, 65535], [0, 0.2, 1]),
        (np.float64, [-1, -0.5, 1], [0, 0.25, 1]),
        (np.float32, [-1.5, -0.5, 2.5], [0, 0.25, 1]),
        (np.longdouble, [0, 0.25, 1], [0, 0.25, 1]),
    ],
    ids=str,
)
def test_an_array_is_scaled_by_its_type_and_values(
    dtype: DTypeLike, values: list[float], expected: list[float]
) -> None:
    """White is 1, 255 or what scanners with 10 to 16 bits have; what is centred on 0 is shifted."""
    array = np.array([values]).astype(dtype)
    assert greys_of(array) == [pytest.approx(expected, abs=1e-6)]
    colours = np.repeat(array[..., None], 3, axis=2)
    assert greys_of(colours) == [pytest.approx(expected, abs=0.5 / 255)]


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        (np.int16, [-1000, 0, 2000]),
        (np.int8, [-128, 0, 127]),
        (np.uint32, [0, 70_000]),
        (np.float32, [0, 5]),
        (np.float64, [-1e300, 1e300]),
        (np.float32, [-200, 200]),
    ],
    ids=str,
)
def test_an_array_of_no_usual_range_is_refused(dtype: DTypeLike, values: list[float]) -> None:
    """The error names the type and the range, and says what to pass."""
    with pytest.raises(
        PictureError, match=r"of \w+ from [-\d.e+]+ to [-\d.e+]+ has no usual range"
    ):
        read_grey(np.array([values]).astype(dtype))


def test_colours_are_as_light_as_they_look() -> None:
    """Green is lighter than red, and red lighter than blue (ITU-R BT.601), for any dtype."""
    primary = np.eye(3)[None]
    for array in (primary, (255 * primary).astype(np.uint8), (65535 * primary).astype(np.uint16)):
        assert greys_of(array) == [pytest.approx([0.299, 0.587, 0.114], abs=0.5 / 255)]


@pytest.mark.parametrize(
    ("grey", "opacity", "expected"),
    [
        (0, 255, 0), (0, 100, 155), (55, 100, 177), (54, 100, 176), (127, 255, 127),
        (255, 255, 255), (255, 100, 100), (200, 100, 78), (201, 100, 79), (128, 255, 128),
        (127, 10, 250), (128, 10, 5),
    ],
)  # fmt: skip
def test_transparent_ink_is_put_on_contrasting_paper(
    grey: int, opacity: int, expected: int
) -> None:
    """Dark ink on white, which shows through, and light ink on black; rounded to grey levels.

    Of 255 - 55, a share of 100 / 255 is 78.4, and of 255 - 54 it is 78.8.
    """
    image = Image.new("LA", (3, 2), (grey, opacity))
    assert np.asarray(read_grey(image)).tolist() == [[expected] * 3] * 2


def test_most_of_the_ink_decides_on_the_paper() -> None:
    """A white spot in black ink is paper showing through; a fully transparent image is white."""
    black, white, nothing = (0, 255), (255, 255), (90, 0)
    image = Image.new("LA", (4, 1))
    for pixels, expected in (
        ([black, black, white, nothing], [0, 0, 255, 255]),
        ([white, white, black, nothing], [255, 255, 0, 0]),
        ([nothing] * 4, [255] * 4),
    ):
        image.putdata(pixels)
        assert np.asarray(read_grey(image)).tolist() == [expected]


def card(paper: int, ink: int, *, hidden: int) -> Image.Image:
    """Return a card with a bar of ink, and a transparent margin around it."""
    grey, opacity = np.full((60, 80), hidden, np.uint8), np.zeros((60, 80), np.uint8)
    grey[10:50, 10:70] = paper
    grey[20:40, 38:42] = ink
    opacity[10:50, 10:70] = 255
    return Image.merge("LA", [Image.fromarray(grey), Image.fromarray(opacity)])


@pytest.mark.parametrize("hidden", [0, 255])
@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (170, 30), (20, 240)])
def test_the_paper_of_a_card_continues_around_it(paper: int, ink: int, hidden: int) -> None:
    """Whatever is hidden under what is transparent."""
    greys = np.asarray(read_grey(card(paper, ink, hidden=hidden)))
    expected = np.full((60, 80), paper)
    expected[20:40, 38:42] = ink
    assert greys.tolist() == expected.tolist()


@pytest.mark.parametrize("mode", ["I", "F"])
@pytest.mark.parametrize("part", [1, 4, 6, 2**20])
def test_modes_without_a_white_level_are_rescaled(
    monkeypatch: pytest.MonkeyPatch, mode: str, part: int
) -> None:
    """In Pillow's modes I and F, whatever the size of the chunks."""
    monkeypatch.setattr(decode, "_CHUNK", part)
    values = np.array([[-100, 0, 100], [300, 50, 200]], np.int32 if mode == "I" else np.float32)
    expected = [[0, 0.25, 0.5], [1, 0.375, 0.75]]
    assert greys_of(Image.fromarray(values)) == expected
    assert greys_of(Image.fromarray(np.full_like(values, 7))) == [[0, 0, 0], [0, 0, 0]]


def test_sixteen_bits_are_scaled_by_what_is_used_of_them() -> None:
    """In images as in arrays."""
    image = Image.fromarray(np.array([[0, 13107, 40_000]], np.uint16))
    assert greys_of(image) == [pytest.approx([0, 0.2, 40_000 / 65535])]
    image = Image.fromarray(np.array([[0, 1023, 4095]], np.uint16))
    assert greys_of(image) == [pytest.approx([0, 1023 / 4095, 1])]


def encode(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


CONTENT = encode(Image.new("L", (5, 4), 51))


class Trickle(io.BytesIO):
    """Returns one byte at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 1))


@pytest.mark.parametrize("limit", [len(CONTENT), len(CONTENT) - 1])
def test_the_limit_on_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: int) -> None:
    """One byte more is refused, whatever the source."""
    monkeypatch.setattr(decode, "MAX_BYTES", limit)
    path = tmp_path / "five by four.png"
    path.write_bytes(CONTENT)
    for source in (path, CONTENT, memoryview(CONTENT), io.BytesIO(CONTENT), Trickle(CONTENT)):
        if limit == len(CONTENT):
            assert read_grey(source).size == (5, 4)
        else:
            with pytest.raises(PictureError, match=r": is larger than 0 MB; make it smaller\Z"):
                read_grey(source)


def test_no_more_is_read_than_needed_for_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte over the limit is enough to know that the file is too large."""
    monkeypatch.setattr(decode, "MAX_BYTES", 10)
    file = io.BytesIO(CONTENT)
    with pytest.raises(PictureError):
        read_grey(file)
    assert file.tell() == 11


@pytest.mark.parametrize(("width", "is_read"), [(5, True), (6, False)])
def test_the_limit_on_pixels(monkeypatch: pytest.MonkeyPatch, width: int, *, is_read: bool) -> None:
    """For files, images and arrays; the error names the size and the limit."""
    monkeypatch.setattr(decode, "MAX_PIXELS", 20)
    image = Image.new("L", (width, 4))
    for source, name in (
        (image, "image"),
        (np.asarray(image), "array"),
        (encode(image), "image"),
    ):
        if is_read:
            assert read_grey(source).size == (5, 4)
        else:
            message = rf"\A{name}: 6x4 pixels exceed the limit of 20; scale it down\Z"
            with pytest.raises(PictureError, match=message):
                read_grey(source)


def masked() -> NDArray[Any]:
    return np.ma.masked_array(np.zeros((2, 2)), mask=[[True, False], [False, False]])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "image: is empty; pass an image's bytes, starting with the first"),
        (b"seven", "image: is not a readable image (unknown format)"),
        (
            "no such file.png",
            (
                "no such file.png: cannot be read: No such file or directory; "
                "check that it exists and is open"
            ),
        ),
        (
            7,
            (
                "cannot read an object of type int; pass a Drawing, strokes, a PIL image, "
                "an array, a path, bytes or a file object"
            ),
        ),
        (Image.new("L", (0, 3)), "image: has no pixels (0x3); pass at least 1x1"),
        (
            np.zeros((2, 2), complex),
            "an array of complex128 is not an image; pass bools, ints or floats",
        ),
        (
            np.zeros(3),
            (
                "an array of shape (3,) is not an image; "
                "pass (height, width), or (height, width, 3 or 4)"
            ),
        ),
        (
            np.full((2, 2), np.inf),
            "the array holds NaN or infinity; pass finite values from 0 to 1",
        ),
        (
            np.full((2, 2), np.longdouble("1e400")),
            "the array holds NaN or infinity; pass finite values from 0 to 1",
        ),
        (masked(), "the array has masked pixels; fill them with its method filled"),
    ],
)
def test_error_messages(source: Any, message: str) -> None:
    """One line with what, why and what to do, in this package's words rather than a decoder's."""
    with pytest.raises(PictureError) as caught:
        read_grey(source)
    assert str(caught.value) == message


def test_the_error_for_a_file_in_text_mode() -> None:
    """The message says how to open the file."""
    with pytest.raises(PictureError) as caught:
        read_grey(io.StringIO("seven"))  # type: ignore[arg-type]
    assert str(caught.value) == "image: returns text, not bytes; open it in binary mode"


def test_errors_name_the_file_object() -> None:
    """A pipe's name is an int, which is not used."""
    file = io.BytesIO(b"seven")
    for given_name, name in (("upload.png", "upload.png"), (3, "image"), (None, "image")):
        file.seek(0)
        file.name = given_name
        with pytest.raises(PictureError, match=rf"\A{name}: is not a readable image"):
            read_grey(file)


@given(values=st.lists(st.integers(0, 255), min_size=6, max_size=6))
def test_grey_bytes_are_unchanged(values: list[int]) -> None:
    """uint8 grey levels are unchanged, from an array, an image or a lossless file."""
    array = np.array(values, np.uint8).reshape(2, 3)
    for source in (array, Image.fromarray(array), encode(Image.fromarray(array))):
        np.testing.assert_array_equal(read_grey(source), array)
