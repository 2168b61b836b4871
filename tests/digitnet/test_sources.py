"""What can be passed to `predict`: strokes in common forms, and any nonsense."""

from __future__ import annotations

import io
import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from PIL import Image

from digitnet import DigitnetError, Drawing, InkError, PictureError, Point, Recognizer, Stroke
from digitnet.preprocessing.decode import read_grey
from digitnet.preprocessing.sources import as_drawing

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEVEN = [(40.0, 40.0), (160.0, 40.0), (90.0, 210.0)]
BAR = [(70.0, 120.0), (140.0, 120.0)]

FORMS: dict[str, Callable[[list[tuple[float, float]]], Any]] = {
    "Stroke": Stroke,
    "list of tuples": list,
    "list of lists": lambda points: [list(point) for point in points],
    "tuple of Points": lambda points: tuple(Point(*point) for point in points),
    "array": np.array,
    "array of ints": lambda points: np.array(points, np.int16),
    "array of big-endian floats": lambda points: np.array(points, ">f4"),
    "array with times": lambda points: np.array([(*point, 5) for point in points]),
    "array that is a view": lambda points: np.array(points)[::-1][::-1],
    "array of longdoubles": lambda points: np.array(points, np.longdouble),
    "list of arrays": lambda points: [np.array(point) for point in points],
}


@pytest.mark.parametrize("form", FORMS)
def test_strokes_are_accepted_in_common_forms(recognizer: Recognizer, form: str) -> None:
    """A list of strokes in any form is read like the same `Drawing`."""
    source = [FORMS[form](SEVEN), FORMS[form](BAR)]
    drawing = as_drawing(source)
    assert drawing is not None
    for stroke, points in zip(drawing.strokes, (SEVEN, BAR), strict=True):
        np.testing.assert_array_equal(stroke.xy, points)
    assert recognizer.predict(source).text == recognizer.predict(tuple(source)).text == "7"


def test_forms_of_strokes_can_be_mixed(recognizer: Recognizer) -> None:
    """A list can mix forms; a single `Stroke` is a drawing, and an empty list is blank."""
    assert recognizer.predict([Stroke(SEVEN), np.array(BAR)]).text == "7"
    assert recognizer.predict(Stroke(SEVEN)).text == "7"
    assert recognizer.predict([]).digits == ()


def test_an_array_on_its_own_is_an_image(recognizer: Recognizer) -> None:
    """Even one that could be points is an image if it is not in a list."""
    assert as_drawing(np.array(SEVEN)) is None
    assert recognizer.predict(np.zeros((3, 2))).digits == ()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param([SEVEN, []], id="no points"),
        pytest.param([SEVEN, np.zeros((0, 2))], id="an empty array"),
        pytest.param([SEVEN, [1, 2]], id="one point, not a list of points"),
        pytest.param([SEVEN, [(1, 2, 3, 4)]], id="four numbers"),
        pytest.param([SEVEN, [(1,)]], id="one number"),
        pytest.param([SEVEN, np.zeros((1, 5))], id="a row of numbers"),
        pytest.param([SEVEN, np.zeros(2)], id="a flat array"),
        pytest.param([SEVEN, [("1", "2")]], id="texts"),
        pytest.param([SEVEN, ["12", "34"]], id="texts as points"),
        pytest.param([SEVEN, np.array([[1, np.nan]])], id="NaN"),
        pytest.param([SEVEN, [(0, float("inf"))]], id="infinity"),
        pytest.param([SEVEN, np.full((2, 2), np.finfo(np.longdouble).max)], id="too wide"),
        pytest.param([SEVEN, [(10**400, 0)]], id="an integer beyond floats"),
        pytest.param([SEVEN, np.zeros((2, 2), complex)], id="complex numbers"),
        pytest.param([SEVEN, np.zeros((2, 2), object)], id="objects"),
        pytest.param([SEVEN, np.zeros((2, 2), "datetime64[s]")], id="times"),
        pytest.param([SEVEN, np.zeros((2, 2), bool)], id="bools"),
        pytest.param([SEVEN, np.ma.masked_equal([[1, 2]], 1)], id="masked"),
        pytest.param([SEVEN, np.broadcast_to(1.0, (10**12, 2))], id="longer than memory"),
        pytest.param([SEVEN, "7.png"], id="a path"),
        pytest.param([SEVEN, None], id="None"),
        pytest.param([SEVEN, Drawing(())], id="a drawing"),
    ],
)
def test_the_error_for_an_invalid_stroke(recognizer: Recognizer, source: Any) -> None:
    """The message is one line with the stroke's number in the list."""
    with pytest.raises(InkError, match=r"\Astroke 2 of the list.+\Z"):
        recognizer.predict(source)


class Broken(io.BytesIO):
    """A file object that only raises an error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def read(self, _: int | None = -1) -> bytes:
        raise self.error


class Trickle(io.BytesIO):
    """A file object that returns three bytes at a time, like a slow socket."""

    def read(self, _: int | None = -1) -> bytes:
        return super().read(3)


def test_a_slow_file_is_read_to_its_end(seven_picture: Image.Image) -> None:
    """Pipes and sockets may return less than asked for before the end of the image."""
    file = io.BytesIO()
    seven_picture.save(file, "PNG")
    np.testing.assert_array_equal(read_grey(Trickle(file.getvalue())), read_grey(file.getvalue()))


@pytest.mark.parametrize(
    "error", [OSError("gone"), ValueError("closed"), EOFError(), KeyError("x"), AttributeError("y")]
)
def test_the_error_for_a_file_object_that_fails(error: Exception) -> None:
    """Any exception raised while reading becomes a one-line error."""
    with pytest.raises(PictureError, match=r"\Aimage: cannot be read: .+; .+\Z"):
        read_grey(Broken(error))


def test_every_kind_of_path_is_accepted(tmp_path: Path, seven_picture: Image.Image) -> None:
    """Strings, paths, and any other os.PathLike, such as a directory entry."""
    path = tmp_path / "seven.png"
    seven_picture.save(path)
    content = path.read_bytes()
    (entry,) = os.scandir(tmp_path)
    expected = read_grey(path)
    for source in (
        str(path),
        np.str_(path),
        entry,
        content,
        bytearray(content),
        memoryview(content),
    ):
        np.testing.assert_array_equal(read_grey(source), expected)


NONSENSE = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.complex_numbers(),
        # Paths that cannot exist, including surrogates and null bytes.
        st.text().map(lambda text: f"missing-folder/{text}"),
        st.text().map(lambda text: Path(f"missing-folder/{text}")),
        st.binary(max_size=50),
        st.binary(max_size=50).map(io.BytesIO),
        st.text(max_size=9).map(io.StringIO),
        st.just(object()),
        st.just(Drawing),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.lists(st.tuples(inner, inner), max_size=4),
        st.dictionaries(st.text(max_size=3), inner, max_size=2),
    ),
    max_leaves=8,
)

DTYPES = st.one_of(
    npst.scalar_dtypes(),
    npst.array_dtypes(max_size=2),
    st.sampled_from([np.dtype(object), np.dtype(np.longdouble), np.dtype(np.float16)]),
)
SHAPES = st.one_of(
    npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 20), st.integers(1, 20), st.sampled_from([3, 4])),
)


@st.composite
def arrays(draw: st.DrawFn) -> NDArray[Any]:
    """Arrays of any dtype and shape, also reversed, strided, masked and read-only ones."""
    dtype, shape = draw(DTYPES), draw(SHAPES)
    if dtype.hasobject:
        array = np.full(shape, None, dtype)
    else:
        array = np.empty(shape, dtype)
        content = draw(st.randoms(use_true_random=False)).randbytes(array.nbytes)
        array = np.frombuffer(content or bytes(dtype.itemsize), dtype).copy()
        array = np.resize(array, shape)
    if array.ndim and draw(st.booleans()):
        array = array[:: draw(st.sampled_from([-1, 2, -2]))]
    if array.ndim > 1 and draw(st.booleans()):
        array = array.swapaxes(0, 1)
    if draw(st.booleans()):
        array.flags.writeable = False
    if draw(st.integers(0, 9)) == 0 and not dtype.names:
        return np.ma.masked_array(array, mask=draw(st.booleans()))
    if draw(st.integers(0, 9)) == 0:
        return np.broadcast_to(array, (draw(st.integers(1, 10**12)), *array.shape))
    return array


def assert_answer_or_error(recognizer: Recognizer, source: Any) -> None:
    with warnings.catch_warnings(action="error"):
        try:
            prediction = recognizer.predict(source)
        except DigitnetError:
            return
    assert 0 <= prediction.confidence <= 1
    assert re.fullmatch(r"[0-9?]*", prediction.text)


@given(source=NONSENSE)
def test_any_object_gives_an_answer_or_an_error(recognizer: Recognizer, source: Any) -> None:
    """Any Python object gives a prediction or a DigitnetError."""
    assert_answer_or_error(recognizer, source)


@given(source=arrays(), in_list=st.booleans())
@settings(max_examples=300)
def test_any_array_gives_an_answer_or_an_error(
    recognizer: Recognizer, source: NDArray[Any], *, in_list: bool
) -> None:
    """As an image or a stroke, any array gives a prediction or a DigitnetError, and no warning."""
    assert_answer_or_error(recognizer, [source] if in_list else source)


MODES = ["1", "L", "P", "LA", "PA", "La", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "LAB"]
MODES += ["HSV", "I", "F", "I;16", "I;16L", "I;16B", "I;16N"]


@pytest.mark.parametrize("mode", MODES)
@given(size=st.tuples(st.integers(1, 30), st.integers(1, 30)), random=st.randoms())
@settings(max_examples=20)
def test_images_of_every_mode_are_read(
    recognizer: Recognizer, mode: str, size: tuple[int, int], random: Any
) -> None:
    """Noise in any of Pillow's modes gives a prediction."""
    bare = Image.new(mode, size)
    bytes_ = random.randbytes(len(bare.tobytes()))
    image = bare if mode == "P" else Image.frombytes(mode, size, bytes_)
    prediction = recognizer.predict(image)
    assert 0 <= prediction.confidence <= 1


def test_the_error_for_a_closed_image(recognizer: Recognizer, seven_picture: Any) -> None:
    """An image closed before it was decoded gives a one-line error."""
    file = io.BytesIO()
    seven_picture.save(file, "PNG")
    image = Image.open(file)
    image.close()
    with pytest.raises(PictureError, match=r"\Aimage: .+\Z"):
        recognizer.predict(image)
