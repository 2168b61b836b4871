"""A pilot that times its frames."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pygame

from digitbench.replay.pilot import Pilot
from digitdraw.storage.settings import Settings
from digitnet import Recognizer

_WINDOW = (1280, 800)


class TimedPilot(Pilot):
    """Uses an app with live reading, in a window of 1280x800.

    Args:
        recognizer: the recognizer of the app.
        save_dir: where the app saves.
        options: further options of `Pilot`.

    Attributes:
        frames: the duration of each frame, in milliseconds.
    """

    def __init__(self, recognizer: Recognizer, save_dir: Path, **options: Any) -> None:
        self.frames: list[float] = []
        settings = Settings(live=True)
        super().__init__(
            recognizer, save_dir=save_dir, window=_WINDOW, settings=settings, **options
        )

    def step(self, *events: pygame.event.Event) -> list[pygame.Rect]:
        """Step one frame, and note its duration."""
        began = time.perf_counter()
        changed = super().step(*events)
        self.frames.append((time.perf_counter() - began) * 1000)
        return changed
