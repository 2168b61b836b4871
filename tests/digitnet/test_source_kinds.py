"""Images of more kinds: shapes of arrays, tensors, data: URIs, AVIF; and several or one of them."""

from __future__ import annotations

import base64
import io
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features

from digitnet import Drawing, InkError, PictureError, Recognizer, Stroke
from digitnet.arrays import as_image_shape
from digitnet.preprocessing import decode, encoded
from digitnet.preprocessing.decode import read_grey

GREY = np.arange(30, dtype=np.uint8).reshape(5, 6)
COLOUR = np.arange(90, dtype=np.uint8).reshape(5, 6, 3)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        pytest.param(GREY[..., None], GREY, id="one channel"),
        pytest.param(GREY[None], GREY, id="one channel first"),
        pytest.param(GREY[None, None], GREY, id="a batch of one with a channel"),
        pytest.param(GREY[None, ..., None], GREY, id="a batch of one with a channel last"),
        pytest.param(np.zeros((1, 28, 28)), np.zeros((28, 28)), id="a batch of one"),
        pytest.param(np.moveaxis(COLOUR, 2, 0), COLOUR, id="colours first"),
        pytest.param(np.moveaxis(COLOUR, 2, 0)[None], COLOUR, id="a batch of one, colours first"),
        pytest.param(COLOUR[None], COLOUR, id="a batch of one in colour"),
    ],
)
def test_axes_are_arranged(array: Any, expected: Any) -> None:
    """As (height, width) or (height, width, channels), and read the same."""
    np.testing.assert_array_equal(as_image_shape(array), expected)
    np.testing.assert_array_equal(read_grey(array), read_grey(expected))


@pytest.mark.parametrize(
    ("shape", "advice"),
    [
        ((10, 28, 28), "classify if they are framed, or to predict_many"),
        ((10, 90, 60), "pass it to predict_many"),
        ((10, 90, 60, 3), "pass it to predict_many"),
        ((3, 28, 28), r"colours as \(28, 28, 3\)"),
        ((2, 5), ""),
    ],
)
def test_the_error_for_a_batch(recognizer: Recognizer, shape: Any, advice: str) -> None:
    """One line names what reads several images; two rows of numbers are still an image."""
    if not advice:
        assert as_image_shape(np.zeros(shape)).shape == shape
        return
    with pytest.raises(PictureError, match=rf"\Aan array of shape .+{advice}\Z"):
        recognizer.predict(np.zeros(shape))
    assert len(list(recognizer.predict_many(np.zeros((2, 28, 28))))) == 2


def test_a_tensor_is_an_image_like_an_array(recognizer: Recognizer, seven_picture: Any) -> None:
    """Bytes, floats, colours first; one line for those that are not in the computer's memory."""
    torch = pytest.importorskip("torch")
    tensor = torch.from_numpy(np.array(seven_picture))
    for each in (tensor, tensor / 255, tensor[None], tensor.expand(3, -1, -1)):
        assert recognizer.predict(each).text == "7"
    for bad in (torch.zeros(9, 9, requires_grad=True), torch.zeros(9, 9, device="meta")):
        with pytest.raises(PictureError, match=r"\A.+ Tensor cannot be .+detach.+\Z"):
            recognizer.predict(bad)
    with pytest.raises(PictureError, match=r"\A.+ Tensor cannot be .+\Z"):
        recognizer.classify(torch.zeros(1, 28, 28, requires_grad=True))
    assert recognizer.classify(torch.zeros(1, 28, 28)).shape == (1, 10)


def encode(image: Image.Image, format_: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, format_)
    return file.getvalue()


def test_a_data_uri_is_read(recognizer: Recognizer, seven_picture: Image.Image) -> None:
    """With base64, also escaped or in several lines."""
    content = base64.b64encode(encode(seven_picture)).decode()
    for text in (content, quote(content, safe=""), content[:40] + "\n " + content[40:]):
        for head in ("data:image/png;base64", "DATA:;BASE64", "data:image/png;charset=x;base64"):
            assert recognizer.predict(f"{head},{text}").text == "7"


@pytest.mark.parametrize("text", ["", "x", "AAA", "é", "%ff%ff", "////" * 9999])
@pytest.mark.parametrize("head", ["data:", "data:,", "data:image/svg+xml,", "data:;base64,"])
def test_the_error_for_a_data_uri_does_not_repeat_it(head: str, text: str) -> None:
    """It is one short line."""
    with pytest.raises(PictureError, match=r"\Adata: URI: .{,120}\Z"):
        read_grey(head + text)


def test_the_limit_on_bytes_holds_for_data_uris(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before they are decoded, and after."""
    monkeypatch.setattr(decode, "MAX_BYTES", 50)
    for count in (80, 3000):
        with pytest.raises(PictureError, match=r"\Adata: URI: is larger than .+\Z"):
            read_grey("data:;base64," + "A" * count)


def test_a_long_path_is_not_repeated() -> None:
    """Such as an image's content, passed without saying so."""
    with pytest.raises(PictureError, match=r"\A/9j/x+…x+\.png: cannot be read.{,99}\Z") as caught:
        read_grey("/9j/" + "x" * 99_999 + ".png")
    assert len(str(caught.value)) < 400


@pytest.mark.skipif(
    "avif" not in features.modules or not features.check_module("avif"),
    reason="this build of Pillow has no AVIF",
)
def test_avif_is_read(recognizer: Recognizer, seven_picture: Image.Image) -> None:
    """Like any other format."""
    assert recognizer.predict(encode(seven_picture, "AVIF")).text == "7"


@pytest.mark.parametrize(("brand", "name"), [("avif", "AVIF"), ("heic", "HEIC"), ("mif1", "HEIC")])
def test_the_error_for_a_format_that_cannot_be_decoded(
    monkeypatch: pytest.MonkeyPatch, brand: str, name: str
) -> None:
    """The message names it and says what to do."""
    monkeypatch.setattr(encoded, "FORMATS", ["PNG"])
    monkeypatch.setattr(decode, "FORMATS", ["PNG"])
    with pytest.raises(PictureError) as caught:
        read_grey(b"\0\0\0\x20ftyp" + brand.encode() + bytes(99))
    assert str(caught.value) == f"image: {name} is not supported; convert it to PNG or JPEG"


def test_a_list_of_sources_is_refused(recognizer: Recognizer, seven_picture: Any) -> None:
    """The message says what reads them."""
    pixels = np.array(seven_picture)
    for several in (
        ["7.png", "4.png"], [b"7"], [io.BytesIO()], [seven_picture], [pixels, pixels],
        [pixels[..., None]], [Drawing(())],
    ):  # fmt: skip
        with pytest.raises(InkError, match=r"\Aa list holds the strokes .+predict_many\Z"):
            recognizer.predict(several)  # type: ignore[arg-type]


def test_a_single_source_is_not_several(recognizer: Recognizer, seven_picture: Any) -> None:
    """The error comes at the call, and says so."""
    pixels = np.array(seven_picture)
    single: list[Any] = [
        pixels,
        np.stack([pixels] * 3, 2),
        pixels[..., None],
        seven_picture,
        io.BytesIO(),
    ]
    for one in (*single, Drawing(()), Stroke([(1, 1)]), b"7", "7", bytearray(2), 7, None):
        for many in (recognizer.predict_many, recognizer.attempt_many):
            with pytest.raises(PictureError, match=r"\A.+ single .+ a list, .+\Z"):
                many(one)


@given(low=st.floats(-500, 500), high=st.floats(-500, 500))
def test_classify_refuses_values_out_of_range(
    recognizer: Recognizer, low: float, high: float
) -> None:
    """The message names the range, and what to pass."""
    batch = np.full((2, 28, 28), low)
    batch[1, 5, 5] = high
    if min(low, high) >= 0 and max(low, high) <= 1:
        assert recognizer.classify(batch).shape == (2, 10)
    elif min(low, high) < -0.01 or max(low, high) > 1.01:
        with pytest.raises(PictureError, match=r"\Acannot classify floats from .+ 0 to 255\Z"):
            recognizer.classify(batch)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_classify_refuses_what_is_not_finite(recognizer: Recognizer, value: float) -> None:
    """NaN too, which compares like nothing."""
    with pytest.raises(PictureError, match=r"\Acannot classify floats from .+\Z"):
        recognizer.classify(np.full((1, 28, 28), value, np.float32))
