"""The panel: which digit it describes, its thumbnail and its bars."""

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
        percentages = {percent(float(d.probabilities[label])) for d in pilot.app.prediction.digits}
        assert len(percentages) == 2 or label not in (7, 4)
        is_other = (pilot.pixels() != newest)[row.left : row.right, row.top : row.bottom].any()
        assert is_other == (len(percentages) == 2)
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
        """Read the drawing, shortened if its pen is thick."""
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


def test_the_thumbnail_is_what_the_network_saw(pilot: Pilot) -> None:
    """Each of the 28x28 pixels is a square of its shade; on a blank board, of paper."""
    for path in ([], pilot.SEVEN):
        if path:
            pilot.draw(path)
        image = pilot.app.prediction.digits[0].image if pilot.app.prediction else np.zeros((28, 28))
        area = arrange(*pilot.surface.get_size()).thumbnail
        middles = np.arange(28) * area.width // 28 + area.width // 56
        shown = pygame.surfarray.array3d(pilot.surface.subsurface(area))[np.ix_(middles, middles)]
        share = image.T[..., None] / 255
        expected = np.array(LIGHT.paper) * (1 - share) + np.array(LIGHT.ink) * share
        assert np.abs(shown - expected).max() <= 1


def test_the_bar_of_the_answer_is_the_longest(pilot: Pilot) -> None:
    """The length of each bar is the probability of its digit."""
    pilot.draw(pilot.SEVEN)
    rows = [
        pygame.surfarray.array3d(pilot.surface.subsurface(row))[:, row.height // 2]
        for row in arrange(*pilot.surface.get_size()).bars
    ]
    lengths = [int((row == LIGHT.accent).all(axis=-1).sum()) for row in rows]
    assert lengths[7] > 0.5 * lengths[7] > max(lengths[:7] + lengths[8:])
