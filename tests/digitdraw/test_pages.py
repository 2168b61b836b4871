"""Pages cover the board completely, whatever changes below them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pygame
from PIL import Image

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot


def test_no_button_shows_through_a_page(pilot: Pilot, tmp_path: Path) -> None:
    """Not even when the status line changes, for which the tools are redrawn."""
    Image.new("L", (28, 28), 255).save(tmp_path / "blank.png")
    pilot.step(pygame.event.Event(pygame.DROPFILE, file=str(tmp_path / "blank.png")))
    pilot.step(pygame.event.Event(pygame.DROPFILE, file=str(tmp_path / "missing.png")))
    before = pygame.surfarray.array2d(pilot.surface)
    pilot.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert np.array_equal(before, pygame.surfarray.array2d(pilot.surface))
