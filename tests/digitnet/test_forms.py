"""Lines of forms: frames and lines along edges go, and the strokes of digits stay."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from digitnet import Recognizer
from digitnet.preprocessing.forms.boxes import find_boxes
from digitnet.preprocessing.forms.cells import find_cells
from digitnet.preprocessing.forms.line_removal import erase_lines
from digitnet.preprocessing.forms.line_screening import may_hold_lines
from digitnet.preprocessing.forms.lines import FormLine, find_form_lines


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(threads=1)


def noisy(picture: Image.Image) -> Image.Image:
    noise = np.random.default_rng(2).normal(0, 3, picture.size[::-1])
    return Image.fromarray(np.clip(np.asarray(picture) * 0.9 + noise, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("inset", [0, 5])
@pytest.mark.parametrize("width", [1, 3, 6])
@pytest.mark.parametrize("grey", [0, 150])
@pytest.mark.parametrize("is_scan", [False, True])
def test_a_frame_is_not_read(
    recognizer: Recognizer,
    seven_picture: Image.Image,
    inset: int,
    width: int,
    grey: int,
    *,
    is_scan: bool,
) -> None:
    picture = seven_picture.copy()
    box = (inset, inset, picture.width - 1 - inset, picture.height - 1 - inset)
    ImageDraw.Draw(picture).rectangle(box, outline=grey, width=width)
    prediction = recognizer.predict(noisy(picture) if is_scan else picture)
    assert prediction.text == "7"
    left, top, wide, high = prediction.digits[0].box
    assert (left, top) == pytest.approx((32, 32), abs=4)
    assert (left + wide, top + high) == pytest.approx((168, 218), abs=4)


@pytest.mark.parametrize("sides", ["l", "r", "t", "b", "lt", "lr", "lbr"])
@pytest.mark.parametrize("dash", [0, 8])
def test_lines_along_edges_are_not_read(
    recognizer: Recognizer, seven_picture: Image.Image, sides: str, dash: int
) -> None:
    pixels = np.array(seven_picture)
    for side in sides:
        strip = {
            "l": pixels[:, 3:6].T,
            "r": pixels[:, -6:-3].T,
            "t": pixels[2:5],
            "b": pixels[-5:-2],
        }
        line = strip[side]
        line[:, np.arange(line.shape[1]) // dash % 2 == 0 if dash else slice(None)] = 0
    assert recognizer.predict(pixels).text == "7"


@pytest.mark.parametrize("span", [(0, 200), (25, 175)])
@pytest.mark.parametrize("width", [2, 14])
def test_a_lone_line_is_a_one(recognizer: Recognizer, span: tuple[int, int], width: int) -> None:
    """Even if it is straight and reaches from the top to the bottom."""
    picture = Image.new("L", (120, 200), 255)
    ImageDraw.Draw(picture).line([(60, span[0]), (60, span[1])], 0, width)
    assert recognizer.predict(picture).text == "1"


def test_a_digit_that_fills_its_picture(recognizer: Recognizer, seven_picture: Image.Image) -> None:
    """Its bar reaches from side to side, and touches the edge."""
    cut = seven_picture.crop(ImageOps.invert(seven_picture).getbbox())
    assert recognizer.predict(cut).text == "7"


def test_pieces_of_neighbours_are_not_read(
    recognizer: Recognizer, seven_picture: Image.Image
) -> None:
    picture = seven_picture.copy()
    pen = ImageDraw.Draw(picture)
    pen.ellipse((-40, 100, 5, 150), fill=0)
    pen.line([(120, 246), (150, 249)], 0, 8)
    assert recognizer.predict(picture).text == "7"


@pytest.fixture
def boxes() -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Two boxes side by side, with a stroke that crosses the line between them."""
    ink = np.zeros((100, 180), np.bool_)
    ink[[10, 11, 88, 89], 10:170] = True
    ink[10:90, [10, 11, 90, 91, 168, 169]] = True
    ink[40:46, 60:110] = True
    return ink


def test_straight_lines_are_found(boxes: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
    rows, columns = find_form_lines(boxes, 100)
    long = [line for line in rows if line.length > 100], [x for x in columns if x.length > 60]
    assert sorted(round(line.height) for line in long[0]) == [11, 89]
    assert sorted(round(line.height) for line in long[1]) == [11, 91, 169]
    assert {line.width for lines in long for line in lines} == {2}


def test_cells_are_found(boxes: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
    (found,) = find_boxes(*find_form_lines(boxes, 100), boxes)
    cells = find_cells(found.rows, found.columns)
    assert cells is not None
    assert cells.are_cells.tolist() == [[True, True]]
    assert cells.place(50, 50) == (0, 0)
    assert cells.place(150, 50) == (0, 1)
    assert cells.place(5, 5) is None


def test_the_gap_between_boxes_is_no_cell() -> None:
    rows = [FormLine(start, start + 40, y, 0, 1) for start in (0, 60) for y in (0.5, 50.5)]
    columns = [FormLine(0, 51, x, 0, 1) for x in (0.5, 40.5, 60.5, 100.5)]
    cells = find_cells(rows, columns)
    assert cells is not None
    assert cells.are_cells.tolist() == [[True, False, True]]


def test_what_crosses_a_line_stays(boxes: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
    (found,) = find_boxes(*find_form_lines(boxes, 100), boxes)
    erased = erase_lines(boxes.astype(np.float32), found.rows, found.columns) > 0.5
    expected = np.zeros_like(boxes)
    expected[40:46, 60:110] = True
    assert (erased & ~expected).sum() <= 4
    assert (expected & ~erased).sum() <= 12


def test_most_digits_need_no_search(seven_picture: Image.Image) -> None:
    dark = np.asarray(seven_picture) < 128
    left, top, right, bottom = Image.fromarray(dark).getbbox() or (0, 0, 1, 1)
    assert not may_hold_lines(dark[top:bottom, left:right], (left, top), dark.shape)
