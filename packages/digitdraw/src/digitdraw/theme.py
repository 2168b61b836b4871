"""Colours and measures: one calm scale for everything that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Theme:
    """What things look like; text reaches a contrast of 4.5 to 1 on what it stands on (WCAG AA)."""

    background: Colour = (244, 243, 240)
    paper: Colour = (255, 255, 255)
    edge: Colour = (214, 211, 205)
    ink: Colour = (28, 32, 44)
    text: Colour = (28, 32, 44)
    quiet: Colour = (98, 100, 110)
    accent: Colour = (20, 92, 158)
    bar: Colour = (178, 186, 198)
    track: Colour = (229, 227, 222)
    button: Colour = (255, 255, 255)
    button_pressed: Colour = (221, 230, 240)
    warning: Colour = (158, 58, 22)


LIGHT = Theme()
