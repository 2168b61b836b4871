"""A picture that was dropped on the window, and what was read in it."""

from __future__ import annotations

from pathlib import Path

import pygame
from PIL import Image, ImageOps
from pygame import Rect

from digitdraw.model.reader import Reader
from digitdraw.ui.layout import Layout
from digitdraw.ui.pages.page import Page
from digitdraw.ui.panel import in_words
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme
from digitnet import ModelError, PictureError
from digitnet.errors import reason_of


class PicturePage(Page):
    """The picture with a box around each digit, and the answer below.

    Args:
        path: the picture's file.
        reader: reads it.

    Raises:
        PictureError: the picture cannot be read.
        ModelError: there is no model to read it with yet.
    """

    def __init__(self, path: Path, reader: Reader) -> None:
        super().__init__()
        self._name = path.name
        prediction = reader.read(path)
        if prediction is None:
            raise ModelError(f"{path.name}: the model is not loaded yet; drop the picture again")
        self._prediction = prediction
        try:
            self._picture = _open_on_white(path)
        except (OSError, ValueError) as error:  # it was there a moment ago
            raise PictureError(
                f"{path}: cannot be shown: {reason_of(error)}; drop it again"
            ) from None

    def paint(
        self, surface: pygame.Surface, area: Rect, layout: Layout, theme: Theme, writer: Writer
    ) -> None:
        """Draw the picture as large as fits, the boxes, and the answer."""
        unit = layout.unit
        head = Rect(area.left, area.top, area.width, 5 * unit)
        writer.write(surface, self._name, head, 3 * unit, theme.quiet, align="left")
        foot = Rect(area.left, area.bottom - 14 * unit, area.width, 14 * unit)
        room = Rect(area.left, head.bottom, area.width, foot.top - head.bottom - unit)
        width, height = self._picture.size
        scale = min(room.width / width, room.height / height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        # Small pictures, such as MNIST's, keep their pixels.
        filter_ = Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST
        small = self._picture.resize(size, filter_)
        shown = pygame.image.frombytes(small.tobytes(), size, "RGB")
        place = shown.get_rect(center=room.center)
        surface.blit(shown, place)
        for digit in self._prediction.digits:
            left, top, wide, high = (side * scale for side in digit.box)
            box = Rect(place.left + left, place.top + top, wide, high).inflate(8, 8)
            pygame.draw.rect(surface, theme.accent, box, 2, border_radius=4)
        answer, verdict = in_words(self._prediction)
        large = Rect(foot.left, foot.top, foot.width, 9 * unit)
        writer.write(surface, answer or "no ink found", large, 9 * unit, theme.text, align="left")
        line = Rect(foot.left, large.bottom, foot.width, 5 * unit)
        told = f"{verdict}. Esc goes back." if verdict else "Esc goes back."
        writer.write(surface, told, line, 2.8 * unit, theme.quiet, align="left")


def _open_on_white(path: Path) -> Image.Image:
    """Open a picture upright, RGB, on white paper where it is transparent."""
    with Image.open(path) as file:
        image = ImageOps.exif_transpose(file)
    if image.mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        image = image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")
