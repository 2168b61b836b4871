"""Pictures of the app's window."""

from __future__ import annotations

import pygame
from PIL import Image


def screenshot(surface: pygame.Surface) -> Image.Image:
    """Return a picture of a window as it is now, RGB."""
    return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))
