"""The panel describes the digit that the mouse points at, or the one that was drawn last."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pygame

from digitdraw.model.reader import Reader
from digitdraw.ui.layout import arrange
from digitdraw.ui.panel import percent
from digitdraw.ui.theme import LIGHT
from digitnet import Drawing, Prediction, Recognizer

if TYPE_CHECKING:
    from tests.digitdraw.conftest import XY, NewPilot, Pilot


def in_digit(pilot: Pilot, index: int) -> XY:
    """Return the centre of a digit that was read."""
    assert pilot.app.prediction is not None
    left, top, width, height = pilot.app.prediction.digits[index].box
    return left + width / 2, top + height / 2


def test_pointing_at_a_digit_shows_its_bars(pilot: Pilot) -> None:
    """Its 28x28 and its box too; away from all digits, the one drawn last is shown again."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    layout = arrange(*pilot.surface.get_size())
    newest = pilot.pixels()
    pilot.hover(in_digit(pilot, 0))
    assert pilot.app.prediction is not None
    seen = pygame.surfarray.array3d(pilot.surface.subsurface(layout.thumbnail))
    step = layout.thumbnail.width // 28
    grey = seen[step // 2 :: step, step // 2 :: step].mean(axis=-1).T
    image = pilot.app.prediction.digits[0].image.astype(float)
    assert np.corrcoef(255 - grey[1:-1, 1:-1].ravel(), image[1:-1, 1:-1].ravel())[0, 1] > 0.99
    for label, row in enumerate(layout.bars):
        shares = {percent(float(d.probabilities[label])) for d in pilot.app.prediction.digits}
        assert len(shares) == 2 or label not in (7, 4)
        is_other = (pilot.pixels() != newest)[row.left : row.right, row.top : row.bottom].any()
        assert is_other == (len(shares) == 2)
    pilot.hover((5, 500))
    assert (pilot.pixels() == newest).all()


def test_the_box_of_the_digit_shown_is_bold(pilot: Pilot) -> None:
    """Its lines are twice as thick."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    assert pilot.app.prediction is not None
    for index, other in ((0, 1), (1, 0)):
        pilot.hover(in_digit(pilot, index))
        frames = []
        for digit in (index, other):
            _, top, _, height = pilot.app.prediction.digits[digit].box
            x = in_digit(pilot, digit)[0]
            column = pilot.pixels()[
                round(x) + pilot.app.board_area.left,
                pilot.app.board_area.top + round(top) - 40 : pilot.app.board_area.top + round(top),
            ]
            frames.append(int((column == LIGHT.accent).all(axis=-1).sum()))
            assert height
        assert frames == [2, 1]


class Joining(Reader):
    """Reads only the first stroke if the pen is thick."""

    def read(self, source: Drawing | Path) -> Prediction | None:
        """Read what is left of the drawing."""
        if isinstance(source, Drawing) and (source.pen or 0) > 0.1:
            source = replace(source, strokes=source.strokes[:1])
        return super().read(source)


def test_pointing_at_a_digit_that_is_gone_is_forgotten(
    new_pilot: NewPilot, recognizer: Recognizer
) -> None:
    """With another pen, two digits may become one, while the mouse rests on the second."""
    pilot = new_pilot(Joining(recognizer))
    pilot.draw(*pilot.SEVENTY_FOUR)
    pilot.hover(in_digit(pilot, 1))
    for _ in range(12):
        pilot.key(pygame.K_RIGHTBRACKET)
    assert pilot.text == "7"
    pilot.key(pygame.K_3)
    assert pilot.app.truth == "3"
