"""Lines of text are rendered once and cached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame
import pytest

from digitdraw.ink.paint import Colour
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import LIGHT

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot


def test_a_line_that_is_written_often_is_rendered_once(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many others are written in between."""
    rendered: list[str] = []
    draw = Writer._draw

    def note_and_draw(writer: Writer, text: str, size: int, colour: Colour) -> pygame.Surface:
        rendered.append(text)
        return draw(writer, text, size, colour)

    monkeypatch.setattr(Writer, "_draw", note_and_draw)
    writer, area = Writer(), pygame.Rect(0, 0, 200, 40)
    for number in range(1200):
        for text in ("always", str(number % 600)):
            writer.write(pilot.surface, text, area, 20, LIGHT.text)
    assert rendered.count("always") == 1
    assert rendered.count("5") == 2  # dropped from the cache in between
