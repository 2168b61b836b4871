"""The page of an image that was dropped on the window, and what was read in it."""

from __future__ import annotations

from pathlib import Path

import pygame
from PIL import Image, ImageOps
from pygame import Rect

from digitdraw.model.reader import Reader
from digitdraw.ui.layout import Layout
from digitdraw.ui.pages.page import Page
from digitdraw.ui.panel import describe
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme
from digitnet import ModelError, PictureError
from digitnet.errors import reason_of


class PicturePage(Page):
    """An image with a box around each digit, and the answer below.

    Args:
        path: the image file.
        reader: reads it.

    Raises:
        PictureError: the image cannot be read.
        ModelError: the model is not loaded yet.
    """

    def __init__(self, path: Path, reader: Reader) -> None:
        super().__init__()
        self._name = path.name
        prediction = reader.read(path)
        if prediction is None:
            raise ModelError(f"{path.name}: the model is not loaded yet; drop the image again")
        self._prediction = prediction
        try:
            self._image = _open_on_white(path)
        except (OSError, ValueError) as error:  # the file has changed since it was read
            raise PictureError(
                f"{path}: cannot be shown: {reason_of(error)}; drop it again"
            ) from None

    def paint(
        self, surface: pygame.Surface, area: Rect, layout: Layout, theme: Theme, writer: Writer
    ) -> None:
        """Draw the image as large as fits, the boxes and the answer."""
        unit = layout.unit
        head = Rect(area.left, area.top, area.width, 5 * unit)
        writer.write(surface, self._name, head, 3 * unit, theme.muted, align="left")
        foot = Rect(area.left, area.bottom - 14 * unit, area.width, 14 * unit)
        room = Rect(area.left, head.bottom, area.width, foot.top - head.bottom - unit)
        width, height = self._image.size
        scale = min(room.width / width, room.height / height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        # Enlarged images, such as those of MNIST, keep square pixels.
        filter_ = Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST
        resized = self._image.resize(size, filter_)
        shown = pygame.image.frombytes(resized.tobytes(), size, "RGB")
        place = shown.get_rect(center=room.center)
        surface.blit(shown, place)
        for digit in self._prediction.digits:
            left, top, wide, high = (side * scale for side in digit.box)
            box = Rect(place.left + left, place.top + top, wide, high).inflate(8, 8)
            pygame.draw.rect(surface, theme.accent, box, 2, border_radius=4)
        answer, verdict = describe(self._prediction)
        large = Rect(foot.left, foot.top, foot.width, 9 * unit)
        writer.write(surface, answer or "no ink found", large, 9 * unit, theme.text, align="left")
        line = Rect(foot.left, large.bottom, foot.width, 5 * unit)
        text = f"{verdict}. Esc goes back." if verdict else "Esc goes back."
        writer.write(surface, text, line, 2.8 * unit, theme.muted, align="left")


def _open_on_white(path: Path) -> Image.Image:
    """Open an image upright and as RGB, with white where it is transparent."""
    with Image.open(path) as file:
        image = ImageOps.exif_transpose(file)
    if image.mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        image = image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")
