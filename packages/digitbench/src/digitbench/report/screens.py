"""What the app shows, as a picture."""

from __future__ import annotations

import pygame
from PIL import Image

from digitbench.replay.replayer import Frame, Replayer
from digitdraw.app import App
from digitnet import Drawing


def photograph(replayer: Replayer, drawing: Drawing, at: int | None = None) -> Image.Image:
    """Replay a recording and take a picture of the app, RGB.

    Of an app that crashed it is what was drawn last; black, if nothing was.

    Args:
        replayer: replays it.
        drawing: the recording.
        at: the time of the picture, in milliseconds; None for the end.
    """
    pictures: list[Image.Image] = []

    def watch(_: App, frame: Frame) -> None:
        if frame.at == at and frame.steps:
            pictures.append(screenshot(replayer.surface))

    replayer.surface.fill("black")
    replayer.replay(drawing, watch)
    return pictures[-1] if pictures else screenshot(replayer.surface)


def screenshot(surface: pygame.Surface) -> Image.Image:
    """Take a picture of a window as it is now, RGB."""
    return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))
