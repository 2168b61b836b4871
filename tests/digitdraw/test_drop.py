"""An image that is dropped on the window is read and shown with boxes, or an error is reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest
from PIL import Image, ImageDraw

from digitdraw.model.reader import Reader
from digitdraw.ui.layout import arrange
from digitdraw.ui.theme import LIGHT

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Pilot

PATHS = [
    [(30, 20), (110, 20), (70, 160)],
    [(200, 20), (160, 100), (240, 100)],
    [(220, 60), (220, 160)],
]
"""A 7 and, with two strokes, a 4."""


def image(mode: str = "L", paper: object = 255, ink: object = 0) -> Image.Image:
    """Return an image of a 74, 280 pixels wide and 180 high."""
    image = Image.new(mode, (280, 180), paper)  # type: ignore[arg-type]
    for path in PATHS:
        ImageDraw.Draw(image).line(path, fill=ink, width=12, joint="curve")  # type: ignore[arg-type]
    return image


def drop(pilot: Pilot, path: Path | str) -> None:
    """Drop a file on the window."""
    pilot.step(pygame.event.Event(pygame.DROPFILE, file=str(path)))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the lines that are written in the window from now on, instead of drawing them."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    return lines


KINDS = {
    "white paper": image(),
    "black paper": image("L", 0, 255),
    "colours": image("RGB", (250, 240, 200), (20, 30, 120)),
    "transparent paper": image("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)),
    "CMYK": image("RGB", "white", "black").convert("CMYK"),
    "floats": image("F", 255.0, 0.0),
    "grey with transparency": image("LA", (0, 0), (0, 255)),
    "palette": image("RGB", (255, 255, 255), (200, 0, 0)).convert("P"),
    "one bit": image("1", 1, 0),
    "16 bit": Image.fromarray(np.asarray(image(), dtype=np.uint16) * 257),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_is_read_and_named(
    pilot: Pilot, tmp_path: Path, lines: list[str], kind: str
) -> None:
    """Whatever its colours; its name is above it."""
    KINDS[kind].save(tmp_path / "number.tif")
    drop(pilot, tmp_path / "number.tif")
    assert "number.tif" in lines
    assert "74" in lines


def accent(pilot: Pilot) -> tuple[int, int, int, int]:
    """Return the bounds of everything in the accent colour, in window pixels."""
    pixels = pygame.surfarray.array3d(pilot.surface)
    page = arrange(*pilot.surface.get_size()).page
    places = np.argwhere((pixels[:, : page.bottom] == LIGHT.accent).all(axis=-1))
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    return int(left), int(top), int(right), int(bottom)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_rotated_photo_is_shown_upright_with_its_boxes(
    pilot: Pilot, tmp_path: Path, lines: list[str], orientation: int
) -> None:
    """According to its EXIF orientation, which cameras write instead of rotating the pixels."""
    turned = {1: 0, 3: 180, 6: 90, 8: 270}[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    image("RGB", "white", "black").rotate(turned, expand=True).save(
        tmp_path / "photo.jpg", exif=exif
    )
    drop(pilot, tmp_path / "photo.jpg")
    assert "74" in lines
    left, top, right, bottom = accent(pilot)
    assert (right - left) / (bottom - top) == pytest.approx(225 / 155, rel=0.1)
    inside = pygame.surfarray.array3d(pilot.surface)[left + 4 : right - 4, top + 4 : bottom - 4]
    assert (inside.sum(axis=-1) < 100).mean() > 0.05


def test_esc_and_a_click_go_back_to_the_board(pilot: Pilot, tmp_path: Path) -> None:
    """The ink is unchanged."""
    pilot.draw(pilot.SEVEN)
    before = pygame.image.tobytes(pilot.surface, "RGB")
    image().save(tmp_path / "number.png")
    for way in ("key", "click"):
        drop(pilot, tmp_path / "number.png")
        assert pygame.image.tobytes(pilot.surface, "RGB") != before
        if way == "key":
            pilot.key(pygame.K_ESCAPE)
        else:
            pilot.draw([(300, 300)])
        assert pygame.image.tobytes(pilot.surface, "RGB") == before
        assert pilot.strokes == [pilot.SEVEN]


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (28, 28), (3000, 2000)], ids=str)
@pytest.mark.parametrize("window", [(480, 360), (500, 900)], ids=str)
def test_an_image_of_any_size_fits_in_any_window(
    pilot: Pilot, tmp_path: Path, size: tuple[int, int], window: tuple[int, int]
) -> None:
    """It is shown without errors, and nothing is left to draw."""
    Image.new("L", size, 128).save(tmp_path / "grey.png")
    pilot.resize(window)
    drop(pilot, tmp_path / "grey.png")
    assert pilot.step() == []


def test_an_image_without_ink_says_so(pilot: Pilot, tmp_path: Path, lines: list[str]) -> None:
    """Instead of an answer."""
    Image.new("L", (99, 99), 255).save(tmp_path / "blank.png")
    drop(pilot, tmp_path / "blank.png")
    assert "no ink found" in lines


BAD = {
    "text": b"no image",
    "empty": b"",
    "cut": None,
    "missing": None,
    "folder": None,
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}


@pytest.mark.parametrize("kind", BAD)
def test_an_unreadable_file_is_reported_in_one_line(
    pilot: Pilot, tmp_path: Path, lines: list[str], kind: str
) -> None:
    """With its name; the board, answer and label stay, and no page opens."""
    path = tmp_path / f"{kind}.png"
    if kind == "folder":
        path.mkdir()
    elif kind == "cut":
        image().save(path)
        path.write_bytes(path.read_bytes()[:200])
    elif kind != "missing":
        path.write_bytes(BAD[kind] or b"")
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_1)
    lines.clear()
    drop(pilot, path)
    [message] = [line for line in lines if path.name in line]
    assert "\n" not in message
    assert (pilot.strokes, pilot.text, pilot.app.truth) == ([pilot.SEVEN], "7", "1")
    pilot.draw(pilot.FOUR[1])
    assert len(pilot.strokes) == 2


def test_an_image_before_the_model_is_loaded_is_reported(
    new_pilot: NewPilot, tmp_path: Path, lines: list[str]
) -> None:
    """The window says to drop it again."""
    image().save(tmp_path / "number.png")
    pilot = new_pilot(Reader())
    drop(pilot, tmp_path / "number.png")
    assert "number.png: the model is not loaded yet; drop the image again" in lines


def test_an_image_dropped_on_an_image_replaces_it(
    pilot: Pilot, tmp_path: Path, lines: list[str]
) -> None:
    """One that cannot be read does not."""
    image().save(tmp_path / "one.png")
    Image.new("L", (9, 9)).save(tmp_path / "two.png")
    drop(pilot, tmp_path / "one.png")
    drop(pilot, tmp_path / "two.png")
    assert "two.png" in lines
    lines.clear()
    drop(pilot, tmp_path / "three.png")
    pilot.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert "two.png" in lines


def test_a_file_that_disappears_while_it_is_read_is_reported(
    pilot: Pilot, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A USB stick may be removed after the image is read and before it is shown."""
    path = tmp_path / "stick.png"
    image().save(path)
    read = Reader.read

    def read_and_delete(reader: Reader, source: Path) -> object:
        prediction = read(reader, source)
        path.unlink(missing_ok=True)
        return prediction

    monkeypatch.setattr(Reader, "read", read_and_delete)
    drop(pilot, path)
    assert [line for line in lines if "stick.png" in line]
