"""The panel: its thumbnail and its bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pygame

from digitdraw.ui.layout import arrange
from digitdraw.ui.theme import LIGHT

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot


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
