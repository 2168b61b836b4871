"""What a window shows is compared with a golden image."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest
from PIL import Image

from digitbench.replay.app_pilot import AppPilot
from digitbench.replay.golden_images import GoldenImages
from digitbench.replay.names import PilotError
from digitbench.replay.outcome import ViolationError


@pytest.fixture
def surface() -> pygame.Surface:
    """A blue window with a white square."""
    surface = pygame.Surface((60, 40))
    surface.fill((0, 0, 200))
    surface.fill("white", (10, 20, 5, 5))
    return surface


@pytest.fixture
def images(surface: pygame.Surface, tmp_path: Path) -> GoldenImages:
    """The golden image "square" of that window."""
    images = GoldenImages(tmp_path / "golden", tmp_path / "out", update=True)
    images.expect("square", surface)
    return GoldenImages(tmp_path / "golden", tmp_path / "out")


def test_the_same_window_passes(images: GoldenImages, surface: pygame.Surface) -> None:
    """And writes nothing."""
    images.expect("square", surface)


def test_a_tolerance_is_of_colours_and_of_pixels(
    images: GoldenImages, surface: pygame.Surface
) -> None:
    """Either is enough."""
    surface.fill((9, 0, 200), (0, 0, 6, 4))
    images.expect("square", surface, tolerance=9)
    images.expect("square", surface, share=0.01)
    for tolerance, share in ((8, 0.0), (8, 0.0099), (0, 0.009)):
        with pytest.raises(ViolationError):
            images.expect("square", surface, tolerance=tolerance, share=share)


def test_a_difference_names_the_files_that_show_it(
    images: GoldenImages, surface: pygame.Surface, tmp_path: Path
) -> None:
    """Expected, actual, and where they differ in red."""
    surface.fill("black", (30, 5, 3, 2))
    with pytest.raises(ViolationError) as error:
        images.expect("square", surface)
    golden, out = tmp_path / "golden" / "square.png", tmp_path / "out"
    assert str(error.value).splitlines() == [
        f"The window differs from {golden} in 6 of 2,400 pixels, from (30, 5) to (32, 6).",
        f"expected:   {out / 'square-expected.png'}",
        f"actual:     {out / 'square-actual.png'}",
        f"difference: {out / 'square-difference.png'}",
        "If the window is right, write it with --digitbench-update.",
    ]
    colours = []
    for kind in ("expected", "actual", "difference"):
        with Image.open(out / f"square-{kind}.png") as image:
            colours.append(image.getpixel((31, 6)))
    assert colours == [(0, 0, 200), (0, 0, 0), (220, 0, 0)]


def test_another_size_is_told(images: GoldenImages, tmp_path: Path) -> None:
    """There is no difference to show then."""
    with pytest.raises(ViolationError, match=r"has 30x20 pixels, but .*square\.png has 60x40\."):
        images.expect("square", pygame.Surface((30, 20)))
    assert not (tmp_path / "out" / "square-difference.png").exists()


def test_a_missing_image_is_told(
    images: GoldenImages, surface: pygame.Surface, tmp_path: Path
) -> None:
    """What would be written can be looked at."""
    with pytest.raises(ViolationError, match=r"round\.png does not exist"):
        images.expect("round", surface)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["round-actual.png"]


def test_an_update_writes_only_what_differs(
    images: GoldenImages, surface: pygame.Surface, tmp_path: Path
) -> None:
    """So a version control shows only that."""
    golden = tmp_path / "golden" / "square.png"
    before = golden.stat().st_mtime_ns
    updated = GoldenImages(golden.parent, tmp_path / "out", update=True)
    updated.expect("square", surface)
    assert golden.stat().st_mtime_ns == before
    surface.fill("red")
    updated.expect("square", surface)
    images.expect("square", surface)


@pytest.mark.parametrize("name", ["", "../square", "a/b", ".hidden", "what?"])
def test_a_name_is_a_file_name(images: GoldenImages, surface: pygame.Surface, name: str) -> None:
    """On every system, in the folder itself."""
    with pytest.raises(PilotError, match="is not the name of an image"):
        images.expect(name, surface)


class Blank:
    """An app that shows nothing."""

    def handle(self, event: pygame.event.Event) -> None: ...
    def update(self, now: int) -> None: ...
    def draw(self, surface: pygame.Surface) -> None: ...


def test_a_pilot_without_golden_images_says_so() -> None:
    """And how it gets some."""
    with pytest.raises(PilotError, match="pass it images=golden_images"):
        AppPilot(Blank).expect_image("blank")
