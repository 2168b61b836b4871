"""The same digit gives the same ink from any kind of image and source."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitnet.preprocessing.images import ink_mask, read_ink
from digitnet.preprocessing.ink_mask import InkMask

if TYPE_CHECKING:
    from numpy.typing import NDArray

Ink: TypeAlias = "NDArray[np.float32]"


@pytest.fixture(scope="module")
def ink(seven_picture: Image.Image) -> Ink:
    """The ink of the seven, 0 to 1, computed in the simplest way."""
    return 1 - np.asarray(seven_picture).astype(np.float32) / np.float32(255)


def assert_nearly(mask: Ink, ink: Ink) -> None:
    assert mask.dtype == np.float32
    assert mask.shape == ink.shape
    assert 0 <= mask.min() <= mask.max() <= 1
    # Less than 1% of the pixels; black and white alone miss 0.7%, at soft edges.
    assert np.abs(mask - ink).mean() < 0.01


def encode(image: Image.Image, format_: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def transparent(ink: Ink, grey: int) -> Image.Image:
    """Return ink of one grey level, as opaque as there is ink, on a transparent background."""
    opacity = Image.fromarray(np.rint(ink * 255).astype(np.uint8))
    return Image.merge("LA", [Image.new("L", opacity.size, grey), opacity])


def palette_with_transparency(ink: Ink) -> Image.Image:
    image = Image.fromarray((ink > 0.5).astype(np.uint8), "L").convert("P")
    image.putpalette([200, 200, 200, 0, 0, 0])
    image.info["transparency"] = 0
    return image


IMAGES: Mapping[str, Callable[[Ink], Image.Image]] = {
    "1": lambda ink: Image.fromarray(ink < 0.5),
    "L": lambda ink: Image.fromarray(np.rint(255 - 255 * ink).astype(np.uint8)),
    "LA, black ink on nothing": lambda ink: transparent(ink, 0),
    "LA, white ink on nothing": lambda ink: transparent(ink, 255),
    "RGBA, black ink on nothing": lambda ink: transparent(ink, 0).convert("RGBA"),
    "P": lambda ink: IMAGES["L"](ink).convert("P"),
    "P with transparency": palette_with_transparency,
    "RGB": lambda ink: IMAGES["L"](ink).convert("RGB"),
    "RGBA": lambda ink: IMAGES["L"](ink).convert("RGBA"),
    "LAB": lambda ink: Image.merge("LAB", [IMAGES["L"](ink)] + [Image.new("L", ink.T.shape)] * 2),
    "La, black ink on nothing": lambda ink: transparent(ink, 0).convert("La"),
    "I;16B": lambda ink: Image.frombytes(
        "I;16B", ink.T.shape, np.rint(65535 - 65535 * ink).astype(">u2").tobytes()
    ),
    "HSV": lambda ink: IMAGES["L"](ink).convert("RGB").convert("HSV"),
    "CMYK": lambda ink: IMAGES["L"](ink).convert("CMYK"),
    "YCbCr": lambda ink: IMAGES["L"](ink).convert("YCbCr"),
    "I;16": lambda ink: Image.fromarray(np.rint(65535 - 65535 * ink).astype(np.uint16)),
    "I": lambda ink: Image.fromarray(np.rint(1e6 - 1e6 * ink).astype(np.int32)),
    "F": lambda ink: Image.fromarray(1 - ink),
}

ARRAYS: Mapping[str, Callable[[Ink], NDArray[Any]]] = {
    "bool": lambda ink: ink > 0.5,
    "uint8": lambda ink: np.rint(255 * ink).astype(np.uint8),
    "uint16": lambda ink: np.rint(65535 * ink).astype(np.uint16),
    "big-endian uint16": lambda ink: np.rint(65535 * ink).astype(">u2"),
    "big-endian float32": lambda ink: ink.astype(">f4"),
    "longdouble": lambda ink: ink.astype(np.longdouble),
    "backwards, read-only": lambda ink: np.frombuffer(ink[::-1].tobytes(), ink.dtype).reshape(
        ink.shape
    )[::-1],
    "height, width, 3, int64": lambda ink: np.rint(255 * np.stack([ink] * 3, 2)).astype(np.int64),
    "int64": lambda ink: np.rint(255 * ink).astype(np.int64),
    "float16": lambda ink: ink.astype(np.float16),
    "float32": lambda ink: ink,
    "float64": lambda ink: ink.astype(np.float64),
    "not contiguous": lambda ink: np.repeat(ink, 2, axis=1)[:, ::2],
    "height, width, 3": lambda ink: np.stack([1 - ink] * 3, axis=2),
    "height, width, 4": lambda ink: np.stack([0 * ink, 0 * ink, 0 * ink, ink], axis=2),
}


@pytest.mark.parametrize("mode", IMAGES)
def test_every_mode_of_image_is_read(ink: Ink, mode: str) -> None:
    """An image gives the same ink in every mode that Pillow opens files in."""
    image = IMAGES[mode](ink)
    assert image.mode == mode.partition(",")[0].partition(" with")[0]
    assert_nearly(ink_mask(image), ink)


@pytest.mark.parametrize("kind", ARRAYS)
def test_every_kind_of_array_is_read(ink: Ink, kind: str) -> None:
    """An array gives the same ink in every dtype, grey or in colour."""
    assert_nearly(ink_mask(ARRAYS[kind](ink)), ink)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM", "TGA"])
def test_every_format_is_read(ink: Ink, seven_picture: Image.Image, format_: str) -> None:
    """A file's bytes give the same ink in every supported format."""
    assert_nearly(ink_mask(encode(seven_picture, format_)), ink)


def test_every_kind_of_source_is_read(ink: Ink, seven_picture: Image.Image, tmp_path: Path) -> None:
    """Path, string, bytes and binary file object give the same image."""
    path = tmp_path / "seven.png"
    seven_picture.save(path)
    for source in (path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes())):
        np.testing.assert_array_equal(ink_mask(source), ink_mask(path))
    with path.open("rb") as file:
        assert_nearly(ink_mask(file), ink)


@pytest.mark.parametrize(
    ("orientation", "stored"),
    [
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (6, Image.Transpose.ROTATE_90),
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_a_photo_is_turned_as_its_exif_says(
    ink: Ink, seven_picture: Image.Image, orientation: int, stored: Image.Transpose
) -> None:
    """A phone held sideways stores a rotated image with its orientation; it is read upright."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert_nearly(ink_mask(encode(seven_picture.transpose(stored), "PNG", exif=exif)), ink)


@pytest.mark.parametrize("size", [(1, 1), (1, 30), (30, 1), (28, 28)])
@given(grey=st.integers(0, 255))
def test_a_uniform_image_has_no_ink(size: tuple[int, int], grey: int) -> None:
    """Paper without ink is blank, whatever its grey level."""
    array = np.full(size, grey, np.uint8)
    for source in (
        array,
        array / 255,
        Image.fromarray(array),
        encode(Image.fromarray(array), "PNG"),
    ):
        assert not ink_mask(source).any()


def test_the_noise_of_paper_is_not_ink() -> None:
    """Differences too faint to see are not ink."""
    noise = np.random.default_rng(0).integers(200, 210, (50, 50))
    assert not ink_mask(noise.astype(np.uint8)).any()


@pytest.mark.parametrize(("paper", "line"), [(255, 0), (0, 255), (200, 90), (90, 200), (30, 60)])
def test_contrast_does_not_matter(ink: Ink, paper: int, line: int) -> None:
    """The darkest ink is 1 on any paper, except for rounding where there are few grey levels."""
    picture = np.rint(paper + (line - paper) * ink.astype(np.float64)).astype(np.uint8)
    np.testing.assert_allclose(ink_mask(picture), ink, atol=0.6 / abs(line - paper))


def test_infinite_values_in_a_float_image() -> None:
    """Float images, which TIFF files can contain, give finite ink whatever their values."""
    wild = np.array([[0, 0, 0], [0, np.inf, 1], [0, -np.inf, np.nan]], np.float32)
    for image in (Image.fromarray(wild), Image.fromarray(np.nan_to_num(wild))):
        mask = ink_mask(encode(image, "TIFF"))
        assert np.isfinite(mask).all()
        assert 0 <= mask.min() <= mask.max() <= 1


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("shape", [(20, 5), (5, 20)])
def test_the_paper_is_what_most_of_the_border_shows(shape: tuple[int, int], turns: int) -> None:
    """Even if one side is all ink, and most of the image is ink."""
    ink = np.ones(shape, np.float32)
    ink = np.rot90(np.pad(ink, ((1, 1), (1, 0))), turns)
    np.testing.assert_array_equal(ink_mask(1 - ink), ink)
    np.testing.assert_array_equal(ink_mask(ink), ink)


@pytest.mark.parametrize(("contrast", "is_ink"), [(0.029, False), (0.031, True)])
def test_ink_differs_from_paper_by_a_minimum(contrast: float, *, is_ink: bool) -> None:
    """Three hundredths of the full range, lighter or darker."""
    spot = np.zeros((9, 9), np.float32)
    spot[3:6, 3:6] = contrast
    for picture in (spot, 1 - spot):
        np.testing.assert_allclose(ink_mask(picture), (spot > 0) * float(is_ink), atol=1e-6)


@pytest.mark.parametrize(
    ("size", "scale"), [((1500, 1000), 1), ((2200, 1500), 1), ((2500, 1500), 2), ((10_000, 2), 1)]
)
def test_large_images_are_scaled_down(size: tuple[int, int], scale: int) -> None:
    """By an integer factor, so images of about the target size are not scaled."""
    ink = read_ink(Image.new("L", size, 255))
    assert (ink.size, ink.scale) == (size, scale)
    assert ink.shape[::-1] == (size[0] // scale, size[1] // scale)
    assert ink.is_photo is False


def test_boxes_are_in_the_pixels_of_the_source() -> None:
    """At the right and bottom edges, boxes end with the source, even within a pixel of the mask."""
    mask = np.zeros((51, 34), np.float32)
    ink = InkMask(mask, corner=(0, 0), shape=(51, 34), size=(101, 151), scale=3, is_photo=False)
    assert ink.in_source((3, 4, 5, 6)) == (9, 12, 15, 18)
    assert ink.in_source((0, 0, 34, 51)) == (0, 0, 101, 151)
    assert ink.in_source((32, 49, 2, 2)) == (96, 147, 5, 4)
