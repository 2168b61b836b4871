"""Pictures of the app's window."""

from __future__ import annotations

import pygame
from PIL import Image

from digitbench.replay.playback import Frame
from digitbench.replay.replayer import Replayer
from digitdraw.app import App
from digitnet import Drawing


def photograph(replayer: Replayer, drawing: Drawing, at: int | None = None) -> Image.Image:
    """Replay a recording and return a picture of the app, RGB.

    If the app crashes, the picture shows what it drew last, and is black if it drew nothing.

    Args:
        replayer: replays the recording.
        drawing: the recording.
        at: the time of the picture in milliseconds; None for the end.
    """
    pictures: list[Image.Image] = []

    def take_picture(_: App, frame: Frame) -> None:
        if frame.at == at and frame.steps:
            pictures.append(screenshot(replayer.surface))

    replayer.surface.fill("black")
    replayer.replay(drawing, take_picture)
    return pictures[-1] if pictures else screenshot(replayer.surface)


def screenshot(surface: pygame.Surface) -> Image.Image:
    """Return a picture of a window as it is now, RGB."""
    return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))
