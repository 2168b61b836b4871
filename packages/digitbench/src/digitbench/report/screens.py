"""What the app showed at the end of a recording."""

from __future__ import annotations

import pygame
from PIL import Image

from digitbench.replay import Replayer
from digitnet import Drawing


def photograph(replayer: Replayer, drawing: Drawing) -> Image.Image:
    """Replay a recording and take a picture of the app, RGB.

    Of an app that crashed it is what was drawn last; black, if nothing was.
    """
    surface = replayer.surface
    surface.fill("black")
    replayer.replay(drawing)
    return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))
