"""The colours of the light and the dark theme."""

from __future__ import annotations

from dataclasses import dataclass

from digitdraw.ink.paint import Colour
from digitdraw.storage.settings import THEME_NAMES


@dataclass(frozen=True)
class Theme:
    """The colours of everything in the window.

    Text has a contrast of at least 4.5 to 1 to its background (WCAG AA), except for `disabled`, the
    labels of buttons that would do nothing.
    """

    background: Colour = (244, 243, 240)
    paper: Colour = (255, 255, 255)
    edge: Colour = (214, 211, 205)
    ink: Colour = (28, 32, 44)
    text: Colour = (28, 32, 44)
    muted: Colour = (98, 100, 110)
    disabled: Colour = (176, 176, 178)
    accent: Colour = (20, 92, 158)
    bar: Colour = (178, 186, 198)
    track: Colour = (229, 227, 222)
    button: Colour = (255, 255, 255)
    button_pressed: Colour = (221, 230, 240)
    warning: Colour = (158, 58, 22)


LIGHT = Theme()

DARK = Theme(
    background=(24, 26, 31),
    paper=(34, 37, 44),
    edge=(64, 68, 78),
    ink=(238, 238, 234),
    text=(238, 238, 234),
    muted=(160, 165, 176),
    disabled=(96, 100, 110),
    accent=(104, 172, 240),
    bar=(92, 100, 116),
    track=(46, 50, 58),
    button=(42, 45, 53),
    button_pressed=(58, 76, 100),
    warning=(244, 148, 106),
)

THEMES = dict(zip(THEME_NAMES, (LIGHT, DARK), strict=True))
"""The themes by name."""
