"""What the app shows, as a picture."""

from __future__ import annotations

import pygame
from PIL import Image

from digitbench.replay import Replayer
from digitnet import Drawing


def photograph(replayer: Replayer, drawing: Drawing) -> Image.Image:
    """Replay a recording and take a picture of the app, RGB.

    Of an app that crashed it is what was drawn last; black, if nothing was.
    """
    replayer.surface.fill("black")
    replayer.replay(drawing)
    return screenshot(replayer.surface)


def screenshot(surface: pygame.Surface) -> Image.Image:
    """Take a picture of a window as it is now, RGB."""
    return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))
